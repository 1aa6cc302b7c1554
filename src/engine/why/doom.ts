/** How a run loses: by state the share of its continuations that violate, counted over all schedules. */
import { reaching, waysOn, type Net } from './net.ts'
import { ratio } from './share.ts'
import type { DoomView } from './view.ts'

/** `nodes`: the states of the run in order. */
export function doom(net: Net, nodes: readonly number[]): DoomView {
  const [bad, all] = [waysOn(net, (node) => net.end[node] === 2), waysOn(net, (node) => net.end[node] !== 0)]
  const good = reaching(net, (node) => net.end[node] === 1)
  const ill = reaching(net, (node) => net.end[node] === 2)
  const shares = nodes.map((node) => {
    if (ill[node] === 0) return 0
    if (good[node] === 0) return 1
    return bad && all ? ratio(bad[node] as bigint, all[node] as bigint) : null
  })
  const lost = shares.indexOf(1)
  let jump: DoomView['jump'] = null
  for (let step = 1; step < shares.length; step++) {
    const [from, to] = [shares[step - 1] ?? null, shares[step] ?? null]
    if (from !== null && to !== null && to > from && (jump === null || to - from > jump.to - jump.from)) jump = { step, from, to }
  }
  return { shares, lost: lost < 0 ? null : lost, jump }
}
