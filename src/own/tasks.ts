/** A scene's tasks: each a thread that makes its calls in order. */
import { size } from '../base/range.ts'
import type { TaskDeclaration } from '../engine/system.ts'
import { PAGE, type UserBuffer } from '../kernel/mm/world.ts'
import {
  addFallocate,
  addFsync,
  addMwrite,
  addPowerFailure,
  addRead,
  addSyncRange,
  addSyncfs,
  addTruncate,
  addWaitedRead,
  addWrite,
  emptyBuffer,
} from '../kernel/vfs/stage.ts'
import type { Memset } from '../kernel/vfs/guest.ts'
import { addOnlyCall, addThread, threadCall, type Thread, type ThreadCall } from '../kernel/vfs/thread.ts'
import { sayings, tasksOf, type Command, type EventName, type Letter, type Model, type Scene } from '../scene/scene.ts'
import type { SceneSystem, SceneWorld } from './file-system.ts'
import { openedBy, plain, type Opened } from './modelled.ts'
import { stampName } from './stamps.ts'

/** What a call finds: how its file is open, and the name of that. */
interface Open extends Opened {
  readonly file: string
}

const has = <K extends Model['kind']>({ model }: Command, kind: K): Extract<Model, { kind: K }> | undefined =>
  model.find((one): one is Extract<Model, { kind: K }> => one.kind === kind)

/** The memory that a write takes its data from. */
function writeBuffer(letter: Letter, command: Command, length: number): UserBuffer {
  const buf = has(command, 'buf')
  const stamp = stampName(command.stamp ?? letter)
  const content = [{ from: 0, to: length, stamp }]
  const all = [{ from: 0, to: length }]
  if (!buf) return { length, content, present: all, pinned: [] }
  switch (buf.pages) {
    // Memory that nobody has touched holds zeros; with -S somebody has, through another page table.
    case 'absent':
      return { length, content: command.stamp === null ? [] : content, present: [], pinned: [] }
    case 'first':
      return { length, content, present: buf.length > 0 ? [{ from: 0, to: Math.min(buf.length, length) }] : [], pinned: [] }
    case 'shared':
      return { length, content, present: all, pinned: [], shared: true }
    case 'mapped':
      return { ...emptyBuffer(length, 0), maps: { at: buf.offset, copies: false } }
  }
}

function readBuffer(command: Command, length: number): UserBuffer {
  const buf = has(command, 'buf')
  if (!buf) return emptyBuffer(length)
  switch (buf.pages) {
    case 'absent':
      return emptyBuffer(length, 0)
    case 'first':
      return emptyBuffer(length, Math.min(buf.length, length))
    case 'shared':
      return { ...emptyBuffer(length), shared: true }
    case 'mapped':
      return { ...emptyBuffer(length, 0), maps: { at: buf.offset, copies: true } }
  }
}

function writes(letter: Letter, command: Command, open: Open): ThreadCall[] {
  const [offset = 0, length = 0] = command.numbers
  const block = command.block ?? length
  const calls: ThreadCall[] = []
  for (let done = 0; done < length; done += block) {
    const part = Math.min(block, length - done)
    calls.push(
      threadCall(letter, (s) =>
        addWrite(s, {
          letter,
          length: part,
          at: offset + done,
          file: open.file,
          append: open.append,
          sync: open.sync,
          dsync: has(command, 'dsync') !== undefined,
          aio: has(command, 'via')?.ring === 'aio',
          buffered: !open.direct,
          buffer: writeBuffer(letter, command, part),
        }),
      ),
    )
  }
  return calls
}

function reads(letter: Letter, command: Command, open: Open): ThreadCall {
  const [at = 0, length = 0] = command.numbers
  const via = has(command, 'via')
  const nowait = has(command, 'nowait') !== undefined
  const read = { letter, at, length, buffer: readBuffer(command, length), direct: open.direct, ...(nowait ? { nowait } : {}) }
  const text = `pread(${open.file}, buf, ${size(length)}, ${size(at)})`
  if (via) return threadCall(letter, (s) => addWaitedRead(s, read, via.ring === 'aio' ? 'libaio' : 'io_uring'))
  return threadCall(letter, (s) => addRead(s, nowait ? read : { ...read, text }))
}

/** The calls that one line makes; none where it only says how the file is open or mapped. */
export function callsMadeBy(letter: Letter, command: Command, open: Open): ThreadCall[] {
  const [offset = 0, length = 0] = command.numbers
  const part = { from: offset, to: offset + length }
  const named = (name: string) => ({ ...threadCall(letter, (s) => addFsync(s, letter, open.file)), text: name })
  switch (command.name) {
    case 'pwrite':
      return writes(letter, command, open)
    case 'pread':
      return [reads(letter, command, open)]
    case 'mwrite':
      return [threadCall(letter, (s) => addMwrite(s, letter, { ...part, stamp: stampName(command.stamp ?? letter) }))]
    case 'truncate':
      return [threadCall(letter, (s) => addTruncate(s, letter, offset, { file: open.file }))]
    case 'falloc':
    case 'fzero':
    case 'fpunch': {
      const mode = { falloc: 'allocate', fzero: 'zero', fpunch: 'punch' }[command.name] as 'allocate' | 'zero' | 'punch'
      const keepSize = mode === 'punch' || command.flags.includes('k')
      return [threadCall(letter, (s) => addFallocate(s, letter, { mode, offset, length, keepSize }))]
    }
    case 'fsync':
    case 'fdatasync':
      return [named(`${command.name}(${open.file})`)]
    case 'msync':
      return [named('msync(map, MS_SYNC)')]
    case 'sync_range':
      return [threadCall(letter, (s) => addSyncRange(s, letter, part))]
    case 'sync':
    case 'syncfs':
      return [threadCall(letter, (s) => addSyncfs(s, letter))]
    default:
      return []
  }
}

