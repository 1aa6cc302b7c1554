/**
 * Runs one command after the other on the model: each system call is a task that runs to its end, with whatever it
 * spawned; the world it leaves is the next one's. The procedures are those that the scenarios run.
 */
import { AuthorError } from '../../../base/assert.ts'
import { copy } from '../../../base/plain.ts'
import { alignDown, alignUp, overlaps } from '../../../base/range.ts'
import { Machine } from '../../../engine/machine.ts'
import { isWait, type Kernel } from '../../../engine/procedure.ts'
import type { TaskDeclaration } from '../../../engine/system.ts'
import { gaps } from '../../lib/runs.ts'
import { errnoName } from '../../lib/errno.ts'
import type { Fallocate } from '../../lib/operations.ts'
import type { Fsync, Read, Syncfs, Truncate, Write } from '../../vfs/calls.ts'
import type { MmapStores } from '../../vfs/programs.ts'
import { fillCache } from '../buffered/pages.ts'
import { btrfsSystem, stageWorld } from '../stage.ts'
import { INO, SECTOR, type BtrfsWorld, type Item } from '../world.ts'
import type { Command } from './command.ts'

/** What mkfs and mount chose. */
export interface FileSystem {
  readonly noHoles: boolean
  readonly nodatacow: boolean
  readonly nodatasum: boolean
}

/** A machine with one open file: the world, and the process's mapping of the file. */
export interface Session {
  readonly world: BtrfsWorld
  readonly mapped: { readonly from: number; readonly to: number } | null
}

export interface Result {
  readonly ret: number
  /** Name of the errno or signal; null if there was none. */
  readonly err: string | null
}

/** The first transaction of a fresh file system. */
const firstTransaction = 7
/** No leaf of these small files is ever full. */
const room = 100_000

const inodeItems = (generation: number): Item[] => [
  { oid: INO, type: 'INODE_ITEM', offset: 0, size: 0, generation },
  { oid: INO, type: 'INODE_REF', offset: 256, name: 'foo' },
]

/** A fresh file system with an empty file made in its first transaction, which nothing has committed yet. */
export function freshSession(kernel: Kernel, { noHoles, nodatacow, nodatasum }: FileSystem): Session {
  const leaves = [{ id: 'N', generation: firstTransaction, items: inodeItems(firstTransaction), room }]
  const staged = stageWorld({ kernel, setting: {}, size: 0, noHoles, nodatacow, nodatasum: nodatacow || nodatasum, leaves, committed: [] })
  const world: BtrfsWorld = {
    ...staged,
    bi: { ...staged.bi, lastTrans: firstTransaction, lastReflinkTrans: 0 },
    fs: { ...staged.fs, generation: firstTransaction, leafRoom: room, logLeafRoom: room },
    durable: { ...staged.durable, generation: firstTransaction - 1 },
  }
  return { world, mapped: null }
}

const result = (value: number): Result => (value < 0 ? { ret: -1, err: errnoName(value) } : { ret: value, err: null })

/** Runs the task first, and what it spawned when it has to wait; then what is left of that. @returns the world and what the call returned. */
function complete(world: BtrfsWorld, task: TaskDeclaration): { readonly world: BtrfsWorld; readonly returned: unknown } {
  const machine = new Machine(btrfsSystem('operations', world, [task], []))
  let state = machine.initial
  const step = (slot: number): boolean => {
    if (!machine.isUnfinished(state, slot)) return false
    const next = machine.step(state, slot)
    if (isWait(next)) return false
    state = next
    return true
  }
  while (machine.taskSlots.some(step)) continue
  if (!machine.isFinal(state)) {
    const at = machine.at(state, task.letter)
    throw new AuthorError(`${task.name} never ends: it waits at ${at?.procedure}.${at?.label}`)
  }
  return { world: machine.world(state), returned: machine.task(state, task.letter)?.returned ?? 0 }
}

/** The world without what belonged to the last call. */
const quiet = (world: BtrfsWorld): BtrfsWorld => ({
  ...world,
  buffers: {},
  kiocbs: {},
  iters: {},
  calls: {},
  bios: {},
  dios: {},
  freed: {},
})

function call(world: BtrfsWorld, procedure: string, locals: object, name: string): { readonly world: BtrfsWorld; readonly value: number } {
  const ready = { ...quiet(world), calls: { A: { text: name, returned: null } } }
  const done = complete(
    { ...ready, buffers: world.buffers, kiocbs: world.kiocbs, iters: world.iters },
    { letter: 'A', name, must: true, procedure, locals },
  )
  return { world: quiet(done.world), value: Number(done.returned) }
}

