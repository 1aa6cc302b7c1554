/** Keeping one's place: the step of another kernel that corresponds to a step of this one, and what a branch does. */
import { carry } from '../engine/carry.ts'
import { Machine } from '../engine/machine.ts'
import type { Trace } from '../engine/trace.ts'
import { carried, run, type Staged } from '../scenarios/run.ts'
import type { RunChoice } from './protocol.ts'

export interface Place {
  readonly schedule: RunChoice['schedule']
  readonly step: number
  /** Null when the same labelled step was found; otherwise what is shown instead, and why. */
  readonly says: string | null
}

/** Where the reader stands after switching from one kernel or setting to another. */
export function placeOn(from: Staged, choice: RunChoice, step: number, to: Staged): Place {
  const { schedule } = choice
  if ('named' in schedule) {
    const here = carried(from, schedule.named)
    const there = carried(to, schedule.named)
    const moment = here.after.findIndex((at) => at >= step)
    // Past the last step of the original both runs only go on in task order; their ends correspond.
    const at = moment >= 0 ? (there.after[moment] ?? 0) : step >= here.trace.length ? there.trace.length : (there.after.at(-1) ?? 0)
    return { schedule, step: at, says: difference(here.trace, step, there.trace, at) }
  }
  const { trace } = run(from, schedule)
  const there = carry(trace, new Machine(to.system), trace.end === 'final')
  const at = step >= trace.length ? there.trace.length : (there.after[step] ?? 0)
  return { schedule: { choices: there.trace.choices }, step: at, says: difference(trace, step, there.trace, at) }
}

function difference(here: Trace, step: number, there: Trace, at: number): string | null {
  const [old, now] = [here.infos[step - 1], there.infos[at - 1]]
  if (!old || (now && old.task === now.task && old.procedure === now.procedure && old.label === now.label)) return null
  const waiting = there.views()[at - 1]?.blocked.find((entry) => entry.task === old.task)
  const where = now ? `shown is the same moment, after ${now.task}'s ${now.label}` : 'shown is the beginning'
  if (waiting)
    return `${old.task} cannot take ${old.label} here: it waits for ${waiting.on}${waiting.heldBy.length > 0 ? `, held by ${waiting.heldBy.join(' and ')}` : ''}; ${where}`
  return `${old.task}'s ${old.label} does not happen here; ${where}`
}

/** The schedule in which `task` takes the next step at `step`; the rest follows as far as it can, then in task order. */
export function branch(
  staged: Staged,
  choice: RunChoice,
  step: number,
  task: string,
): { readonly choices: string; readonly step: number } | null {
  const { trace } = run(staged, choice.schedule)
  const prefix = trace.infos.slice(0, step).map((info) => info.task)
  const { trace: fresh } = run(staged, { choices: '' })
  for (const letter of prefix) fresh.take(letter)
  if (fresh.take(task) !== null) return null
  let spent = false
  for (const info of trace.infos.slice(step)) {
    if (info.task === task && !spent) spent = true
    else fresh.take(info.task)
  }
  if (trace.end === 'final') fresh.finish()
  return { choices: fresh.choices, step: step + 1 }
}
