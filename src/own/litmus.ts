/**
 * Recorded programs of two tasks as scenes, and what the model says of each: every outcome that it can have, held against those that a real
 * kernel had. The format: one JSON object a line, see `readLitmus`.
 */
import { InputError } from '../base/assert.ts'
import { join, overlay, transfer, valuesOf, type Run } from '../kernel/lib/runs.ts'
import { errnoName } from '../kernel/lib/errno.ts'
import { parseCommand } from '../kernel/btrfs/ops/command.ts'
import { seekMap } from '../kernel/btrfs/ops/observe.ts'
import type { System } from '../engine/system.ts'
import { contentOf, layoutOf } from '../kernel/btrfs/tree/extents.ts'
import { allItems } from '../kernel/btrfs/tree/tree.ts'
import type { BtrfsWorld } from '../kernel/btrfs/world.ts'
import { callsOf } from '../kernel/vfs/thread.ts'
import { reduce } from '../engine/reduce.ts'
import { canonical, type Plain } from '../base/plain.ts'
import { nothingSeen, type Seen } from '../engine/view.ts'
import type { Command, Letter, Saying, Scene } from '../scene/scene.ts'
import { fused, fusedOfWriters } from './btrfs/fused.ts'
import { sampled } from './sampled.ts'
import { SingleSteps } from './single.ts'
import { stageScene } from './system.ts'

/** `[offset, length, "41"]`; `"61+41"`: each byte may have either value; of a recording, a block that was torn. */
export type DataRun = readonly [number, number, string]
/** What a command returned, its error, and for a read what it found. */
export type Returned = readonly [number, string | null, (readonly DataRun[])?]

export interface LitmusOutcome {
  readonly rets: Readonly<Record<Letter, readonly Returned[]>>
  readonly size: number
  readonly data: readonly DataRun[]
  readonly map: readonly (readonly [string, number, number])[]
}

export interface Recorded extends LitmusOutcome {
  readonly count: number
}

export interface LitmusProgram {
  readonly id: string
  readonly kind: string
  readonly fs: string
  readonly release: string
  readonly setup: readonly string[]
  readonly tasks: Readonly<Record<Letter, readonly string[]>>
  readonly outcomes: readonly Recorded[]
}

const isText = (value: unknown): value is string => typeof value === 'string'