/** What a byte of this value is called in the model: zeros are zeros whoever wrote them. */
const stampOf = (fill: number): string => (fill === 0 ? '0' : `x${fill.toString(16).padStart(2, '0')}`)

function pwrite(session: Session, command: Extract<Command, { name: 'pwrite' }>): { readonly session: Session; readonly value: number } {
  let { world } = session
  let total = 0
  for (let at = 0; at < command.length; at += command.block) {
    const count = Math.min(command.block, command.length - at)
    const content = [{ from: 0, to: count, stamp: stampOf(command.fill) }]
    const done = call(
      {
        ...world,
        buffers: { A: { length: count, content, present: [{ from: 0, to: count }], pinned: [] } },
        kiocbs: { A: { ki_pos: command.offset + at, append: command.append, direct: command.direct } },
        iters: { A: { offset: 0, count } },
      },
      'write',
      { io: 'A', file: 'fd', direct: command.direct, dsync: false, positioned: false } satisfies Write,
      `write(fd, buf, ${count})`,
    )
    world = done.world
    if (done.value < 0) return { session: { ...session, world }, value: total > 0 ? total : done.value }
    total += done.value
    if (done.value < count) break
  }
  return { session: { ...session, world }, value: total }
}

/** Reads [from, to) through the page cache; what is not cached is read from disk, once no ordered extent is in the way. */
function readPages(world: BtrfsWorld, from: number, to: number): BtrfsWorld {
  let read = world
  for (const gap of gaps(world.mapping.runs, from, to))
    if (read.ordered.some((oe) => overlaps(oe, gap)))
      read = call(read, 'read', { op: null, from: gap.from, to: gap.to } satisfies Read, 'read').world
  const own = copy(read)
  fillCache(own, from, to)
  return own
}

/** Memory of the file that stops being mapped has to fault before the next store. */
const unmapped = (world: BtrfsWorld): BtrfsWorld => ({ ...world, mapping: { ...world.mapping, writable: [] } })

const einval = -22

/** Runs one command to its end. */
export function runCommand(session: Session, command: Command): { readonly session: Session; readonly result: Result } {
  const { world, mapped } = session
  const through = (procedure: string, locals: object, name: string) => {
    const done = call(world, procedure, locals, name)
    return { session: { ...session, world: done.world }, result: result(done.value) }
  }
  switch (command.name) {
    case 'pwrite': {
      const done = pwrite(session, command)
      return { session: done.session, result: result(done.value) }
    }
    case 'pread': {
      const to = Math.min(world.inode.i_size, command.offset + command.length)
      if (to <= command.offset) return { session, result: result(0) }
      const read = command.direct
        ? call(world, 'filemap_write_and_wait_range', { from: command.offset, to }, 'read').world
        : readPages(world, alignDown(command.offset, SECTOR), alignUp(to, SECTOR))
      return { session: { ...session, world: read }, result: result(to - command.offset) }
    }
    case 'mmap':
      return {
        session: { world: unmapped(world), mapped: { from: command.offset, to: command.offset + command.length } },
        result: result(0),
      }
    case 'munmap':
      return mapped ? { session: { world: unmapped(world), mapped: null }, result: result(0) } : { session, result: result(einval) }
    case 'mwrite': {
      const to = command.offset + command.length
      if (!mapped || command.offset < mapped.from || to > mapped.to) return { session, result: result(einval) }
      return through('mmap_stores', { at: command.offset, to, stamp: stampOf(command.fill) } satisfies MmapStores, 'mwrite')
    }
    case 'msync':
      return mapped ? through('fsync', { file: 'fd' } satisfies Fsync, 'msync') : { session, result: result(einval) }
    case 'truncate':
      return through('ftruncate', { to: command.to } satisfies Truncate, `ftruncate(fd, ${command.to})`)
    case 'fallocate': {
      const { mode, offset, length, keepSize } = command
      return through('fallocate', { mode, offset, length, keepSize } satisfies Fallocate, 'fallocate')
    }
    case 'sync_range':
      return through('sync_file_range_call', { from: command.offset, to: command.offset + command.length }, 'sync_file_range')
    case 'syncfs':
      return through('syncfs', { after: null } satisfies Syncfs, 'syncfs')
    case 'fsync':
    case 'fdatasync':
      return through('fsync', { file: 'fd' } satisfies Fsync, `${command.name}(fd)`)
  }
}

/** Reads the whole file through the page cache, as who looks at it between two commands does. */
export const look = (session: Session): Session => ({
  ...session,
  world: readPages(session.world, 0, alignUp(session.world.inode.i_size, SECTOR)),
})
