/** The engine from a terminal. Puts nothing but the answer on stdout; 0 done, 1 differed or violated where asked, 2 bad input. */
import { AuthorError, EngineBug, InputError } from '../base/assert.ts'
import { version } from '../base/version.ts'
import { check } from './check.ts'
import { explore } from './explore.ts'
import { fmt } from './fmt.ts'
import { list } from './list.ts'
import { litmus } from './litmus.ts'
import { modelled } from './modelled.ts'
import { helpOf, print, type Command } from './options.ts'
import { ops } from './ops.ts'
import { read } from './read.ts'
import { repro } from './repro.ts'
import { run } from './run.ts'
import { scene } from './scene.ts'
import { text } from './text.ts'
import { why } from './why.ts'

const commands: Readonly<Record<string, Command>> = { list, run, explore, why, text, ops, read, scene, check, fmt, modelled, litmus, repro }
const names = Object.keys(commands)

const usage = [
  'usage: lockstep <command> [options]',
  '',
  ...names.map((name) => `  ${`${name} ${commands[name]?.takes}`.padEnd(26)}${commands[name]?.says.split(/[.:,]/)[0]}`),
  '',
  '"lockstep help <command>" lists the options of a command. Exit status: 0 done, 1 differed or violated where that was asked, 2 bad input.',
].join('\n')

const commandNamed = (name: string): Command => {
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (!command) throw new InputError(`there is no command "${name}"; choose one of ${names.join(', ')}, help`)
  return command
}

const asksHelp = (args: readonly string[]): boolean =>
  args.some((arg, i) => (arg === '--help' || arg === '-h') && !args.slice(0, i).includes('--'))

async function main(): Promise<number> {
  const [name, ...args] = process.argv.slice(2)
  if (name === undefined) {
    process.stderr.write(`${usage}\n`)
    return 2
  }
  if (name === 'help' || name === '--help' || name === '-h') {
    print(args[0] === undefined ? usage : helpOf(args[0], commandNamed(args[0])))
    return 0
  }
  if (name === '--version' || name === '-v') {
    print(version)
    return 0
  }
  const command = commandNamed(name)
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

try {
  const status = await main()
  process.exitCode ??= status
} catch (error) {
  fail(inWords(error))
}