/** One line of a recording. @throws InputError naming what is missing. */
export function readLitmus(line: string): LitmusProgram {
  let value: Record<string, unknown>
  try {
    value = JSON.parse(line) as Record<string, unknown>
  } catch {
    throw new InputError('the line is no JSON object')
  }
  const { id, kind, fs, kernel, setup, tasks, outcomes } = value
  if (!isText(id) || !isText(fs) || !isText(kernel)) throw new InputError('the line has no "id", "fs" or "kernel"')
  if (!Array.isArray(setup) || !setup.every(isText)) throw new InputError(`${id} has no list of commands "setup"`)
  if (typeof tasks !== 'object' || tasks === null || !Object.values(tasks).every((one) => Array.isArray(one) && one.every(isText)))
    throw new InputError(`${id} has no lists of commands "tasks"`)
  if (!Array.isArray(outcomes)) throw new InputError(`${id} has no list "outcomes"`)
  // Debian's own version says which stable release it is built from.
  const release = /(\d+\.\d+\.\d+)-\d/.exec(kernel.replace(/^.*?#/, ''))?.[1] ?? /\d+\.\d+(\.\d+)?/.exec(kernel)?.[0]
  if (release === undefined) throw new InputError(`${id} has a "kernel" without a release: ${kernel}`)
  return {
    id,
    kind: isText(kind) ? kind : '',
    fs,
    release,
    setup,
    tasks: tasks as LitmusProgram['tasks'],
    outcomes: outcomes as Recorded[],
  }
}

const hexByte = (fill: number): string => `0x${fill.toString(16).padStart(2, '0')}`

/** A recorded command in the language of scenes; a program has one descriptor for each way to open the file. */
function commandsOf(text: string): Command[] {
  // The memory of `-u` was never touched.
  const untouched = / -u\b/.test(text)
  const command = parseCommand(text.replace(/ -u\b/, ''))
  const empty = { flags: '', stamp: null, block: null, of: null, path: null, numbers: [], model: [] } as const
  const on = (name: Command['name'], numbers: readonly number[], more: Partial<Command> = {}): Command[] => [
    { ...empty, name, numbers, ...more },
  ]
  switch (command.name) {
    case 'pwrite':
      return [
        ...on('open', [], { flags: `${command.append ? 'a' : ''}${command.direct ? 'd' : ''}` }),
        ...on('pwrite', [command.offset, command.length], {
          stamp: untouched ? null : hexByte(command.fill),
          block: command.block,
          model: untouched ? [{ kind: 'buf', pages: 'absent' }] : [],
        }),
      ]
    case 'pread':
      return [...on('open', [], { flags: command.direct ? 'd' : '' }), ...on('pread', [command.offset, command.length])]
    case 'mmap':
      return on('mmap', [command.offset, command.length], { flags: command.writable ? 'rw' : 'r' })
    case 'mwrite':
      return on('mwrite', [command.offset, command.length], { stamp: hexByte(command.fill) })
    case 'truncate':
      return on('truncate', [command.to])
    case 'fallocate': {
      const name = ({ allocate: 'falloc', punch: 'fpunch', zero: 'fzero' } as const)[command.mode]
      return on(name, [command.offset, command.length], { flags: command.keepSize && name !== 'fpunch' ? 'k' : '' })
    }
    case 'sync_range':
      return on('sync_range', [command.offset, command.length], { flags: 'aw' })
    case 'msync':
      return on('msync', [command.offset, command.length])
    default:
      return on(command.name, [])
  }
}

/** The program as a scene. */
export function sceneOfLitmus({ id, fs, release, setup, tasks }: LitmusProgram): Scene {
  const said: Saying[] = [
    { kind: 'on', fs, release, on: [], off: [] },
    ...setup.flatMap(commandsOf).map((command): Saying => ({ kind: 'setup', command })),
    ...Object.entries(tasks).flatMap(([task, commands]) =>
      commands.flatMap(commandsOf).map((command): Saying => ({ kind: 'task', task, command })),
    ),
    { kind: 'outcomes', afterPower: false },
  ]
  return { name: id.toLowerCase(), statements: said.map((one, i) => ({ ...one, line: i + 2, comment: null })) }
}

/** How many calls a command makes. */
function callsIn(text: string): number {
  const command = parseCommand(text.replace(/ -u\b/, ''))
  return command.name === 'mmap' || command.name === 'munmap'
    ? 0
    : command.name === 'pwrite'
      ? Math.ceil(command.length / command.block)
      : 1
}

/** A byte as the recording writes it. */
const hexOfByte = (stamp: string): string =>
  /^[0?]$/.test(stamp) ? '00' : stamp.startsWith('x') ? stamp.slice(1) : stamp.charCodeAt(0).toString(16)

/** Bytes as the recording writes them; those that may have several values as it writes a block that was torn. */
const hexOf = (stamp: string): string => [...new Set(valuesOf(stamp).map(hexOfByte))].sort().join('+')

/** Runs by the value of their bytes, from this offset on. */
const inBytes = (runs: readonly Run[], offset: number): DataRun[] =>
  join(
    runs.map(({ from, to, stamp }) => ({ from, to, stamp: hexOf(stamp) })),
    (a, b) => a.stamp === b.stamp,
  ).map(({ from, to, stamp }): DataRun => [offset + from, to - from, stamp])

/** What each command returned, by the calls that it made. */
function returnsOf(s: BtrfsWorld, task: Letter, commands: readonly string[]): Returned[] {
  const calls = s.calls[task] ? [...callsOf(s, task)] : []
  return commands.map((text): Returned => {
    const mine = calls.splice(0, callsIn(text))
    const failed = mine.find(({ returned }) => (returned ?? 0) < 0)
    if (failed) return [-1, errnoName(failed.returned ?? 0)]
    const sum = mine.reduce((all, { returned }) => all + (returned ?? 0), 0)
    const [read] = mine
    if (!read?.read) return [sum, null]
    const offset = parseCommand(text).name === 'pread' ? read.at - sum : 0
    return [sum, null, inBytes(read.read, offset)]
  })
}

/** What a read finds when all calls have returned: of an ordered extent it waits for the rest to be written, and finds what is on the disk. */
function foundBy(s: BtrfsWorld): Run[] {
  const { i_size } = s.inode
  const waiting = s.ordered
    .filter(({ ioerr }) => !ioerr)
    .flatMap((oe) => transfer([], oe.from, s.disk.data, oe.disk, oe.truncatedTo ?? oe.to - oe.from))
  return contentOf(layoutOf(allItems(s.subvol), s.disk.data, i_size), overlay(waiting, s.mapping.runs), i_size)
}

/** What is seen of the file at the end, as the recording has it. */
export const seenBy =
  (program: LitmusProgram) =>
  (s: BtrfsWorld): Seen => {
    const outcome: LitmusOutcome = {
      rets: Object.fromEntries(Object.entries(program.tasks).map(([task, commands]) => [task, returnsOf(s, task, commands)])),
      size: s.inode.i_size,
      data: inBytes(foundBy(s), 0),
      map: seekMap(s),
    }
    return { ...nothingSeen, after: outcome as unknown as Plain }
  }

export interface ModelOutcome extends LitmusOutcome {
  /** A schedule that ends so. */
  readonly sample: string
}

export interface Judged {
  readonly program: LitmusProgram
  readonly complete: boolean
  readonly states: number
  readonly possible: readonly ModelOutcome[]
  /** Recorded, and not among the model's. */
  readonly missing: readonly Recorded[]
  /** The model's that were never seen. */
  readonly unseen: readonly ModelOutcome[]
}

type SameHex = (one: string, other: string) => boolean

/** Are they equally long, and does each byte of one go with that of the other? */
function sameData(some: readonly DataRun[], others: readonly DataRun[], same: SameHex): boolean {
  const total = (runs: readonly DataRun[]): number => runs.reduce((sum, [, length]) => sum + length, 0)
  if (total(some) !== total(others)) return false
  return some.every(([offset, length, hex]) => {
    const parts = others.filter(([at, n]) => at < offset + length && offset < at + n)
    const covered = parts.reduce((sum, [at, n]) => sum + Math.min(at + n, offset + length) - Math.max(at, offset), 0)
    return covered === length && parts.every(([, , one]) => same(hex, one))
  })
}

const sameReturns = (some: readonly Returned[], others: readonly Returned[], same: SameHex): boolean =>
  some.length === others.length &&
  some.every(([value, error, found], i) => {
    const [otherValue, otherError, otherFound] = others[i] ?? [NaN, null]
    return value === otherValue && error === otherError && sameData(found ?? [], otherFound ?? [], same)
  })

const sameOutcome = (some: LitmusOutcome, others: LitmusOutcome, same: SameHex): boolean =>
  some.size === others.size &&
  sameData(some.data, others.data, same) &&
  JSON.stringify(some.map) === JSON.stringify(others.map) &&
  Object.entries(some.rets).every(([task, returns]) => sameReturns(returns, others.rets[task] ?? [], same))

const valuesIn = (hex: string): readonly string[] => hex.split('+')

/** A torn block, `61+41`, agrees with each of its values, and one of the model's that may have either with each. */
export const agrees = (recorded: LitmusOutcome, model: LitmusOutcome): boolean =>
  sameOutcome(recorded, model, (hex, one) => hex.endsWith('..') || valuesIn(one).some((value) => valuesIn(hex).includes(value)))

/** Does any byte that was read have one of several values? */
const isMixed = ({ rets, data }: LitmusOutcome): boolean =>
  [data, ...Object.values(rets).flatMap((returns) => returns.map(([, , found]) => found ?? []))].some((runs) =>
    runs.some(([, , hex]) => hex.includes('+')),
  )

/** Of mixtures those that are no special case of another; an outcome without any is told by itself. */
export function widest<T extends LitmusOutcome>(outcomes: readonly T[]): T[] {
  const mixed = outcomes.filter(isMixed)
  const within = (wide: T, narrow: T): boolean =>
    sameOutcome(wide, narrow, (hex, one) => valuesIn(one).every((value) => valuesIn(hex).includes(value)))
  return outcomes.filter((one) => !mixed.includes(one) || !mixed.some((other) => other !== one && within(other, one)))
}

/** A read that says it read more than it put into its buffer: no kernel does. */
export const impossible = ({ rets }: LitmusOutcome): boolean =>
  Object.values(rets).some((returns) =>
    returns.some(([value, , found]) => found !== undefined && found.reduce((sum, [, length]) => sum + length, 0) !== value),
  )

const modelOutcome = (after: Plain, sample: string): ModelOutcome => ({ ...(after as unknown as LitmusOutcome), sample })

/** Which steps go together: more where tasks do nothing but write. */
export function fusedIn({ tasks }: LitmusProgram): ReadonlySet<string> {
  const onlyWrites = Object.values(tasks)
    .flat()
    .every((text) => parseCommand(text.replace(/ -u\b/, '')).name === 'pwrite')
  return onlyWrites ? fusedOfWriters : fused
}

/** How many schedules are drawn for a program that is too large to be searched. */
const WALKS = 1_000

/** Every outcome of the program; `steps`: with each step by itself, which takes longer. @throws InputError if the model does not take it. */
export function judgeLitmus(program: LitmusProgram, maxStates: number, steps: 'fused' | 'single' = 'fused'): Judged {
  const staged = stageScene(sceneOfLitmus(program))
  if (!('system' in staged)) throw new InputError(`${program.id}: ${staged.map(({ message }) => message).join('; ')}`)
  const system = { ...(staged.system as unknown as System<BtrfsWorld>), oracles: [], outcome: seenBy(program) }
  const together = fusedIn(program)
  const placed = { ...system.world, space: { ...system.world.space, placed: [] } }
  const { outcomes, complete, states } = reduce(steps === 'fused' ? { ...system, world: placed, fused: together } : system, { maxStates })
  const searched = outcomes.filter(({ stuck }) => stuck === null).map(({ after, sample }) => modelOutcome(after, sample))
  // Where the bound stops the search, schedules at random meet some of what it has not come to.
  const drawn = complete ? [] : sampled(system, WALKS).map(({ seen, sample }) => modelOutcome(seen.after, sample))
  const single = new SingleSteps(system, together)
  const possible = widest([
    ...new Map([...drawn, ...searched].map((one) => [canonical({ ...one, sample: '' } as unknown as Plain), one])).values(),
  ]).map((one) => (steps === 'single' || drawn.includes(one) ? one : { ...one, sample: single.of(one.sample) }))
  return {
    program,
    complete,
    states,
    possible,
    missing: program.outcomes.filter((one) => !possible.some((other) => agrees(one, other))),
    unseen: possible.filter((one) => !program.outcomes.some((other) => agrees(other, one))),
  }
}
