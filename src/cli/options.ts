/** What the commands share: their options, read in words of our own, and the run that the options name. */
import { parseArgs } from 'node:util'
import { InputError } from '../base/assert.ts'
import { loadScenario } from '../scenarios/registry.ts'
import { patchNamed, stage, type Staged } from '../scenarios/run.ts'

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
  verdict: { type: 'boolean' },
  genre: { type: 'string' },
  width: { type: 'string' },
  level: { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
  shell: { type: 'boolean' },
  fstests: { type: 'boolean' },
  only: { type: 'string' },
} as const

type Name = keyof typeof config

/** What is said of each option by `help`. */
const meanings: Readonly<Record<Name, readonly [value: string, says: string]>> = {
  json: ['', 'one JSON document instead of text'],
  kernel: ['K', 'the release that runs, 6.1 or 6.10.5; the default is the one that the scenario is about'],
  patch: ['P', 'switches a patch on: its id, the first seven digits of it or its name; may be repeated'],
  'no-patch': ['P', 'switches a patch off; may be repeated'],
  set: ['NAME=VALUE', 'chooses a value of a setting; may be repeated'],
  schedule: ['S', 'the choices, as in A5B2A1, or the name of a documented schedule; the default is the first of those'],
  finish: ['', 'goes on to the end in task order'],
  'max-states': ['N', 'the most states to visit'],
  expect: ['none', 'exit status 1 if anything is violated, stuck or left out'],
  all: ['', 'every scenario, on each of its kernels'],
  verdict: ['', 'only what can happen, with a sample of each, and not how often: quicker where there are many interleavings'],
  compare: ['', 'says at which levels the model agrees with what was recorded'],
  genre: ['G', 'what kind of text'],
  width: ['N', 'the most columns: 64, 72 or 79; the default is 72'],
  level: ['beats|all', 'the moments of the story (the default), or all steps'],
  from: ['N', 'the first step that is told'],
  to: ['N', 'the last step that is told, after which layouts are shown'],
  shell: ['', 'a shell script instead, where xfs_io suffices'],
  fstests: ['', 'a patch for fstests instead: the program, the test and its golden output'],
  only: ['ID', 'this program alone'],
}

/** Which run the options choose. */
export const runOptions = ['kernel', 'patch', 'no-patch', 'set'] as const satisfies readonly Name[]

/** A command of the program. */
export interface Command {
  /** What stands behind its name: `<scenario>`. */
  readonly takes: string
  readonly says: string
  readonly options: readonly Name[]
  /** Options that say something of their own here; one that is told what it takes takes a value. */
  readonly own?: Readonly<Partial<Record<Name, readonly [value: string, says: string]>>>
  /** @returns the exit status. */
  run(args: readonly string[]): Promise<number>
}

