/** What a user would notice of an outcome, in sentences. Computed from the outcome alone. */
import { range, size } from '../../base/range.ts'
import type { Outcome } from '../../engine/view.ts'
import { errnoName } from '../lib/errno.ts'

export function describe(outcome: Outcome): string[] {
  const returned = Object.entries(outcome.returns).map(([task, value]) =>
    value < 0 ? `${task} got -1 ${errnoName(value)}` : `${task} got ${value}`,
  )
  const holes = (outcome.layout ?? []).filter((extent) => extent.kind === 'hole')
  const data = (outcome.layout ?? []).filter((extent) => extent.kind === 'data')
  const out = [`${returned.join(', ')}.`]
  if (outcome.size === 0) out.push('The file is empty.')
  else if (outcome.size !== null)
    out.push(
      `The file is ${size(outcome.size)} long: ${[
        ...holes.map((hole) => ({ ...hole, word: 'hole' })),
        ...data.map((extent) => ({ ...extent, word: `data ${extent.source}` })),
      ]
        .sort((a, b) => a.from - b.from)
        .map((part) => `${part.word} ${range(part.from, part.to)}`)
        .join(', ')}.`,
    )
  const bad = outcome.console.filter((line) => /critical|error|csum failed|BUG|WARNING/.test(line))
  if (bad.length > 0)
    out.push(
      `dmesg: ${bad.length === 1 ? '' : `${bad.length} lines, the first: `}${(bad[0] ?? '').length > 90 ? `${bad[0]?.slice(0, 90)}...` : bad[0]}`,
    )
  return out
}
