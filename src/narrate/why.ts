/** Why some schedules violate, in words: the same ones on the page and in the terminal. */
import { grouped, inWords } from '../base/count.ts'
import { waitsFor } from '../engine/trace.ts'
import type { Outcome } from '../engine/view.ts'
import type { Alternative, AskView, Covered, NamedStep, RaceWindow, StepRef, WhyView } from '../engine/why/view.ts'
import type { Words } from '../engine/why/words.ts'

const nth = (n: number): string => (n === 1 ? '' : ` for the ${ordinal(n)} time`)

/** A step by its name alone. */
export const stepName = ({ task, procedure, label, nth: n }: StepRef): string => `${task} ${procedure}.${label}${nth(n)}`

const joined = (parts: readonly string[]): string =>
  parts.length < 2 ? (parts[0] ?? '') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`

const is = (a: StepRef, b: StepRef): boolean => a.task === b.task && a.procedure === b.procedure && a.label === b.label && a.nth === b.nth

/** `bdv (ordered extent)` where it is named first, `bdv` from then on. */
type Names = (step: NamedStep) => string

function naming(): Names {
  const named = new Set<string>()
  return ({ task, who }) => {
    const name = shortName(who)
    if (named.has(task) || name === task) return task
    named.add(task)
    return `${task} (${name})`
  }
}

/** `pwrite(fd, buf, 4096, 0), O_DIRECT` is `pwrite`, `ordered extent [0, 4K)` an `ordered extent`: the rest is in the list of tasks. */
function shortName(who: string): string {
  const called = /(?:^|: )(\w+)\(/.exec(who)
  return called?.[1] ?? who.split(/ \[| of |, then /)[0] ?? who
}

const times = (n: number): string => (n === 1 ? '' : `${ordinal(n)} `)
const ordinal = (n: number): string =>
  `${n}${n % 10 === 1 && n !== 11 ? 'st' : n % 10 === 2 && n !== 12 ? 'nd' : n % 10 === 3 && n !== 13 ? 'rd' : 'th'}`

/** `2nd search_forward`. */
const bare = ({ label, nth: n }: NamedStep): string => `${times(n)}${label}`

/** Steps of one task: `copy_items and 2nd search_forward in copy_inode_items_to_log() of A (fsync)`; `its submit_bio` of the one that is spoken of. */
function ofTask(steps: readonly NamedStep[], names: Names, speaking: NamedStep | null, full: boolean): string {
  const procedures = [...new Set(steps.map(({ procedure }) => procedure))]
  const own = steps[0]?.task === speaking?.task
  const list = procedures.map((procedure) => {
    const there = joined(steps.flatMap((step) => (step.procedure === procedure ? [bare(step)] : [])))
    return !full || (own && procedure === speaking?.procedure) ? there : `${there} in ${procedure}()`
  })
  return own ? `its ${joined(list)}` : `${joined(list)} of ${names(steps[0] as NamedStep)}`
}

/** Steps by task, in the order in which the tasks are met. */
function ofTasks(list: readonly NamedStep[], names: Names, speaking: NamedStep | null, full = true): string {
  const tasks = [...new Set(list.map(({ task }) => task))]
  return joined(
    tasks.map((task) =>
      ofTask(
        list.filter((step) => step.task === task),
        names,
        speaking,
        full,
      ),
    ),
  )
}

type Found = Omit<Alternative, 'says' | 'fix'>

const alternative = (found: Found): string => clause(found, naming())

/** `B “writes x” between look and leave in read() of A`. */
function clause({ orders, taken, without, inside, opens, closes }: Found, names: Names): string {
  const about = (side: 'first' | 'second', both: boolean): NamedStep[] =>
    orders.flatMap((order) =>
      inside && is(order[side], inside) && order.both === both && !order.none ? [side === 'first' ? order.second : order.first] : [],
    )
  const [after, before, never] = [about('second', true), about('first', true), about('first', false)]
  // Where nothing has to come first, the step that started the other task says from when on there is a race.
  if (after.length === 0 && opens) after.push(opens)
  const parts: string[] = []
  if (inside && (after.length > 0 || closes)) {
    const [x, y] = [after[0], before[0]]
    const subject = `${names(inside)} ${inside.gist === null ? `takes ${bare(inside)} in ${inside.procedure}()` : `“${inside.gist}”`}`
    const bounds =
      after.length === 1 && before.length === 1 && x && y
        ? `between ${ofTasks([x, y], names, inside)}`
        : joined([
            ...(after.length > 0 ? [`after ${ofTasks(after, names, inside)}`] : []),
            ...(before.length > 0 ? [`before ${ofTasks(before, names, inside)}`] : []),
          ])
    const unless =
      never.length > 0 ? `${after.length + before.length > 0 ? 'and ' : ''}before any ${ofTasks(never, names, inside, false)}` : ''
    parts.push([subject, bounds, unless].filter((part) => part !== '').join(' '))
  }
  const others = orders.filter(({ first, second, none }) => none || !(inside && (is(first, inside) || is(second, inside))))
  parts.push(
    ...others.map(({ first, second, both, none }) =>
      none
        ? `${names(none)} takes no ${bare(none)} in ${none.procedure}() between ${ofTasks([first, second], names, null)}`
        : both
          ? `${ofTasks([first], names, null, false)} before ${ofTasks([second], names, null, false)}`
          : `${ofTasks([first], names, null, false)} before any ${ofTasks([second], names, null, false)}`,
    ),
  )
  parts.push(...taken.map((step) => `${names(step)} takes ${bare(step)} in ${step.procedure}()`))
  parts.push(...without.map((step) => `${names(step)} never takes ${bare(step)} in ${step.procedure}()`))
  return joined(parts)
}

function covered({ patch, how, order, missing, waits }: Omit<Covered, 'says'>): string {
  switch (how) {
    case 'absent':
      return `With ${patch} ${missing ? `${missing.task} does not come by ${missing.procedure}.${missing.label} any more` : 'it is not there any more'}.`
    case 'harmless':
      return `With ${patch} this still comes about, and nothing is wrong then.`
    case 'open':
      return `With ${patch} this still comes about, and some of it still violates.`
    case 'impossible': {
      const what = `With ${patch} this cannot come about`
      if (waits) return `${what}: ${waitsFor(waits.task, waits.on, waits.heldBy)} meanwhile.`
      return order ? `${what}: ${stepName(order.first)} does not come before ${stepName(order.second)} then.` : `${what}.`
    }
  }
}

/** `12 of 345 schedules`; `about 2 in a billion`: one digit, the exact counts stand beside it. */
export function rounded(part: bigint, of: bigint): string {
  if (part === of) return of === 1n ? 'the only schedule' : of < 100_000n ? `all ${of} schedules` : `all of ${about(String(of))} schedules`
  if (of < 100_000n) return `${part} of ${of} schedules`
  if (part === 0n) return 'no schedule'
  if (part * 10n > of * 9n) return `all but ${fraction(of - part, of)} schedules`
  return `${fraction(part, of)} schedules`
}

/** The nearest `n of 10^k` with n from 1 to 9. */
function fraction(part: bigint, of: bigint): string {
  let size = 10n
  while ((2n * part * size + of) / (2n * of) < 1n) size *= 10n
  const n = (2n * part * size + of) / (2n * of)
  return `about ${n} of ${inWords(String(size)).replace(/^1\.0/, '1')}`
}

/** A share in words: `all` and `none` only where they are exact. */
export function percent(ratio: number): string {
  if (ratio === 1) return 'all'
  if (ratio === 0) return 'none'
  return ratio >= 0.995 ? 'over 99 %' : ratio < 0.005 ? 'under 1 %' : `${Math.round(ratio * 100)} %`
}

function windowInWords({ exact, alternatives, covers, violates }: RaceWindow): string {
  const names = naming()
  const when = alternatives.map((one) => clause(one, names)).join('; or ')
  if (exact) return `Violates exactly when ${when}.`
  const share =
    covers && violates
      ? ` It is so of ${percent(covers.ratio)} of the violating schedules, and of those that are so ${percent(violates.ratio)} violate.`
      : ''
  return `Nothing short is exact; the nearest: ${when}.${share}`
}

/** Digits that are left out are owned up to. */
const about = (count: string | null): string =>
  inWords(count) === grouped(count) ? grouped(count) : `some ${inWords(count).replace(/^some /, '')}`

/** What a search knows that saw every end, or a wrong one, and has not come by every schedule. */
const UNCOUNTED = {
  never: 'No schedule violates anything.',
  every: 'Every schedule violates.',
  some: 'Some schedules violate; only a complete search can tell what sets them apart.',
} as const

function why({ answer, complete, bound, schedules, violating, window, unasked }: Omit<WhyView, 'says'>): string {
  const all = schedules === '1' ? 'the only schedule' : `${about(schedules)} schedules`
  const stopped = bound ?? 'the search was stopped'
  if (!complete)
    return answer === 'unknown'
      ? `Nothing violates as far as was searched. The search was not completed: ${stopped}.`
      : `${UNCOUNTED[answer]} They are not all counted: ${stopped}.`
  switch (answer) {
    case 'unknown':
    case 'never':
      return `No schedule violates anything, of ${all}.`
    case 'every':
      return schedules === '1' ? 'The only schedule violates.' : `Every schedule violates, all of ${about(schedules)}.`
    case 'some': {
      if (window) return windowInWords(window)
      const some = schedules === null || violating === null ? 'Some schedules violate' : `${about(violating)} of ${all} violate`
      return `${some}; ${unasked ?? 'nothing short was found that tells which'}.`
    }
  }
}

/** `happened`: what a user noticed of an end. */
export const wordsOf = (happened: (outcome: Outcome) => readonly string[]): Words => ({
  alternative,
  covered,
  rounded,
  why,
  outcome: (outcome) =>
    outcome.stuck === null
      ? happened(outcome).join(' ')
      : outcome.stuck.map(({ task, on, heldBy }) => `${waitsFor(task, on, heldBy)}, and that never ends.`).join(' '),
})

/** The answer to "can this come before that?". */
export function asked({ answer, after, apart, complete, bound }: Omit<AskView, 'says'>, first: StepRef, second: StepRef): string {
  const [x, y] = [stepName(first), stepName(second)]
  const seen = complete ? '' : ' that was followed to its end'
  const stopped = `The search was not completed: ${bound ?? 'it was stopped'}.`
  switch (answer) {
    case 'always': {
      const found = `in every schedule${seen} ${x} comes before ${y}.`
      return complete ? `Always: ${found}` : `Not known: ${found} ${stopped}`
    }
    case 'never': {
      const found = `no schedule${seen} takes ${x} before ${y}${after ? '; some take them the other way round' : '; none takes both'}.`
      return complete ? `Never: ${found}` : `Not known: ${found} ${stopped}`
    }
    // One schedule of each kind is enough to know that, however many are not searched.
    case 'sometimes': {
      const others = [...(after ? ['in others after it'] : []), ...(apart ? ['in others not both are taken'] : [])]
      return `Sometimes: in some schedules ${x} comes before ${y}, ${joined(others)}.`
    }
  }
}
