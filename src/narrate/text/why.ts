/** Why some schedules go wrong: the race window, and the counts with what bounds them. */
import { percent, rounded } from '../why.ts'
import { fill, listed } from './lines.ts'
import { kernelOf, type Chosen, type Counts, type Side } from './side.ts'

/** So many ways to end are told. */
const GROUPS = 4

const number = (digits: string): string => digits.replace(/\B(?=(\d{3})+$)/g, ',')

/** `37 of 1,260 schedules violate (about 3 in 100)` */
function howMany({ schedules, violating }: Counts): string {
  if (schedules === null) return 'there are infinitely many schedules'
  if (violating === null) return `infinitely many of ${number(schedules)} schedules violate`
  if (schedules === '1') return violating === '1' ? 'the only schedule violates' : 'the only schedule does not violate'
  if (violating === schedules) return `all ${number(schedules)} schedules violate`
  if (violating === '0') return `none of ${number(schedules)} schedules violates`
  const exact = `${number(violating)} of ${number(schedules)} schedules violate`
  return BigInt(schedules) < 100_000n ? exact : `${exact} (${rounded(BigInt(violating), BigInt(schedules))})`
}

/** One sentence, with its bound. */
function counted(counts: Counts): string {
  if (counts.complete) return `${howMany(counts)}; complete: all ${number(String(counts.states))} reachable states were visited.`
  const followed = counts.schedules === '0' ? 'no schedule was followed to its end' : `${howMany(counts)} among those followed to their end`
  return `${followed}; not complete: ${counts.bound ?? 'the search was stopped'}.`
}

/** The counts on this kernel and with the fix. */
export function counts(side: Side, { width }: Pick<Chosen, 'width'>): string[] {
  const { view, fixed } = side.why()
  const tasks = side.view.tasks.filter(({ parent }) => parent === null).map(({ letter }) => letter)
  return [
    ...fill(`On ${kernelOf(side.view)}: ${counted(view)}`, width),
    ...(fixed ? fill(`With ${fixed.patch}: ${counted(fixed)}`, width) : []),
    ...fill(
      `Bound: ${tasks.length === 1 ? 'task' : 'tasks'} ${listed(tasks)} and what ${tasks.length === 1 ? 'it starts' : 'they start'}, with these settings. Counts depend on how finely the model cuts the code into steps; they are no probabilities.`,
      width,
    ),
  ]
}

export function why(side: Side, { width }: Chosen): string[] {
  const { view } = side.why()
  const fixes = [...new Set(view.window?.alternatives.flatMap(({ fix }) => (fix ? [fix.says] : [])) ?? [])]
  const { jump = null, lost = null } = view.doom ?? {}
  const groups = view.groups.slice(0, GROUPS)
  return [
    ...fill(view.says, width),
    ...fixes.flatMap((text) => ['', ...fill(text, width)]),
    ...(jump
      ? [
          '',
          ...fill(
            `In the run shown step ${jump.step} loses most: of the schedules that go on from there ${percent(jump.from)} violate before it, ${percent(jump.to)} after it.${lost === null ? '' : ` ${lost === 0 ? 'From the start' : `From step ${lost} on`} all of them do.`}`,
            width,
          ),
        ]
      : []),
    '',
    ...counts(side, { width }),
    '',
    ...fill('How it can end:', width),
    ...groups.flatMap(({ violates, rounded: share, says }) =>
      fill(`${violates.length > 0 ? `wrong (${violates.join(', ')})` : 'right'}, ${share}: ${says}`, width, ' - ', '   '),
    ),
    ...(view.groups.length > groups.length ? fill(`and ${view.groups.length - groups.length} more`, width, ' - ', '   ') : []),
  ]
}
