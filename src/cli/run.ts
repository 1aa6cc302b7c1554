/** `run`: one schedule, step by step. */
import { waitsFor } from '../engine/trace.ts'
import { ruleInWords } from '../narrate/rules.ts'
import { partedInWords } from '../narrate/parted.ts'
import { identity } from '../scenarios/documents.ts'
import { run as runSchedule } from '../scenarios/run.ts'
import type { Scenario } from '../scenarios/scenario.ts'
import type { RunChoice } from '../worker/protocol.ts'
import { parse, print, printJson, runOptions, stageOptions, type Command } from './options.ts'

export const run: Command = {
  takes: '<scenario>',
  says: 'Runs one schedule and prints its steps, what they violate and how it ends.',
  options: [...runOptions, 'schedule', 'finish', 'json'],
  run: runOne,
}

/** What `--schedule` names: a documented schedule, the first if nothing is said, or choices. */
export function scheduleOf({ card, schedules }: Scenario, wanted = card.schedules[0]?.name ?? ''): RunChoice['schedule'] {
  return Object.hasOwn(schedules, wanted) ? { named: wanted } : { choices: wanted }
}

async function runOne(args: readonly string[]): Promise<number> {
  const { values, positionals } = parse(run, args)
  const staged = await stageOptions(positionals, values)
  const documented = staged.scenario.card.schedules[0]?.name ?? ''
  const schedule = scheduleOf(staged.scenario, values.schedule)
  const { trace, diverged } = runSchedule(staged, schedule)
  if (values.finish) trace.finish()
  const { outcome } = trace
  const steps = trace.views()
  if (values.json) {
    printJson({
      ...identity(staged),
      schedule: trace.choices,
      steps: steps.map(({ n, task, procedure, label, says, blocked }) => ({ n, task, procedure, label, says, blocked })),
      violations: trace.violations,
      outcome,
      diverged,
    })
    return 0
  }
  if (staged.says !== null) print(`(${staged.says})`)
  for (const step of steps) {
    print(`${String(step.n).padStart(3)} ${step.task}  ${step.says}`)
    for (const violation of trace.violations.filter((entry) => entry.step === step.n))
      print(`      ${ruleInWords(trace.machine.oracles, violation.oracle)}: ${violation.says}`)
  }
  if (diverged)
    print(
      partedInWords(diverged, 'named' in schedule && schedule.named !== documented ? `the run "${schedule.named}"` : 'the documented run'),
    )
  if (outcome?.stuck) for (const { task, on, heldBy } of outcome.stuck) print(`deadlock: ${waitsFor(task, on, heldBy)}`)
  else if (outcome) for (const sentence of staged.scenario.happened(outcome)) print(sentence)
  else print('not at its end; add --finish to go on in task order')
  return 0
}
