/**
 * A scene as a short link: what the grammar leaves open, choice by choice. The tables below are dictionary 1, the `p1` of the link, and
 * are kept for ever: they may grow at their ends, within the room that each was given.
 */
import { InputError } from '../base/assert.ts'
import { crc32c } from '../base/crc32c.ts'
import { constant, kind, kinds, known, list, maybe, oneOf, parts, spelled, tagged, whole, type Codec } from './codec.ts'
import { DigitReader, DigitWriter } from './digits.ts'
import { parseScene } from './parse.ts'
import { printScene } from './print.ts'
import {
  CHOICES_MAX,
  OPTIONS_MAX,
  PATCHES_MAX,
  STATEMENTS_MAX,
  type Choice,
  type Command,
  type CommandName,
  type EventName,
  type Fact,
  type Model,
  type Range,
  type Saying,
  type Scene,
  type What,
} from './scene.ts'
import { claims, commandForms, errnos } from './words.ts'

const commands: readonly CommandName[] = [
  ...(['pwrite', 'pread', 'fsync', 'truncate', 'open', 'mmap', 'mwrite', 'falloc', 'fpunch', 'fzero'] as const),
  ...(['sync', 'sync_range', 'fdatasync', 'mread', 'munmap', 'msync', 'syncfs', 'close', 'remount', 'memset'] as const),
]
const events: readonly EventName[] = ['power', 'writeback', 'reclaim', 'migrate', 'commit', 'ioerror']
const options = ['no-holes', 'nodatasum', 'nodatacow', 'commit']
const capitals = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ']

const bit: Codec<boolean> = oneOf([false, true])
const letter: Codec<string> = oneOf(capitals)

const page = 4096
const times = (unit: number): Codec<number> => ({ put: (bytes, to) => whole.put(bytes / unit, to), get: (from) => whole.get(from) * unit })
/** Bytes: up to sixteen pages, megabytes, pages, or anything. */
const size: Codec<number> = kinds<number>(
  20,
  ...Array.from({ length: 17 }, (_, n) => kind<number>((bytes) => bytes === n * page, constant(n * page))),
  kind<number>((bytes) => bytes % (256 * page) === 0, times(256 * page)),
  kind<number>((bytes) => bytes % page === 0, times(page)),
  kind<number>(() => true, whole),
)

/** A range's end says how long it is. */
const range: Codec<Range> = {
  put: ({ from, to: end }, to) => {
    size.put(from, to)
    size.put(end - from, to)
  },
  get: (reader) => {
    const from = size.get(reader)
    return { from, to: from + size.get(reader) }
  },
}

const byte: Codec<string> = {
  put: (one, to) => to.put(Number(one), 256),
  get: (from) => `0x${from.get(256).toString(16).padStart(2, '0')}`,
}
const stamp: Codec<string> = kinds<string>(
  3,
  kind<string>((one) => capitals.includes(one), letter),
  kind<string>((one) => /^[a-z]$/.test(one), oneOf(capitals.map((one) => one.toLowerCase()))),
  kind<string>(() => true, byte),
)

const model: Codec<Model> = kinds<Model>(
  16,
  tagged({ kind: 'buf', pages: 'absent' }, {}),
  tagged({ kind: 'buf', pages: 'shared' }, {}),
  tagged({ kind: 'buf', pages: 'first' }, { length: size }),
  tagged({ kind: 'buf', pages: 'mapped' }, { offset: size }),
  tagged({ kind: 'via' }, { ring: oneOf(['uring', 'aio'] as const, 4) }),
  tagged({ kind: 'nowait' }, {}),
  tagged({ kind: 'dsync' }, {}),
  tagged({ kind: 'same fd' }, { as: letter }),
)

/** What a command is made of, as far as it has it. */
const command: Codec<Command> = {
  put: (one, to) => {
    const form = commandForms[one.name]
    oneOf(commands, 24).put(one.name, to)
    for (const flag of form.flags) bit.put(one.flags.includes(flag), to)
    if (form.stamp) maybe(stamp).put(one.stamp, to)
    if (form.block) maybe(size).put(one.block, to)
    if (form.of) letter.put(one.of ?? 'A', to)
    if (form.path) maybe(known(['foo'], 4)).put(one.path, to)
    if (form.optional) bit.put(one.numbers.length > 0, to)
    for (const number of one.numbers) size.put(number, to)
    models.put(one.model, to)
  },
  get: (from) => {
    const name = oneOf(commands, 24).get(from)
    const form = commandForms[name]
    return {
      name,
      flags: [...form.flags].filter(() => bit.get(from)).join(''),
      stamp: form.stamp ? maybe(stamp).get(from) : null,
      block: form.block ? maybe(size).get(from) : null,
      of: form.of ? letter.get(from) : null,
      path: form.path ? maybe(known(['foo'], 4)).get(from) : null,
      numbers: form.optional && !bit.get(from) ? [] : form.numbers.map(() => size.get(from)),
      model: models.get(from),
    }
  },
}

/** Most commands have none: each is announced by one bit. */
const models: Codec<readonly Model[]> = {
  put: (all, to) => {
    for (const one of all) maybe(model).put(one, to)
    maybe(model).put(null, to)
  },
  get: (from) => {
    const all: Model[] = []
    for (let one = maybe(model).get(from); one !== null; one = all.length < 8 ? maybe(model).get(from) : null) all.push(one)
    return all
  },
}

