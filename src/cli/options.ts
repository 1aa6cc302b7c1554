/** Options that say which run: the same for every command. */
import { parseArgs } from 'node:util'
import { InputError } from '../base/assert.ts'
import { loadScenario } from '../scenarios/registry.ts'
import { stage, type Staged } from '../scenarios/run.ts'

const config = {
  json: { type: 'boolean' },
  kernel: { type: 'string' },
  patch: { type: 'string', multiple: true },
  'no-patch': { type: 'string', multiple: true },
  set: { type: 'string', multiple: true },
  schedule: { type: 'string' },
  finish: { type: 'boolean' },
  'max-states': { type: 'string' },
  expect: { type: 'string' },
  all: { type: 'boolean' },
  compare: { type: 'boolean' },
} as const

export type Options = ReturnType<typeof parse>['values']

/** The options a command takes, and what stands beside them. @throws for an option it does not take. */
export function parse(args: readonly string[], allowed: readonly (keyof typeof config)[]) {
  const parsed = parseArgs({ args: [...args], options: config, allowPositionals: true, strict: true })
  const foreign = Object.keys(parsed.values).find((name) => !allowed.includes(name as keyof typeof config))
  if (foreign !== undefined)
    throw new InputError(`this command has no option --${foreign}; it takes ${allowed.map((name) => `--${name}`).join(' ')}`)
  return parsed
}

/** Stages the scenario that the options name. */
export async function stageOptions(positionals: readonly string[], options: Options): Promise<Staged> {
  const [id, extra] = positionals
  if (id === undefined) throw new InputError('which scenario? Name one of those that "lockstep list" prints')
  if (extra !== undefined) throw new InputError(`one scenario at a time: leave "${extra}" out`)
  return stage(await loadScenario(id), {
    kernel: options.kernel,
    on: options.patch ?? [],
    off: options['no-patch'] ?? [],
    settings: Object.fromEntries((options.set ?? []).map(setting)),
  })
}

function setting(text: string): [string, string] {
  const at = text.indexOf('=')
  if (at < 1) throw new InputError(`the setting "${text}" cannot be read: write --set name=value`)
  return [text.slice(0, at), text.slice(at + 1)]
}

/** A whole number of an option. */
export function count(name: string, text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < 1) throw new InputError(`--${name} "${text}" is not a whole number above 0`)
  return value
}

export const print = (text: string): void => void process.stdout.write(text.endsWith('\n') ? text : `${text}\n`)
export const printJson = (value: unknown): void => print(JSON.stringify(value))