/** Another task's memory: the store needs no call, and the memory is there before that task begins. */
function memsetTask(letter: Letter, stores: readonly Command[]): TaskDeclaration {
  const [first] = stores
  const of = first?.of ?? letter
  return {
    letter,
    name: `another thread stores to ${of}'s memory`,
    must: true,
    procedure: 'memset',
    locals: {
      buffer: of,
      stores: stores.map((one) => ({
        from: one.numbers[0] ?? 0,
        to: (one.numbers[0] ?? 0) + (one.numbers[1] ?? 0),
        stamp: stampName(one.stamp ?? letter),
      })),
    },
  }
}

/** A free letter for each thing that may happen, its own if nobody has it. */
const preferred: Readonly<Record<EventName, string>> = { power: 'P', writeback: 'F', reclaim: 'R', migrate: 'G', commit: 'K', ioerror: 'E' }

/** Every task of the scene, those that may happen behind those that have to. Puts into the world what has to be there before they begin. */
export function tasksIn<W extends SceneWorld>(scene: Scene, world: W, { event: eventOf, daemons }: SceneSystem<W>): TaskDeclaration[] {
  const letters = tasksOf(scene)
  const shared = new Map(
    sayings(scene, 'task').flatMap(({ task, command }) =>
      command.model.flatMap((model) => (model.kind === 'same fd' ? [[task, model.as] as const] : [])),
    ),
  )
  const fileOf = (letter: Letter): string => (letters.length === 1 ? 'fd' : `fd${shared.get(letter) ?? letter}`)
  const threads = letters.map((letter): TaskDeclaration => {
    const commands = sayings(scene, 'task')
      .filter(({ task }) => task === letter)
      .map(({ command }) => command)
    if (commands.every(({ name }) => name === 'memset')) return memsetTask(letter, commands)
    let open: Open = { ...plain, file: fileOf(letter) }
    world.files[open.file] ??= { f_pos: 0, f_pos_lock: null, private_data: null }
    const calls = commands.flatMap((command) => {
      if (command.name === 'open') open = { ...open, ...openedBy(command) }
      if (command.name === 'close') open = { ...open, ...plain }
      return callsMadeBy(letter, command, open)
    })
    const [only, second] = calls
    return only && !second && !asksWhenBegun(scene, letter) ? addOnlyCall(world, letter, only) : addThread(world, letter, calls)
  })
  const taken = new Set(letters)
  const events = sayings(scene, 'may').map(({ event, range }) => {
    const letter = [preferred[event], ...'STUVWXYZGHIJKLMNOQEFABCDP'].find((one) => !taken.has(one)) ?? 'Z'
    taken.add(letter)
    return event === 'power' ? addPowerFailure(letter) : eventOf(letter, event, range)
  })
  // One task alone has nobody who looks while it writes.
  const made = new Set(sayings(scene, 'task').map(({ command: { name } }) => name))
  if (letters.length > 1 && (made.has('pread') || made.has('mwrite')))
    world.mapping = { ...world.mapping, watched: true, ...(mayResize(scene, world.inode.i_size) ? { resized: true as const } : {}) }
  for (const { procedure, locals } of threads) if (procedure === 'memset') shareMemory(world, (locals as Memset).buffer, threads)
  const free = [...'TSUVWXYZGHIJKLMNOQEFABCDP'].filter((one) => !taken.has(one))
  return [...threads, ...daemons(scene, free), ...events]
}

/** May a task change the size that the file has? */
const mayResize = (scene: Scene, size: number): boolean =>
  sayings(scene, 'task').some(({ command: { name, flags, numbers } }) => {
    if (name === 'truncate') return true
    if (name === 'open') return flags.includes('a')
    return (name === 'pwrite' || name === 'falloc' || name === 'fzero') && (numbers[0] ?? 0) + (numbers[1] ?? 0) > size
  })

/** The memory of a thread's first call with a buffer is there from the start, and somebody else stores to it. */
function shareMemory(world: SceneWorld, letter: Letter, threads: readonly TaskDeclaration[]): void {
  const thread = threads.find((one) => one.letter === letter)
  const buffer = world.buffers[letter] ?? (thread?.locals as Partial<Thread> | undefined)?.calls?.find((one) => one.buffer)?.buffer
  if (buffer) world.buffers[letter] = { ...buffer, shared: true }
}

/** What a read may find depends on when it begins: the thread's own step before the call says so. */
const asksWhenBegun = (scene: Scene, letter: Letter): boolean =>
  sayings(scene, 'claim').some(({ fact: { what } }) => what.kind === 'reads' && what.what === 'stale' && what.task === letter)

/** How far the file may reach in this scene, in bytes; a multiple of a page, at least one. */
export function reach(scene: Scene, size: number): number {
  const ends = [...sayings(scene, 'setup'), ...sayings(scene, 'task')].map(
    ({ command }) => (command.numbers[0] ?? 0) + (command.numbers[1] ?? 0),
  )
  const appended = sayings(scene, 'task').reduce((sum, { command }) => sum + (command.name === 'pwrite' ? (command.numbers[1] ?? 0) : 0), 0)
  const appends = sayings(scene, 'task').some(({ command }) => command.name === 'open' && command.flags.includes('a'))
  const most = Math.max(size + (appends ? 2 * appended : 0), PAGE, ...ends)
  return Math.ceil(most / PAGE) * PAGE
}
