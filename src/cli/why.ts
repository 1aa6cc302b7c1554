/** `why`: what tells the schedules that violate from the others. */
import { grouped } from '../base/count.ts'
import { maxStatesDefault } from '../engine/search.ts'
import type { OracleView } from '../engine/view.ts'
import type { WhyView } from '../engine/why/view.ts'
import { rulesInWords } from '../narrate/rules.ts'
import { percent, rounded, wordsOf } from '../narrate/why.ts'
import { identity } from '../scenarios/documents.ts'
import { run } from '../scenarios/run.ts'
import { askedWhy } from '../scenarios/why.ts'
import { count, extent, parse, print, printJson, runOptions, stageOptions, type Command } from './options.ts'
import { scheduleOf } from './run.ts'

export const why: Command = {
  takes: '<scenario>',
  says: 'Says what tells violating schedules from others: the orders between steps, found by search, and where the run shown loses.',
  options: [...runOptions, 'schedule', 'max-states', 'json'],
  run: whyAsked,
}

/** So many ways to end are printed. */
const GROUPS = 6

async function whyAsked(args: readonly string[]): Promise<number> {
  const { values, positionals } = parse(why, args)
  const maxStates = values['max-states'] === undefined ? maxStatesDefault : count('max-states', values['max-states'])
  const staged = await stageOptions(positionals, values)
  const { trace } = run(staged, scheduleOf(staged.scenario, values.schedule))
  const choices = trace.infos.map(({ task }) => task)
  const view = askedWhy(staged, choices, maxStates, wordsOf(staged.scenario.happened))
  if (values.json) printJson({ ...identity(staged), schedule: trace.choices, ...view })
  else print(told(view, trace.machine.oracles))
  return 0
}

function told(
  { says, schedules, violating, complete, bound, states, window, doom, groups }: WhyView,
  rules: readonly OracleView[],
): string {
  const counts =
    schedules === null || violating === null
      ? []
      : [
          `  ${share(violating, schedules, complete)}; ${complete ? `complete, ${states.toLocaleString('en')} states` : extent({ complete, bound })}`,
        ]
  const fixes = window?.alternatives.flatMap(({ fix }) => (fix ? [`  ${fix.says}`] : [])) ?? []
  const jump = doom?.jump && percent(doom.jump.from) !== percent(doom.jump.to) ? doom.jump : null
  const told = groups.filter((group, i) => i < GROUPS || (group.violates.length === 0 && groups[i - 1]?.violates.length !== 0))
  return [
    says,
    ...counts,
    ...new Set(fixes),
    ...(jump
      ? [
          `  in the run shown step ${jump.step} is where most is lost: of its continuations ${percent(jump.from)} violate before it, ${percent(jump.to)} after it`,
        ]
      : []),
    ...(doom === null || doom.lost === null
      ? []
      : [`  ${doom.lost === 0 ? 'from the start' : `from step ${doom.lost} on`} no continuation is right`]),
    ...told.map(
      (group) =>
        `  ${group.violates.length > 0 ? `wrong (${rulesInWords(rules, group.violates)})` : 'right'}, ${group.rounded}: ${group.says}`,
    ),
    ...(told.length < groups.length ? [`  and ${groups.length - told.length} more ways to end; --json has all`] : []),
  ].join('\n')
}

/** None, all, or how many of how many; rounded before it where the digits are more than one reads. */
function share(violating: string, schedules: string, complete: boolean): string {
  if (schedules === '0') return 'no schedule was followed to its end'
  if (!complete) return `${grouped(violating)} of ${grouped(schedules)} schedules followed to their end violate`
  if (schedules === '1') return violating === '1' ? 'the only schedule violates' : 'the only schedule does not violate'
  if (violating === '0') return `none of ${grouped(schedules)} schedules violates`
  if (violating === schedules) return `all ${grouped(schedules)} schedules violate`
  const exact = `${grouped(violating)} of ${grouped(schedules)}`
  const about = rounded(BigInt(violating), BigInt(schedules))
  return about === `${exact} schedules` ? `${about} violate` : `${about} violate: ${exact}`
}
