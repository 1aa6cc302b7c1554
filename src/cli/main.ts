/** The engine from a terminal. Puts nothing but the answer on stdout; 0 done, 1 differed or violated where asked, 2 bad input. */
import { AuthorError, EngineBug, InputError } from '../base/assert.ts'
import { version } from '../base/version.ts'
import { delayOptimization } from './delay.ts'
import { helpOf, print, type Command } from './options.ts'

/** Each command, loaded when it is asked for: most of the program has nothing to do with most questions. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  list: async () => (await import('./list.ts')).list,
  run: async () => (await import('./run.ts')).run,
  explore: async () => (await import('./explore.ts')).explore,
  why: async () => (await import('./why.ts')).why,
  text: async () => (await import('./text.ts')).text,
  ops: async () => (await import('./ops.ts')).ops,
  read: async () => (await import('./read.ts')).read,
  scene: async () => (await import('./scene.ts')).scene,
  check: async () => (await import('./check.ts')).check,
  fmt: async () => (await import('./fmt.ts')).fmt,
  modelled: async () => (await import('./modelled.ts')).modelled,
  litmus: async () => (await import('./litmus.ts')).litmus,
  repro: async () => (await import('./repro.ts')).repro,
}
const names = Object.keys(commands)

async function usage(): Promise<string> {
  const lines = names.map(async (name) => {
    const { takes, says } = await commandNamed(name)
    return `  ${`${name} ${takes}`.padEnd(26)}${says.split(/[.:,]/)[0]}`
  })
  return [
    'usage: lockstep <command> [options]',
    '',
    ...(await Promise.all(lines)),
    '',
    '"lockstep help <command>" lists the options of a command. Exit status: 0 done, 1 differed or violated where that was asked, 2 bad input.',
  ].join('\n')
}

async function commandNamed(name: string): Promise<Command> {
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (!load) throw new InputError(`there is no command "${name}"; choose one of ${names.join(', ')}, help`)
  return load()
}

const asksHelp = (args: readonly string[]): boolean =>
  args.some((arg, i) => (arg === '--help' || arg === '-h') && !args.slice(0, i).includes('--'))

async function main(): Promise<number> {
  const [name, ...args] = process.argv.slice(2)
  if (name === undefined) {
    process.stderr.write(`${await usage()}\n`)
    return 2
  }
  if (name === 'help' || name === '--help' || name === '-h') {
    print(args[0] === undefined ? await usage() : helpOf(args[0], await commandNamed(args[0])))
    return 0
  }
  if (name === '--version' || name === '-v') {
    print(version)
    return 0
  }
  const command = await commandNamed(name)
  if (!asksHelp(args)) return command.run(args)
  print(helpOf(name, command))
  return 0
}

/** One line of what went wrong. */
function inWords(error: unknown): string {
  if (error instanceof InputError || error instanceof AuthorError || error instanceof EngineBug) return error.message
  return `a mistake of lockstep itself, please report it: ${error instanceof Error ? error.message : String(error)}`
}

function fail(says: string): void {
  process.stderr.write(`lockstep: ${says.replaceAll('\n', ' ')}\n`)
  process.exitCode = 2
}

// Who reads no further (`| head -1`) has what he wants. Anything else that cannot be written is an answer lost.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') fail(`the answer could not be written: ${error.message}`)
  process.exit()
})
process.stderr.on('error', () => process.exit())

delayOptimization()
try {
  const status = await main()
  process.exitCode ??= status
} catch (error) {
  fail(inWords(error))
}
