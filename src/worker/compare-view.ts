/** The same schedule on two kernels, in lockstep, or two schedules side by side. */
import { same } from '../base/plain.ts'
import { carry, type Carried } from '../engine/carry.ts'
import { Machine } from '../engine/machine.ts'
import { partingBetween, type Parted } from '../engine/parting.ts'
import type { World } from '../engine/procedure.ts'
import type { Trace } from '../engine/trace.ts'
import type { Diverged } from '../engine/view.ts'
import { originalOf, run, type Staged } from '../scenarios/run.ts'
import type { CompareView, RunChoice } from './protocol.ts'
import { traceView } from './trace-view.ts'

/** The two runs beside what is shown of them. */
interface Compared {
  readonly view: CompareView
  readonly traces: readonly [Trace, Trace]
}

export const compareView = (left: Staged, leftChoice: RunChoice, right: Staged, rightChoice: RunChoice): CompareView =>
  compareRuns(left, leftChoice, right, rightChoice).view

/**
 * Both runs go on to their ends. A named schedule is followed by both as it was written down; of choices the left run is
 * the original.
 */
export function compareRuns(left: Staged, leftChoice: RunChoice, right: Staged, rightChoice: RunChoice): Compared {
  if (!same(leftChoice.schedule, rightChoice.schedule)) return twoLines(left, leftChoice, right, rightChoice)
  const original = originalFor(left, leftChoice)
  const mine = carry(original, new Machine(left.system), true)
  const other = carry(original, new Machine(right.system), true)
  const rows = rowsOf(original.length, mine, other)
  const parted = partingBetween(mine, other)
  const view: CompareView = {
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
  return { view, traces: [mine.trace, other.trace] }
}

/** Two lines of one kernel: in lockstep for as long as they take the same steps, then side by side to their ends. */
function twoLines(left: Staged, leftChoice: RunChoice, right: Staged, rightChoice: RunChoice): Compared {
  const [mine, other] = [toEnd(left, leftChoice), toEnd(right, rightChoice)]
  const length = Math.max(mine.length, other.length)
  const at = Array.from({ length }, (_, i) => i).find((i) => !sameStep(mine.infos[i], other.infos[i]))
  const rows = Array.from({ length: length + 1 }, (_, i) => ({ left: Math.min(i, mine.length), right: Math.min(i, other.length) }))
  const [here, there] = at === undefined ? [null, null] : [sentenceAt(mine, at), sentenceAt(other, at)]
  const parted = (trace: Trace, says: string | null, instead: string | null): Diverged | null =>
    at === undefined ? null : { n: at + 1, task: trace.infos[at]?.task ?? '', says: says ?? 'the run is over', instead }
  const view: CompareView = {
    left: traceView(left, leftChoice, mine, parted(mine, here, there)),
    right: traceView(right, rightChoice, other, parted(other, there, here)),
    rows,
    diverged: at === undefined ? null : { row: at + 1, left: at + 1, right: at + 1, here, there },
  }
  return { view, traces: [mine, other] }
}

function toEnd(staged: Staged, { schedule }: RunChoice): Trace {
  const { trace } = run(staged, schedule)
  trace.finish()
  return trace
}

type Info = Trace['infos'][number]
const sameStep = (a: Info | undefined, b: Info | undefined): boolean =>
  a !== undefined && b !== undefined && a.task === b.task && a.procedure === b.procedure && a.label === b.label && a.says === b.says

const sentenceAt = ({ infos }: Trace, i: number): string | null => {
  const info = infos[i]
  return info ? `${info.task}: ${info.says}` : null
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
