/** The same schedule on two kernels, in lockstep. */
import { carry, type Carried } from '../engine/carry.ts'
import { Machine } from '../engine/machine.ts'
import { partingBetween, type Parted } from '../engine/parting.ts'
import type { World } from '../engine/procedure.ts'
import type { Trace } from '../engine/trace.ts'
import { originalOf, run, type Staged } from '../scenarios/run.ts'
import type { CompareView, RunChoice } from './protocol.ts'
import { traceView } from './trace-view.ts'

/**
 * Both runs go on to their ends. A named schedule is followed by both as it was written down; of choices the left run is
 * the original.
 */
export function compareView(left: Staged, leftChoice: RunChoice, right: Staged, rightChoice: RunChoice): CompareView {
  const original = originalFor(left, leftChoice)
  const mine = carry(original, new Machine(left.system), true)
  const other = carry(original, new Machine(right.system), true)
  const rows = rowsOf(original.length, mine, other)
  const parted = partingBetween(mine, other)
  return {
    // Against each other is what is asked here; how each follows the documented run is said beside its own page.
    left: traceView(
      left,
      leftChoice,
      mine.trace,
      parted && { n: parted.of, task: parted.task, says: parted.instead ?? '', instead: parted.says },
    ),
    right: traceView(right, rightChoice, other.trace, parted),
    rows,
    diverged: parted && placed(parted, rows),
  }
}

function originalFor(left: Staged, { schedule }: RunChoice): Trace {
  if ('named' in schedule) return originalOf(left.scenario, schedule.named)
  const { trace } = run(left, schedule)
  trace.finish()
  return trace
}

/**
 * A row for every step of the left run, and where it stands still one for every step of the right. Steps of the right run
 * alone come with the step of the left before them.
 */
function rowsOf(steps: number, left: Carried<World>, right: Carried<World>): CompareView['rows'] {
  const rows = [{ left: 0, right: 0 }]
  const add = (toLeft: number, toRight: number): void => {
    const from = rows.at(-1) ?? { left: 0, right: 0 }
    const moves = toLeft - from.left
    if (moves === 0) for (let at = from.right + 1; at <= toRight; at++) rows.push({ left: toLeft, right: at })
    for (let i = 1; i <= moves; i++) rows.push({ left: from.left + i, right: i === moves ? toRight : Math.min(from.right + i, toRight) })
  }
  for (let n = 0; n <= steps; n++) add(left.after[n] ?? 0, right.after[n] ?? 0)
  // What is left runs side by side to the ends.
  for (let at = rows.at(-1); at && (at.left < left.trace.length || at.right < right.trace.length); at = rows.at(-1))
    rows.push({ left: Math.min(at.left + 1, left.trace.length), right: Math.min(at.right + 1, right.trace.length) })
  return rows
}

/** The first row that shows a difference: the last one in which both are still the same comes before it. */
function placed({ n, of, says, instead }: Parted, rows: CompareView['rows']): CompareView['diverged'] {
  const row = rows.findIndex((one) => one.left >= of || one.right >= n)
  return { row: row < 0 ? rows.length - 1 : row, left: of, right: n, here: instead, there: says }
}