const returned: Codec<number | string> = kinds<number | string>(
  2,
  kind<number | string>((value) => typeof value === 'number', size as Codec<number | string>),
  kind<number | string>(() => true, oneOf<number | string>(errnos, 32)),
)

const what: Codec<What> = kinds<What>(
  16,
  tagged({ kind: 'hole' }, { range }),
  tagged({ kind: 'unwritten' }, { range }),
  tagged({ kind: 'zeros' }, { range }),
  tagged({ kind: 'data' }, { range, stamp: maybe(stamp) }),
  tagged({ kind: 'size' }, { size }),
  tagged({ kind: 'log overlap' }, {}),
  tagged({ kind: 'abort' }, {}),
  tagged({ kind: 'deadlock' }, {}),
  tagged({ kind: 'csum error' }, {}),
  tagged({ kind: 'returns' }, { task: letter, value: returned }),
  tagged({ kind: 'reads' }, { task: letter, what: oneOf(['stale', 'zeros'] as const, 4) }),
  tagged({ kind: 'reads data' }, { task: letter, range, stamp }),
  tagged({ kind: 'before' }, { task: letter, label: spelled, than: letter, other: spelled }),
)

const fact = parts<Fact>({ afterPower: bit, what, whenDone: maybe(letter) })

const choice: Codec<Choice> = kinds<Choice>(
  2,
  kind<Choice>((one) => 'steps' in one, parts({ task: spelled, steps: whole }) as Codec<Choice>),
  kind<Choice>(() => true, parts({ task: spelled, until: spelled, nth: whole }) as Codec<Choice>),
)

const hex = oneOf([...'0123456789abcdef'])
const patch: Codec<string> = kinds<string>(
  2,
  kind<string>((one) => /^[0-9a-f]{12}$/.test(one), {
    put: (one, to) => {
      for (const digit of one) hex.put(digit, to)
    },
    get: (from) => Array.from({ length: 12 }, () => hex.get(from)).join(''),
  }),
  kind<string>(() => true, spelled),
)

/** `6.1`, `6.1.64`, `6.0-rc1`. */
const release: Codec<string> = {
  put: (text, to) => {
    const [, major, minor, point, rc] = /^(\d+)\.(\d+)(?:\.(\d+))?(?:-rc(\d+))?$/.exec(text) ?? []
    for (const one of [major, minor]) whole.put(Number(one), to)
    for (const one of [point, rc]) maybe(whole).put(one === undefined ? null : Number(one), to)
  },
  get: (from) => {
    const [major, minor] = [whole.get(from), whole.get(from)]
    const [point, rc] = [maybe(whole).get(from), maybe(whole).get(from)]
    return `${major}.${minor}${point === null ? '' : `.${point}`}${rc === null ? '' : `-rc${rc}`}`
  },
}

const saying: Codec<Saying> = kinds<Saying>(
  16,
  tagged({ kind: 'task' }, { task: letter, command }),
  tagged({ kind: 'setup' }, { command }),
  ...claims.map((claim) => tagged({ kind: 'claim', claim }, { fact })),
  tagged({ kind: 'may' }, { event: oneOf(events, 12), range: maybe(range) }),
  tagged({ kind: 'on' }, { fs: spelled, release, on: list(patch, PATCHES_MAX), off: list(patch, PATCHES_MAX) }),
  tagged({ kind: 'outcomes' }, { afterPower: bit }),
  tagged({ kind: 'run' }, { choices: list(choice, CHOICES_MAX) }),
  tagged({ kind: 'mkfs' }, { options: list(known(options, 24), OPTIONS_MAX) }),
  tagged({ kind: 'mount' }, { options: list(known(options, 24), OPTIONS_MAX) }),
)

const everything = parts<{ readonly name: string | null; readonly sayings: readonly Saying[] }>({
  name: maybe(spelled),
  sayings: list(saying, STATEMENTS_MAX),
})

/** Two letters tell whether the rest arrived whole. */
const checked = 62 ** 2
const checkOf = (text: string): number => crc32c([...text].map((one) => ({ byte: one.charCodeAt(0), count: 1 }))) % checked

/** Letters and digits. Comments do not travel: they are for who reads the text. */
export function packedPayload({ name, statements }: Scene): string {
  const sayings = statements.flatMap((one) => (one.kind === 'comment' ? [] : [{ ...one, comment: null }]))
  const to = new DigitWriter()
  to.put(checkOf(printScene({ name, statements: sayings })), checked)
  everything.put({ name, sayings }, to)
  return to.text()
}

/** @throws InputError with what is wrong. */
export function sceneOfPacked(payload: string): Scene {
  const from = new DigitReader(payload)
  const check = from.get(checked)
  const { name, sayings } = everything.get(from)
  const text = printScene({ name, statements: sayings.map((one, i) => ({ ...one, line: i + 2, comment: null })) })
  const { scene, problems } = parseScene(text)
  if (check !== checkOf(text) || !from.done || problems.length > 0)
    throw new InputError('the scene in this link is damaged: a letter of it was changed or lost; ask for its text')
  return scene
}
