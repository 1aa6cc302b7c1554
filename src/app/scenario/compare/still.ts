/** Why a side of a comparison does not move at a row. */
import { rowOf } from '../../../store/place/moves.ts'
import type { CompareView } from '../../../worker/protocol.ts'
import { blockedAt } from '../run.ts'
import type { Side } from '../moment.ts'

/** In words, and when the side takes the step that the other one takes here; null if it moves as well. */
export function stillAt(compare: CompareView, side: Side, row: number): string | null {
  const { rows, twins, [side]: trace } = compare
  const at = rows[row]?.[side] ?? 0
  if (row === 0 || rows[row - 1]?.[side] !== at) return null
  const other = side === 'left' ? 'right' : 'left'
  const step = rows[row]?.[other] ?? 0
  const twin = twins.find((pair) => pair[other] === step)?.[side]
  if (twin !== undefined && twin <= at) return `This side took that step before, at row ${rowOf(compare, side, twin)}.`
  if (twin !== undefined) {
    const waits = blockedAt(trace, at).some(({ task }) => task === compare[other].steps[step - 1]?.task)
    return `This side ${waits ? 'waits, and takes that step' : 'takes that step later,'} at row ${rowOf(compare, side, twin)}.`
  }
  if (at === trace.steps.length) return 'This side has ended; the other one goes on.'
  return `This side has no such step, and goes on at row ${rowOf(compare, side, at + 1)}.`
}
