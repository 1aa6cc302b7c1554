/** Why a side of a comparison does not move at a row. */
import { rowOf } from '../../../store/place/moves.ts'
import { waitInWords } from '../../../lenses/timeline.ts'
import type { CompareView } from '../../../worker/protocol.ts'
import { blockedAt } from '../run.ts'
import type { Side } from '../moment.ts'

export interface Still {
  /** Why it does not move. */
  readonly says: string
  /** When it does again. */
  readonly until: string
}

/** Null if it moves as well. */
export function stillAt(compare: CompareView, side: Side, row: number): Still | null {
  const { rows, twins, [side]: trace } = compare
  const at = rows[row]?.[side] ?? 0
  if (row === 0 || rows[row - 1]?.[side] !== at) return null
  const other = side === 'left' ? 'right' : 'left'
  const step = rows[row]?.[other] ?? 0
  const twin = twins.find((pair) => pair[other] === step)?.[side]
  const until = at === trace.steps.length ? 'It has come to its end.' : `It goes on at row ${rowOf(compare, side, at + 1)}.`
  if (twin === undefined) return { says: 'This side has no such step.', until }
  if (twin <= at) return { says: `This side took that step before, at row ${rowOf(compare, side, twin)}.`, until }
  const task = compare[other].steps[step - 1]?.task
  const wait = blockedAt(trace, at).find((one) => one.task === task)
  const turn = `takes that step at row ${rowOf(compare, side, twin)}`
  if (!wait) return { says: `This side ${turn}.`, until }
  return { says: `${wait.task} ${waitInWords(wait)}: ${turn}.`, until }
}
