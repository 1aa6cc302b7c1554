/**
 * Runs one command after the other on the model: each system call is a task that runs to its end, with whatever it
 * spawned; the world it leaves is the next one's. The procedures are those that the scenarios run.
 */
import { alignDown, alignUp, overlaps, type Range } from '../../../base/range.ts'
import type { Kernel } from '../../../engine/procedure.ts'
import { Sequential, type First } from '../../../engine/sequential.ts'
import { gaps } from '../../lib/runs.ts'
import { EINVAL, errnoName, SIGSEGV } from '../../lib/errno.ts'
import type { Fallocate } from '../../lib/operations.ts'
import type { Fsync, Read, Syncfs, Truncate, Write } from '../../vfs/calls.ts'
import type { MmapStores } from '../../vfs/programs.ts'
import { fillCache } from '../buffered/pages.ts'
import { NotModelled } from '../not-modelled.ts'
import { btrfsSystem, stageWorld } from '../stage.ts'
import { INO, SECTOR, type BtrfsWorld, type Item } from '../world.ts'
import type { Command } from './command.ts'

/** What mkfs and mount chose. */
export interface FileSystem {
  readonly noHoles: boolean
  readonly nodatacow: boolean
  readonly nodatasum: boolean
}

/** A machine with one open file. What is done to it changes it in place. */
export interface Session {
  readonly runner: Sequential<BtrfsWorld>
  readonly world: BtrfsWorld
  /** The process's mapping of the file; null = none. */
  mapped: (Range & { readonly writable: boolean }) | null
  /** What a byte of this value is called in the model: zeros are zeros whoever wrote them. */
  readonly stampOf: (fill: number) => string
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
/** What is beyond these is refused in words: it would take minutes, and shows nothing that less of it does not show. */
const itemsMax = 8192
const writesMax = 65_536
/** MAX_RW_COUNT: the most that one write() takes. */
const countMax = 0x7fff_f000

const inodeItems = (generation: number): Item[] => [
  { oid: INO, type: 'INODE_ITEM', offset: 0, size: 0, generation },
  { oid: INO, type: 'INODE_REF', offset: 256, name: 'foo' },
]

/** A fresh file system with an empty file made in its first transaction, which nothing has committed yet. */
export function freshSession(
  kernel: Kernel,
  { noHoles, nodatacow, nodatasum }: FileSystem,
  stampOf = hexStamp,
  goesFirst: First = 'caller',
): Session {
  const leaves = [{ id: 'N', generation: firstTransaction, items: inodeItems(firstTransaction), room }]
  const staged = stageWorld({ kernel, setting: {}, size: 0, noHoles, nodatacow, nodatasum: nodatacow || nodatasum, leaves, committed: [] })
  const world: BtrfsWorld = {
    ...staged,
    bi: { ...staged.bi, lastTrans: firstTransaction, lastReflinkTrans: 0 },
    fs: { ...staged.fs, generation: firstTransaction, leafRoom: room, logLeafRoom: room },
    durable: { ...staged.durable, generation: firstTransaction - 1 },
  }
  return { runner: new Sequential(btrfsSystem('operations', world, [], []), goesFirst), world, mapped: null, stampOf }
}

/** Runs a system call of task A in this world, with what the call is given in memory. @returns what it returned. */
function call({ world, runner }: Session, procedure: string, locals: object, name: string, given: Partial<BtrfsWorld> = {}): number {
  Object.assign(world, nothingOfACall(), { calls: { A: { text: name, returned: null } } }, given)
  const returned = runner.run(world, { letter: 'A', name, must: true, procedure, locals })
  Object.assign(world, nothingOfACall())
  if (world.subvol.some((leaf) => leaf.items.length > itemsMax))
    throw new NotModelled(`the file has more than ${itemsMax} items: write less, or in larger blocks`)
  return Number(returned ?? 0)
}

/** The parts of a world that belong to one call. */
const nothingOfACall = () => ({ buffers: {}, kiocbs: {}, iters: {}, calls: {}, bios: {}, dios: {}, freed: {} })

/** Recorded bytes by their value. */
export const hexStamp = (fill: number): string => (fill === 0 ? '0' : `x${fill.toString(16).padStart(2, '0')}`)

/** Every write() of a pwrite, until one fails or comes back short. @returns the bytes written, or the first one's error. */
function pwrite(session: Session, command: Extract<Command, { name: 'pwrite' }>): number {
  let total = 0
  for (let at = 0, writes = 0; at < command.length; at += command.block) {
    if (++writes > writesMax) throw new NotModelled(`one pwrite is more than ${writesMax} calls of write(): give it larger blocks with -b`)
    const asked = Math.min(command.block, command.length - at)
    const count = Math.min(asked, countMax)
    const content = [{ from: 0, to: count, stamp: session.stampOf(command.fill) }]
    const how: Write = { io: 'A', file: 'fd', direct: command.direct, dsync: false, positioned: false }
    const written = call(session, 'write', how, `write(fd, buf, ${count})`, {
      buffers: { A: { length: count, content, present: [{ from: 0, to: count }], pinned: [] } },
      kiocbs: { A: { ki_pos: command.offset + at, append: command.append, direct: command.direct } },
      iters: { A: { offset: 0, count } },
    })
    if (written < 0) return total > 0 ? total : written
    total += written
    if (written < asked) break
  }
  return total
}

/** Reads [from, to) through the page cache; what is not cached is read from disk, once no ordered extent is in the way. */
function readPages(session: Session, from: number, to: number): void {
  const { world } = session
  for (const gap of gaps(world.mapping.runs, from, to))
    if (world.ordered.some((oe) => overlaps(oe, gap)))
      call(session, 'read', { op: null, from: gap.from, to: gap.to } satisfies Read, 'read')
  fillCache(world, from, to)
}

/** The process maps the file anew, or no more: what it had mapped has to fault again before the next store. */
function remap(session: Session, mapped: Session['mapped']): void {
  session.world.mapping.writable = []
  session.mapped = mapped
}

/** Stores into the mapping; where there is none, the recording program refuses. */
function store(session: Session, at: number, to: number, fill: number): number {
  const { mapped } = session
  if (!mapped || at < mapped.from || to > mapped.to) return EINVAL
  if (!mapped.writable) return SIGSEGV
  return call(session, 'mmap_stores', { at, to, stamp: session.stampOf(fill) } satisfies MmapStores, 'mwrite')
}

function pread(session: Session, { direct, offset, length }: Extract<Command, { name: 'pread' }>): number {
  const to = Math.min(session.world.inode.i_size, offset + length)
  if (to <= offset) return 0
  if (direct) call(session, 'filemap_write_and_wait_range', { from: offset, to }, 'read')
  else readPages(session, alignDown(offset, SECTOR), alignUp(to, SECTOR))
  return to - offset
}

/** The arguments of fallocate(). */
const fallocateOf = ({ mode, offset, length, keepSize }: Extract<Command, { name: 'fallocate' }>): Fallocate => ({
  mode,
  offset,
  length,
  keepSize,
})

/** What the command returns: a count or zero, or a negative errno. */
function returned(session: Session, command: Command): number {
  switch (command.name) {
    case 'pwrite':
      return pwrite(session, command)
    case 'pread':
      return pread(session, command)
    case 'mmap':
      if (command.offset % SECTOR !== 0) return EINVAL
      remap(session, { from: command.offset, to: command.offset + command.length, writable: command.writable })
      return 0
    case 'munmap':
      if (!session.mapped) return EINVAL
      remap(session, null)
      return 0
    case 'mwrite':
      return store(session, command.offset, command.offset + command.length, command.fill)
    case 'msync':
      return session.mapped ? call(session, 'fsync', { file: 'fd' } satisfies Fsync, 'msync') : EINVAL
    case 'truncate':
      return call(session, 'ftruncate', { to: command.to } satisfies Truncate, `ftruncate(fd, ${command.to})`)
    case 'fallocate':
      return call(session, 'fallocate', fallocateOf(command), 'fallocate')
    case 'sync_range':
      return call(session, 'sync_file_range_call', { from: command.offset, to: command.offset + command.length }, 'sync_file_range')
    case 'syncfs':
      return call(session, 'syncfs', { after: null } satisfies Syncfs, 'syncfs')
    case 'fsync':
    case 'fdatasync':
      return call(session, 'fsync', { file: 'fd' } satisfies Fsync, `${command.name}(fd)`)
  }
}

/** Runs one command to its end. */
export function runCommand(session: Session, command: Command): Result {
  const value = returned(session, command)
  return value < 0 ? { ret: -1, err: errnoName(value) } : { ret: value, err: null }
}

/** Reads the whole file through the page cache, as who looks at it between two commands does. */
export const look = (session: Session): void => readPages(session, 0, alignUp(session.world.inode.i_size, SECTOR))
