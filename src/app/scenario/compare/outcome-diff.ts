/** What differs between two outcomes: only that is marked. */
import type { Outcome } from '../../../engine/view.ts'
import { outcomeRows } from './outcome-rows.ts'

export interface Part {
  readonly text: string
  /** The other side has no such part in this place. */
  readonly differs: boolean
}

export interface DiffRow {
  readonly name: string
  readonly left: readonly Part[]
  readonly right: readonly Part[]
  readonly differs: boolean
}

/** Row by row what a user sees at the end of two runs. Rows that neither has are left out. */
export function outcomeDiff(left: Outcome, right: Outcome): readonly DiffRow[] {
  const theirs = new Map(outcomeRows(right))
  return outcomeRows(left).flatMap(([name, parts]): DiffRow[] => {
    const other = theirs.get(name) ?? null
    if (parts === null && other === null) return []
    const [mine, ours] = [parts ?? ['none'], other ?? ['none']]
    const common = longestCommon(mine, ours)
    const [l, r] = [marked(mine, common), marked(ours, common)]
    return [{ name, left: l, right: r, differs: [...l, ...r].some(({ differs }) => differs) }]
  })
}

/** The parts, those that are not in the common sequence marked. */
function marked(parts: readonly string[], common: readonly string[]): Part[] {
  let at = 0
  return parts.map((text) => {
    const shared = common[at] === text
    if (shared) at++
    return { text, differs: !shared }
  })
}

/** The longest sequence that both have in their order. */
function longestCommon(a: readonly string[], b: readonly string[]): readonly string[] {
  let below: string[][] = b.map(() => [])
  below.push([])
  for (const one of [...a].reverse()) {
    const row: string[][] = [...below.map((): string[] => []), []].slice(0, b.length + 1)
    for (let k = b.length - 1; k >= 0; k--) {
      const [down, right] = [below[k] ?? [], row[k + 1] ?? []]
      row[k] = one === b[k] ? [one, ...(below[k + 1] ?? [])] : down.length >= right.length ? down : right
    }
    below = row
  }
  return below[0] ?? []
}
