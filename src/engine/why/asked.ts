/** "Can this step come before that one?", answered by all schedules. */
import { AuthorError, InputError } from '../../base/assert.ts'
import { printSchedule } from '../schedule.ts'
import type { Clause, Step } from './clause.ts'
import { reached, shortest, type Net } from './net.ts'
import { track } from './track.ts'
import type { AskView, StepRef } from './view.ts'

/** The answer without its sentence; `bound`: what stopped the search, in words. @throws InputError for a step that it did not come by. */
export function ask(
  net: Net,
  first: StepRef,
  second: StepRef,
  bound: string | null,
): Pick<AskView, 'answer' | 'before' | 'after' | 'apart'> {
  const [x, y] = [stepOf(net, first, bound), stepOf(net, second, bound)]
  const order = (one: Step, other: Step): Clause => [{ kind: 'before', first: one, second: other }]
  const tracked = track(net, [order(x, y), order(y, x)])
  if (!tracked) throw new AuthorError('too many ways lead through these two steps to answer')
  const seen = reached(tracked)
  const sample = (is: (bits: number) => boolean): AskView['before'] => {
    const goal = (node: number): boolean => tracked.end[node] !== 0 && is(tracked.followed[node] as number)
    if (!seen.some((one, node) => one === 1 && goal(node))) return null
    const way = shortest(tracked, 0, goal) ?? []
    const at = way.length === 0 ? 0 : (tracked.to[way.at(-1) as number] as number)
    return { sample: printSchedule(way.map((e) => tracked.labels[tracked.step[e] as number]?.task ?? '')), violates: tracked.end[at] === 2 }
  }
  const before = sample((bits) => (bits & 1) !== 0)
  const after = sample((bits) => (bits & 2) !== 0)
  const apart = sample((bits) => (bits & 3) === 0)
  return { answer: before === null ? 'never' : after === null && apart === null ? 'always' : 'sometimes', before, after, apart }
}

function stepOf({ labels }: Net, { task, procedure, label, nth }: StepRef, bound: string | null): Step {
  const number = labels.findIndex((one) => one.task === task && one.procedure === procedure && one.label === label)
  if (number < 0 && bound !== null) throw new InputError(`The search did not come as far as ${task} ${procedure}.${label}: ${bound}.`)
  if (number < 0) throw new InputError(`${task} never takes the step ${procedure}.${label} here; pick a step of the timeline`)
  if (!Number.isSafeInteger(nth) || nth < 1) throw new InputError(`there is no time number ${nth} of a step; the first is 1`)
  return { label: number, nth }
}
