/** `list`: every scenario with what can be chosen. */
import { InputError } from '../base/assert.ts'
import { deadlock } from '../engine/stuck.ts'
import { loadScenario, scenarioIds } from '../scenarios/registry.ts'
import { stage } from '../scenarios/run.ts'
import { parse, print, printJson, type Command } from './options.ts'

export const list: Command = {
  takes: '',
  says: 'Prints every scenario with the kernels, patches, settings and schedules that can be chosen.',
  options: ['json'],
  run: listAll,
}

async function listAll(args: readonly string[]): Promise<number> {
  const { values, positionals } = parse(list, args)
  if (positionals[0] !== undefined) throw new InputError(`list takes no name: leave "${positionals[0]}" out`)
  const all = await Promise.all(scenarioIds.map(describe))
  if (values.json) printJson(all)
  else
    for (const entry of all)
      print(
        `${entry.id}  ${entry.title}\n    kernels ${entry.kernels.join(' ')} (default ${entry.defaultKernel})\n    patches ${entry.patches.map((patch) => patch.id).join(' ')}\n    settings ${entry.settings.map((setting) => `${setting.name}=${setting.default}`).join(' ')}\n    schedules ${entry.schedules.join(' ')}`,
      )
  return 0
}

async function describe(id: string) {
  const scenario = await loadScenario(id)
  const { card } = scenario
  const { system } = stage(scenario)
  return {
    id: card.id,
    rev: card.rev,
    title: card.title,
    origin: card.origin,
    patches: card.patches.map(({ id: patch, name, subject, kind, needs }) => ({ id: patch, name, subject, kind, needs })),
    kernels: card.kernels,
    defaultKernel: card.defaultKernel,
    settings: card.settings,
    oracles: [...system.oracles, deadlock].map(({ id: oracle, kind, says, name = says }) => ({ id: oracle, kind, name, says })),
    tasks: system.tasks.map(({ letter, name, must }) => ({ letter, name, must })),
    schedules: card.schedules.map(({ name }) => name),
  }
}
