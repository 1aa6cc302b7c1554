/** The same schedule on two kernels, in lockstep. */
import { carry, type Carried } from '../engine/carry.ts'
import { Machine } from '../engine/machine.ts'
import type { World } from '../engine/procedure.ts'
import type { StepView } from '../engine/view.ts'
import { run, type Staged } from '../scenarios/run.ts'
import type { CompareView, RunChoice } from './protocol.ts'
import { traceView } from './trace-view.ts'

/** Both runs go on to their ends; the right one follows the left one's labels. */
export function compareView(left: Staged, leftChoice: RunChoice, right: Staged, rightChoice: RunChoice): CompareView {
  const { trace, diverged } = run(left, leftChoice.schedule)
  trace.finish()
  const carried = carry(trace, new Machine(right.system), true)
  const view = { left: traceView(left, leftChoice, trace, diverged), right: traceView(right, rightChoice, carried.trace, carried.diverged) }
  const rows = carried.after.map((at, i) => ({ left: i, right: at }))
  for (let at = (rows.at(-1)?.right ?? 0) + 1; at <= carried.trace.length; at++) rows.push({ left: trace.length, right: at })
  return { ...view, rows, diverged: firstDifference(view.left.steps, view.right.steps, carried) }
}

const name = (step: StepView): string => `${step.task}'s ${step.procedure}.${step.label}`

/** The first row in which the right kernel does not take just the step that the left one takes. */
function firstDifference(
  left: readonly StepView[],
  right: readonly StepView[],
  { after, diverged }: Carried<World>,
): CompareView['diverged'] {
  for (const [i, step] of left.entries()) {
    const own = right.slice(after[i] ?? 0, after[i + 1] ?? 0)
    if (own.length === 1 && own[0]?.task === step.task && own[0].label === step.label && own[0].procedure === step.procedure) continue
    if (diverged && diverged.n === i + 1)
      return { row: i + 1, says: `step ${i + 1}: ${diverged.says.replace(/^diverged at step \d+: /, '')}` }
    const extra = own.find((candidate) => candidate.label !== step.label)
    if (extra) return { row: i + 1, says: `step ${i + 1}: only the right kernel has ${name(extra)}` }
    return { row: i + 1, says: `step ${i + 1}: only the left kernel has ${name(step)}` }
  }
  return null
}
