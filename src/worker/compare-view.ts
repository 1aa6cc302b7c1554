/** The same schedule on two kernels, in lockstep, or two schedules side by side. */
import { same } from '../base/plain.ts'
import { sideBySide, type Pair, type Row } from '../engine/aligned.ts'
import { carry } from '../engine/carry.ts'
import type { Followed } from '../engine/followed.ts'
import { Machine } from '../engine/machine.ts'
import { between, partingBetween, type Parted } from '../engine/parting.ts'
import type { World } from '../engine/procedure.ts'
import { stepsMax } from '../engine/schedule.ts'
import type { Trace } from '../engine/trace.ts'
import { originalOf, run, type Staged } from '../scenarios/run.ts'
import type { CompareView, RunChoice } from './protocol.ts'
import { traceView } from './trace-view.ts'

/** The two runs beside what is shown of them. */
interface Comparison {
  readonly view: CompareView
  readonly traces: readonly [Trace, Trace]
}

export const compareView = (left: Staged, leftChoice: RunChoice, right: Staged, rightChoice: RunChoice): CompareView =>
  compareRuns(left, leftChoice, right, rightChoice).view

/**
 * Both runs go on to their ends. A named schedule is followed by both as it was written down; of choices the left run is
 * the original.
 */
export function compareRuns(left: Staged, leftChoice: RunChoice, right: Staged, rightChoice: RunChoice): Comparison {
  const { mine, other, parted, pairs } = same(leftChoice.schedule, rightChoice.schedule)
    ? twoKernels(originalFor(left, leftChoice), left, right)
    : twoLines(toEnd(left, leftChoice), toEnd(right, rightChoice))
  const met = meeting(parted, mine, other)
  const rows = sideBySide(mine.length, other.length, met ? [...pairs.filter((pair) => !crosses(pair, met)), met] : pairs)
  const view: CompareView = {
    // Against each other is what is asked here; how each follows the documented run is said beside its own page.
    left: traceView(
      left,
      leftChoice,
      mine,
      parted && { n: parted.of, task: parted.task, says: parted.instead ?? over, instead: parted.says ?? over },
    ),
    right: traceView(
      right,
      rightChoice,
      other,
      parted && { n: parted.n, task: parted.task, says: parted.says ?? over, instead: parted.instead ?? over },
    ),
    rows,
    twins: pairs.map(({ left: l, right: r }) => ({ left: l, right: r })),
    diverged: parted && placed(parted, rows),
  }
  return { view, traces: [mine, other] }
}

const over = 'the run is over'

/** Two runs, which steps are the same in both, and where they part. */
interface Compared {
  readonly mine: Trace
  readonly other: Trace
  readonly parted: Between | null
  readonly pairs: readonly Pair[]
}

/** `of` counts in the left run, `n` in the right one; null is a run that is over. */
type Between = Pick<Parted, 'n' | 'of' | 'task' | 'instead'> & { readonly says: string | null }

function twoKernels(original: Trace, left: Staged, right: Staged): Compared {
  const mine = carry(original, new Machine(left.system), true)
  const other = carry(original, new Machine(right.system), true)
  const twins = between(mine, other).own.flatMap((l, r): Row[] => (l === null || r === 0 ? [] : [{ left: l, right: r }]))
  const pairs = twins.map((row): Pair => ({ ...row, weight: onTime(mine, row.left) && onTime(other, row.right) ? 2 * stepsMax : 1 }))
  return { mine: mine.trace, other: other.trace, parted: partingBetween(mine, other), pairs }
}

/** Was the step taken in its place? One that had to wait comes later, and gives way to those that did not. */
function onTime({ own, after }: Followed<World>, step: number): boolean {
  const n = own[step] ?? null
  return n !== null && n > 0 && step > (after[n - 1] ?? 0) && step <= (after[n] ?? 0)
}

/** Two schedules: in lockstep for as long as they take the same steps. */
function twoLines(mine: Trace, other: Trace): Compared {
  const length = Math.max(mine.length, other.length)
  const at = Array.from({ length }, (_, i) => i).find((i) => !sameStep(mine.infos[i], other.infos[i]))
  const free = new Map<string, number[]>()
  other.infos.forEach((info, i) => free.set(nameOf(info), [...(free.get(nameOf(info)) ?? []), i + 1]))
  const pairs = mine.infos.flatMap((info, i): Pair[] => {
    const right = free.get(nameOf(info))?.shift()
    return right === undefined ? [] : [{ left: i + 1, right, weight: 1 }]
  })
  if (at === undefined) return { mine, other, parted: null, pairs }
  const [here, there] = [mine.infos[at], other.infos[at]]
  const says = (info: Info | undefined): string | null => (info ? `${info.task} in ${info.procedure}(): ${info.says}` : null)
  const parted = { n: at + 1, of: at + 1, task: there?.task ?? here?.task ?? '', says: says(there), instead: says(here) }
  return { mine, other, parted, pairs }
}

function toEnd(staged: Staged, { schedule }: Pick<RunChoice, 'schedule'>): Trace {
  const { trace } = run(staged, schedule)
  trace.finish()
  return trace
}

type Info = Trace['infos'][number]
const nameOf = ({ task, procedure, label }: Info): string => `${task} ${procedure}.${label}`
const sameStep = (a: Info | undefined, b: Info | undefined): boolean =>
  a !== undefined && b !== undefined && nameOf(a) === nameOf(b) && a.says === b.says

function originalFor(left: Staged, { schedule }: RunChoice): Trace {
  if ('named' in schedule) return originalOf(left.scenario, schedule.named)
  return toEnd(left, { schedule })
}

/** Where they part both steps stand in one row, so that the difference is seen; null where one side waits or is over. */
function meeting(parted: Between | null, mine: Trace, other: Trace): Pair | null {
  if (parted === null) return null
  const [here, there] = [mine.infos[parted.of - 1], other.infos[parted.n - 1]]
  const takes = (info: Info | undefined, says: string | null): boolean =>
    info !== undefined && says === `${info.task} in ${info.procedure}(): ${info.says}`
  return takes(here, parted.instead) && takes(there, parted.says) ? { left: parted.of, right: parted.n, weight: 1e9 } : null
}

/** Cannot stand in one row beside the other pair. */
const crosses = (a: Row, b: Row): boolean => (a.left - b.left) * (a.right - b.right) <= 0

/** The first row that shows the difference: the last one in which both are still the same comes before it. */
function placed({ n, of, says, instead }: Between, rows: CompareView['rows']): CompareView['diverged'] {
  const met = rows.findIndex((row, i) => row.left === of && row.right === n && moves(rows, i, 'left') && moves(rows, i, 'right'))
  const row = met >= 0 ? met : rows.findIndex((one) => one.left >= of || one.right >= n)
  return { row: row < 0 ? rows.length - 1 : row, left: of, right: n, here: instead, there: says }
}

const moves = (rows: readonly Row[], i: number, side: 'left' | 'right'): boolean => rows[i]?.[side] !== rows[i - 1]?.[side]