/** What `help` prints of a command. */
export function helpOf(name: string, { takes, says, options, own = {} }: Command): string {
  const rows = options.map((option) => {
    const [value, meaning] = own[option] ?? meanings[option]
    return [`--${option} ${value}`.trimEnd(), meaning] as const
  })
  const width = Math.max(...rows.map(([left]) => left.length))
  return [
    `usage: lockstep ${[name, takes, '[options]'].filter((part) => part !== '').join(' ')}`,
    '',
    says,
    '',
    ...rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`),
  ].join('\n')
}

interface Values {
  json?: boolean
  kernel?: string
  patch?: string[]
  'no-patch'?: string[]
  set?: string[]
  schedule?: string
  finish?: boolean
  'max-states'?: string
  expect?: string
  all?: boolean
  compare?: boolean | string
  verdict?: boolean
  genre?: string
  width?: string
  level?: string
  from?: string
  to?: string
  shell?: boolean
  fstests?: boolean
  only?: string
}

export type Options = Readonly<Values>

/** How far a search went; of one that was stopped, how to go on. */
export const extent = ({ complete, bound }: { readonly complete: boolean; readonly bound: string | null }): string =>
  complete ? 'complete' : `${bound ?? 'stopped'}; raise --max-states to go on`

/** The options a command takes, and what stands beside them. @throws InputError for what it does not take, or is told twice. */
export function parse(
  { options: allowed, own = {} }: Pick<Command, 'options' | 'own'>,
  args: readonly string[],
): { values: Options; positionals: string[] } {
  const takesValue = (name: Name): boolean => (own[name] !== undefined ? own[name][0] !== '' : config[name].type === 'string')
  const options = Object.fromEntries(
    allowed.map((name) => [name, { ...config[name], type: takesValue(name) ? 'string' : 'boolean' } as const]),
  )
  const { tokens, positionals } = parseArgs({ args: [...args], options, allowPositionals: true, strict: false, tokens: true })
  const values: Values = {}
  for (const token of tokens) {
    if (token.kind !== 'option') continue
    const { name, rawName, value, inlineValue } = token
    if (!isName(name) || !allowed.includes(name))
      throw new InputError(`this command has no option ${rawName}; it takes ${allowed.map((one) => `--${one}`).join(' ') || 'none'}`)
    if (!takesValue(name)) {
      if (value !== undefined) throw new InputError(`${rawName} takes no value: leave "${value}" out`)
      Object.assign(values, { [name]: true })
      continue
    }
    const needs = `${rawName} ${(own[name] ?? meanings[name])[0]}`
    if (value === undefined) throw new InputError(`${rawName} needs a value: write ${needs}`)
    if (!inlineValue && value.startsWith('--'))
      throw new InputError(`${rawName} needs a value, and "${value}" is another option: write ${needs}`)
    if ('multiple' in config[name]) {
      Object.assign(values, { [name]: [...((values[name] as string[] | undefined) ?? []), value] })
      continue
    }
    const before = values[name]
    if (before !== undefined && before !== value)
      throw new InputError(`${rawName} is given twice, as "${String(before)}" and as "${value}": leave one of them out`)
    Object.assign(values, { [name]: value })
  }
  return { values, positionals }
}

const isName = (name: string): name is Name => Object.hasOwn(config, name)

/** Stages the scenario that the options name. */
export async function stageOptions(positionals: readonly string[], options: Options): Promise<Staged> {
  const [id, extra] = positionals
  if (id === undefined) throw new InputError('which scenario? Name one of those that "lockstep list" prints')
  if (extra !== undefined) throw new InputError(`one scenario at a time: leave "${extra}" out`)
  const scenario = await loadScenario(id)
  const [on, off] = [options.patch ?? [], options['no-patch'] ?? []]
  const offIds = off.map((text) => patchNamed(scenario, text))
  const both = on.find((text) => offIds.includes(patchNamed(scenario, text)))
  if (both !== undefined)
    throw new InputError(`--patch ${both} and --no-patch for the same patch contradict each other: leave one of them out`)
  return stage(scenario, { kernel: options.kernel, on, off, settings: settings(options.set ?? []) })
}

function settings(texts: readonly string[]): Record<string, string> {
  const out: Record<string, string> = {}
  for (const text of texts) {
    const at = text.indexOf('=')
    if (at < 1) throw new InputError(`the setting "${text}" cannot be read: write --set NAME=VALUE`)
    const [name, value] = [text.slice(0, at), text.slice(at + 1)]
    const before = Object.hasOwn(out, name) ? out[name] : value
    if (before !== value) throw new InputError(`--set ${name} is given twice, as "${before}" and as "${value}": leave one of them out`)
    out[name] = value
  }
  return out
}

/** A whole number of an option. */
export function count(name: string, text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < 1) throw new InputError(`--${name} "${text}" is not a whole number above 0`)
  return value
}

export const print = (text: string): void => void process.stdout.write(text.endsWith('\n') ? text : `${text}\n`)
export const printJson = (value: unknown): void => print(JSON.stringify(value))
