/**
 * Sentences of a story that are true of the run they stand beside. A beat names the step that can be its moment and a predicate
 * over what that step did; its sentence takes its values from there. Where the predicate does not hold there is no such moment.
 */
import type { TaskValue } from '../engine/programs.ts'
import type { World } from '../engine/procedure.ts'
import type { Trace } from '../engine/trace.ts'
import type { Letter, Next, StepView } from '../engine/view.ts'

/** Local variables of a procedure's frame. */
export type Locals = Readonly<Record<string, unknown>>

/** One step of a run, with all that a sentence about it may be made of. */
export interface Moment<W extends World = World> {
  readonly step: StepView
  readonly before: W
  readonly after: W
  /** Of the procedure that took the step: after it or, where the step left the procedure, before it. */
  readonly locals: Locals
  /** The same before the step. */
  readonly was: Locals
  /** Of the nearest procedure of this name around the step, as it is after the step; null if there is none. */
  readonly within: (procedure: string) => Locals | null
  /** How often this task has taken this step so far, this time included. */
  readonly nth: number
  /** What the task does next; null if it has ended. */
  readonly next: Next | null
  /** Another task, as it is after the step. */
  readonly other: (letter: Letter) => TaskValue | null
}

/** A local that is a number; NaN, which compares with nothing, where there is none. */
export const number = (locals: Locals | null, name: string): number => (typeof locals?.[name] === 'number' ? locals[name] : NaN)

type Says<W extends World> = string | ((m: Moment<W>) => string)

/** One of the moments that tell the story, recognised in any trace. */
export interface Beat<W extends World = World> {
  readonly id: string
  /** The steps that can be this moment, as `procedure.label`; none = any. */
  readonly at: readonly string[]
  /** Whose step; absent = anybody's. */
  readonly task?: Letter
  readonly when?: (m: Moment<W>) => boolean
  /** Our sentence, true wherever `when` holds. */
  readonly says: Says<W>
  /** Steps of the report or commit message that it stands for: `1`, `2`. None for what only other runs show. */
  readonly stands: readonly string[]
  /** Another ending of the beat of this id, which comes before it in the list: whichever of them comes first is the moment. */
  readonly instead?: string
}

/** A stretch of one task during which a race is possible. */
export interface Window<W extends World = World> {
  readonly id: string
  readonly task: Letter
  /** The step that opens it, where `when` holds, and the one that closes it. */
  readonly opens: string
  readonly closes: string
  readonly when?: (m: Moment<W>) => boolean
  readonly says: string
}

type Telling<W extends World> = Omit<Partial<Beat<W>>, 'id' | 'at' | 'says'> & Pick<Beat<W>, 'says'>

export const beat = <W extends World>(id: string, at: string | readonly string[], { stands = [], ...rest }: Telling<W>): Beat<W> => ({
  id,
  at: typeof at === 'string' ? [at] : at,
  stands,
  ...rest,
})

/** Every step of a run as a moment; worlds are read when asked for. */
export function momentsOf(trace: Trace, steps: readonly StepView[] = trace.views()): Moment[] {
  const { machine, states } = trace
  const taken = new Map<string, number>()
  return steps.map((step, i): Moment => {
    const [before, after] = [states[i] ?? machine.initial, states[i + 1] ?? machine.initial]
    const count = (taken.get(keyOf(step)) ?? 0) + 1
    taken.set(keyOf(step), count)
    const [old, now] = [machine.task(before, step.task)?.frames ?? [], machine.task(after, step.task)?.frames ?? []]
    const was = old.at(-1)?.locals ?? {}
    const same = now[old.length - 1]
    const at = machine.at(after, step.task)
    return {
      step,
      get before() {
        return machine.world(before)
      },
      get after() {
        return machine.world(after)
      },
      was,
      locals: same !== undefined && same.procedure === step.procedure ? same.locals : was,
      within: (procedure) =>
        now.findLast((frame) => frame.procedure === procedure)?.locals ??
        old.findLast((frame) => frame.procedure === procedure)?.locals ??
        null,
      nth: count,
      next: at ? { task: step.task, procedure: at.procedure, label: at.label } : null,
      other: (letter) => machine.task(after, letter),
    }
  })
}

const keyOf = ({ task, procedure, label }: StepView): string => `${task} ${procedure}.${label}`

/** Is this step the beat's moment? */
export const isMoment = (beat: Beat, m: Moment): boolean =>
  (beat.at.length === 0 || beat.at.includes(`${m.step.procedure}.${m.step.label}`)) &&
  (beat.task === undefined || beat.task === m.step.task) &&
  (beat.when?.(m) ?? true)

/** The sentence of a beat at its moment. */
export const sentenceOf = ({ says }: Beat, m: Moment): string => (typeof says === 'string' ? says : says(m))

/**
 * Each beat at the first step that is its moment and no other beat's; null where there is none. Of several endings of one
 * beat only the first that happens is told.
 */
export function tell(beats: readonly Beat[], moments: readonly Moment[]): { readonly beat: Beat; readonly moment: Moment | null }[] {
  const spent = new Set<Moment>()
  const told = new Map<string, Moment>()
  const groups = new Map<string, Beat[]>()
  for (const one of beats) groups.set(one.instead ?? one.id, [...(groups.get(one.instead ?? one.id) ?? []), one])
  for (const group of groups.values()) {
    const moment = moments.find((m) => !spent.has(m) && group.some((one) => isMoment(one, m)))
    const chosen = moment && group.find((one) => isMoment(one, moment))
    if (!moment || !chosen) continue
    spent.add(moment)
    told.set(chosen.id, moment)
  }
  return beats.map((one) => ({ beat: one, moment: told.get(one.id) ?? null }))
}
