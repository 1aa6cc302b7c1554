/** One command of xfs_io: read and printed by the table in `words.ts`. */
import type { Reader } from './reader.ts'
import { stampOf } from './reader.ts'
import { BYTES_MAX, type Command, type CommandName, type Model } from './scene.ts'
import { printSize } from './size.ts'
import { commandForms, commandNames, modelWords } from './words.ts'
import { meant } from './nearest.ts'

/** Everything behind the colon. */
export function readCommand(reader: Reader, where: 'setup' | 'task'): Command {
  const word = reader.here
  const name = reader.take('a command')
  if (!isCommand(name)) return reader.fail(`no command \`${name}\`: ${meant(name, commandNames)}`, word)
  const form = commandForms[name]
  if (form.where !== 'both' && form.where !== where)
    return reader.fail(`\`${name}\` stands only ${form.where === 'setup' ? 'after `setup:`' : 'in a task'}`, word)
  const { flags, stamp, block } = readOptions(reader, name)
  const of = form.of ? reader.letter('the task whose memory it is') : null
  const path = form.path && !reader.done && reader.peek() !== '--' ? readPath(reader) : null
  const given = !(form.optional && (reader.done || reader.peek() === '--'))
  const numbers = given ? form.numbers.map((what) => reader.size(what)) : []
  check(reader, name, numbers)
  const model = reader.skip('--') ? readModel(reader) : []
  reader.end(`\`${name}\``)
  return { name, flags, stamp, block, of, path, numbers, model }
}

const isCommand = (name: string): name is CommandName => Object.hasOwn(commandForms, name)

/** What no kernel would take, or what would do nothing. */
function check(reader: Reader, name: CommandName, numbers: readonly number[]): void {
  const [offset = 0, length] = numbers
  if (length === undefined) return
  if (length === 0) reader.fail(`\`${name}\` has a length of 0, which does nothing: leave it out`)
  if (offset + length > BYTES_MAX) reader.fail(`\`${name}\` ends past ${BYTES_MAX} bytes, the longest file`)
}

function readOptions(reader: Reader, name: CommandName): Pick<Command, 'flags' | 'stamp' | 'block'> {
  const form = commandForms[name]
  const known = `${form.stamp ? 'S' : ''}${form.block ? 'b' : ''}${form.flags}`
  let [stamp, block]: [string | null, number | null] = [null, null]
  const flags = new Set<string>()
  while (/^-[A-Za-z]/.test(reader.peek())) {
    const word = reader.here
    const letters = reader.take('an option').slice(1)
    if (letters === 'S' && form.stamp) stamp = reader.stamp()
    else if (letters === 'b' && form.block) {
      block = reader.size('block size')
      if (block === 0) reader.fail('blocks of 0 bytes would never end: leave `-b` out', word)
    } else {
      const strange = [...letters].find((one) => !form.flags.includes(one))
      if (strange !== undefined)
        reader.fail(
          known === ''
            ? `\`${name}\` has no options`
            : `\`${name}\` has no option -${strange}: it has ${[...known].map((one) => `-${one}`).join(' ')}`,
          word,
        )
      for (const one of letters) flags.add(one)
    }
  }
  return { flags: [...form.flags].filter((one) => flags.has(one)).join(''), stamp, block }
}

function readPath(reader: Reader): string {
  const word = reader.here
  const path = reader.take('a name')
  if (!/^[A-Za-z0-9][A-Za-z0-9.-]{0,31}$/.test(path)) reader.fail(`\`${path}\` is no name of a file here: letters, digits, . and -`, word)
  return path
}

function readModel(reader: Reader): Model[] {
  const found: Model[] = []
  do {
    const word = reader.here
    const one = readOne(reader)
    if (found.some(({ kind }) => kind === one.kind)) reader.fail(`\`${one.kind}\` is said twice`, word)
    found.push(one)
  } while (reader.skip(','))
  return found
}

function readOne(reader: Reader): Model {
  const kind = reader.oneOf(modelWords, 'word after `--`')
  if (kind === 'via') return { kind, ring: reader.oneOf(['uring', 'aio'], 'way') }
  if (kind === 'same') {
    reader.expect('fd', '`same`')
    reader.expect('as', '`same fd`')
    return { kind: 'same fd', as: reader.letter('the other task') }
  }
  if (kind !== 'buf') return { kind }
  const pages = reader.oneOf(['absent', 'first', 'shared', 'mapped'], 'kind of buffer')
  if (pages === 'first') return { kind, pages, length: reader.size('size') }
  if (pages === 'mapped') return { kind, pages, offset: reader.size('offset') }
  return { kind, pages }
}

function printModel(model: Model): string {
  if (model.kind === 'via') return `via ${model.ring}`
  if (model.kind === 'same fd') return `same fd as ${model.as}`
  if (model.kind !== 'buf') return model.kind
  if (model.pages === 'first') return `buf first ${printSize(model.length)}`
  return model.pages === 'mapped' ? `buf mapped ${printSize(model.offset)}` : `buf ${model.pages}`
}

/** In one line, whatever its length. */
export function printCommand({ name, flags, stamp, block, of, path, numbers, model }: Command): string {
  const words = [
    name,
    ...(flags === '' ? [] : [`-${flags}`]),
    ...(stamp === null ? [] : ['-S', stamp]),
    ...(block === null ? [] : ['-b', printSize(block)]),
    ...(of === null ? [] : [of]),
    ...(path === null ? [] : [path]),
    ...numbers.map(printSize),
    ...(model.length === 0 ? [] : ['--', model.map(printModel).join(', ')]),
  ]
  return words.join(' ')
}

/** The stamp of the data that this command of this task writes. `setup:` lines have no letter: their bytes are xfs_io's 0xcd. */
export const stampIn = (command: Command, task: string | null): string => command.stamp ?? task ?? stampOf('0xcd') ?? ''
