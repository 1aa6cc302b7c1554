/** Ends by what a user sees, each group with what tells it from all other schedules. */
import type { Graph } from '../graph.ts'
import type { Decided } from '../inquiry.ts'
import { outcomesOf } from '../summarise.ts'
import type { Verdict } from '../view.ts'
import { alike, lookOf } from './alike.ts'
import { verdictBits } from './net.ts'
import { share } from './share.ts'
import type { OutcomeGroup, RaceWindow } from './view.ts'
import type { Words } from './words.ts'

/** `windowOf`: what tells the ends that are marked from the others; `alone`: they are all that violate. */
export function groupsOf(
  graph: Graph,
  { outcomes, schedules }: Verdict,
  words: Words,
  windowOf: (end: Uint8Array, alone: boolean) => RaceWindow | 'unasked' | null,
): OutcomeGroup[] {
  const sum = (of: readonly Verdict['outcomes'][number][]): bigint | null =>
    of.reduce<bigint | null>((all, one) => (all === null || one.schedules === null ? null : all + BigInt(one.schedules)), 0n)
  const sorted = [...alike(outcomes)].sort(([, a], [, b]) => {
    const wrong = Number((b[0]?.violates.length ?? 0) > 0) - Number((a[0]?.violates.length ?? 0) > 0)
    const [x, y] = [sum(a) ?? 0n, sum(b) ?? 0n]
    return wrong !== 0 ? wrong : x === y ? 0 : x < y ? 1 : -1
  })
  const wrong = sorted.filter(([, [first]]) => first && first.violates.length > 0)
  const keys = wrong.length > 1 ? keysOf(graph) : []
  return sorted.flatMap(([key, group]): OutcomeGroup[] => {
    const [first] = group
    if (!first) return []
    const { violates, watched: _watched, schedules: _, sample, ...outcome } = first
    const part = sum(group)
    const end = (): Uint8Array => Uint8Array.from(keys, (one) => (one === null ? 0 : one === key ? 2 : 1))
    const window = violates.length === 0 ? null : windowOf(wrong.length > 1 ? end() : new Uint8Array(), wrong.length === 1)
    return [
      {
        says: words.outcome(outcome),
        outcome,
        violates,
        share: part === null || schedules === null ? null : share(part, BigInt(schedules)),
        rounded: part === null || schedules === null ? 'infinitely many schedules' : words.rounded(part, BigInt(schedules)),
        outcomes: group.length,
        sample,
        window: window === 'unasked' ? null : window,
        ...(window === 'unasked' ? { unasked: true } : {}),
      },
    ]
  })
}

/** The same where not all was counted: which ends there are, and nothing of how often; wrong ones first. */
export function uncounted(outcomes: Decided['outcomes'], words: Words): Omit<OutcomeGroup, 'window'>[] {
  const groups = [...alike(outcomes).values()].flatMap(([first, ...others]) => {
    if (!first) return []
    const { violates, sample, ...outcome } = first
    return [{ says: words.outcome(outcome), outcome, violates, share: null, rounded: 'not counted', outcomes: 1 + others.length, sample }]
  })
  const isRight = ({ violates }: { readonly violates: readonly string[] }): number => Number(violates.length === 0)
  return groups.sort((a, b) => isRight(a) - isRight(b))
}

/** By node: the group of what ends there; null where nothing does. */
function keysOf(graph: Graph): (string | null)[] {
  const { machine } = graph
  const bits = verdictBits(graph)
  const stuck = new Set<number>()
  for (let i = 0; i < graph.states; i++) if (graph.ends.at(i) >= 0 && !machine.isFinal(graph.state(i))) stuck.add(i)
  const outcomeOf = outcomesOf(graph, stuck)
  return Array.from({ length: graph.states }, (_, i) => {
    const mask = graph.ends.at(i)
    if (mask < 0) return null
    const violates = machine.oracles.flatMap(({ id }, bit) => (mask & bits & (1 << bit) ? [id] : []))
    return lookOf(violates, outcomeOf(i).outcome)
  })
}
