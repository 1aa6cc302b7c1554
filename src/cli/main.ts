/** The engine from a terminal. Puts nothing but the answer on stdout; 0 done, 1 differed or violated where asked, 2 bad input. */
import { InputError } from '../base/assert.ts'
import { explore } from './explore.ts'
import { list } from './list.ts'
import { ops } from './ops.ts'
import { run } from './run.ts'

const commands: Readonly<Record<string, (args: readonly string[]) => Promise<number>>> = { list, run, explore, ops }

const usage = `usage: lockstep <command>
  list [--json]
  run <scenario> [--kernel K] [--patch P]... [--no-patch P]... [--set name=value]...
                 [--schedule CHOICES or NAME] [--finish] [--json]
  explore <scenario> [the same, without a schedule] [--max-states N] [--expect none] [--json]
  explore --all [--json]
  ops <file.jsonl[.gz]> [--compare] [--json]`

async function main(): Promise<number> {
  const [name = '', ...args] = process.argv.slice(2)
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (command) return command(args)
  process.stderr.write(
    name === '' ? `${usage}\n` : `lockstep: there is no command "${name}"; choose one of ${Object.keys(commands).join(', ')}\n`,
  )
  return 2
}

/** What a wrong option or value says of itself; anything else is ours and is thrown on. */
function badInput(error: unknown): string | null {
  if (error instanceof InputError) return error.message
  if (error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS'))
    return error.message.split('\n')[0] ?? ''
  return null
}

try {
  process.exitCode = await main()
} catch (error) {
  const says = badInput(error)
  if (says === null) throw error
  process.stderr.write(`lockstep: ${says}\n`)
  process.exitCode = 2
}
