/**
 * Staging callers: each function puts what a call needs into the world (its kiocb, iov_iter, buffer and text) and returns the
 * task that makes it. Nothing here belongs to a file system.
 */
import { size, type Range } from '../../base/range.ts'
import type { TaskDeclaration } from '../../engine/system.ts'
import type { Letter } from '../../engine/view.ts'
import type { Fallocate, WriteIter } from '../lib/operations.ts'
import { endOfFiles, type Run } from '../lib/runs.ts'
import type { Migrate, Munmap } from '../mm/unmap.ts'
import { PAGE, type MmWorld, type UserBuffer } from '../mm/world.ts'
import type { AioRead } from './aio.ts'
import type { Fsync, Pread, Read, Syncfs, Truncate, Write } from './calls.ts'
import type { GuestWrite, Memset } from './guest.ts'
import { operation, type Operation } from './history.ts'
import type { LaterRead, MmapStores, MmapWriter, Observer, TouchBuffer } from './programs.ts'
import type { Thread } from './thread.ts'
import type { AsyncRead, IoRead, Waiter } from './uring.ts'
import { freshRequest, type VfsWorld } from './world.ts'

type Staged = VfsWorld & MmWorld

/** Which procedure takes which arguments: a task with a wrong name in its locals does not compile. */
interface Programs {
  readonly write: Write
  readonly io_submit: WriteIter
  readonly write_cached: WriteIter
  readonly virtio_blk_request: GuestWrite
  readonly preadv2: Pread
  readonly read: Read
  readonly io_read: IoRead
  readonly aio_read: AioRead
  readonly async_read: AsyncRead
  readonly wait_for_event: Waiter
  readonly later_pread: LaterRead
  readonly read_write_read: Observer
  readonly ftruncate: Truncate
  readonly fallocate: Fallocate
  readonly fsync: Fsync
  readonly syncfs: Syncfs
  readonly sync_file_range_call: Range
  readonly mmap_writer: MmapWriter
  readonly mmap_stores: MmapStores
  readonly touch_buffer: TouchBuffer
  readonly memset: Memset
  readonly migrate_pages: Migrate
  readonly munmap: Munmap
  readonly power_failure: object
  readonly thread: Thread
}

/** A task that has to finish. */
export const mustTask = <P extends keyof Programs>(letter: Letter, name: string, procedure: P, locals: Programs[P]): TaskDeclaration => ({
  letter,
  name,
  must: true,
  procedure,
  locals,
})

/** A task that need not run. */
export const mayTask = <P extends keyof Programs>(letter: Letter, name: string, procedure: P, locals: Programs[P]): TaskDeclaration => ({
  ...mustTask(letter, name, procedure, locals),
  must: false,
})

/** A call's text; it is `task`'s name too where nothing else is to be said of it. */
function addCall(s: VfsWorld, letter: Letter, text: string): string {
  s.calls[letter] = { text, returned: null }
  return text
}

/** Puts the operation into the history, where its order is to be judged. */
function note(s: VfsWorld, letter: Letter, kind: Operation['kind'], { from, to }: Range, history: boolean | undefined): void {
  if (history) s.ops[letter] = operation(letter, kind, from, to)
}

/** A buffer that is all there and holds one stamp. */
export const filledBuffer = (length: number, stamp: string): UserBuffer => ({
  length,
  content: [{ from: 0, to: length, stamp }],
  present: [{ from: 0, to: length }],
  pinned: [],
})

/** A buffer to be read into, of which the first `present` bytes were touched: they hold zeros and are in the page table. */
export const emptyBuffer = (length: number, present = length): UserBuffer => ({
  length,
  content: present > 0 ? [{ from: 0, to: present, stamp: '0' }] : [],
  present: present > 0 ? [{ from: 0, to: present }] : [],
  pinned: [],
})

export interface StagedWrite {
  readonly letter: Letter
  /** Bytes. */
  readonly length: number
  /** Where its kiocb begins; 0 unless said otherwise. */
  readonly at?: number
  /** The open file; `fd` unless there are several. */
  readonly file?: string
  /** write(2) at the file position of `file`, which it moves; absent = its kiocb has a position of its own. */
  readonly positioned?: boolean
  /** O_APPEND */
  readonly append?: boolean
  /** What the program calls; absent = write() where the position is the file's, pwrite() where it is the call's. */
  readonly call?: 'write' | 'pwrite'
  /** O_DSYNC */
  readonly dsync?: boolean
  /** O_SYNC, which is O_DSYNC and more. */
  readonly sync?: boolean
  /** Through the page cache, not O_DIRECT. */
  readonly buffered?: boolean
  /** Submitted through libaio. */
  readonly aio?: boolean
  /** Leading pages of the buffer that are in the page table; absent = all. */
  readonly resident?: number
  /** False: what is not in the page table was never touched, by nobody; absent = somebody has filled the memory, if only through another page table. */
  readonly filled?: boolean
  /** Memory of another kind: registered with io_uring, or an address where nothing is mapped. */
  readonly memory?: 'registered' | 'unmapped'
  /** How many bytes into the first page the buffer begins. */
  readonly misaligned?: number
  /** Its buffer, where none of the above says what it is. */
  readonly buffer?: UserBuffer
  /** Its order among other operations is to be judged. */
  readonly history?: boolean
}

function bufferOf({ letter, length, resident = Infinity, filled = true, memory, misaligned = 0 }: StagedWrite): UserBuffer {
  const whole = length + (misaligned > 0 ? PAGE : 0)
  const present = memory === 'unmapped' ? 0 : Math.min(resident * PAGE, whole)
  return {
    length: whole,
    content: filled ? [{ from: 0, to: whole, stamp: letter }] : present > 0 ? [{ from: 0, to: present, stamp: `0${letter}` }] : [],
    present: present > 0 ? [{ from: 0, to: present }] : [],
    pinned: [],
    ...(memory === 'registered' ? { registered: true as const } : {}),
    ...(memory === 'unmapped' ? { unmapped: true as const } : {}),
  }
}

/** A write of a buffer that carries the task's letter as its stamp. */
export function addWrite(s: Staged, write: StagedWrite): TaskDeclaration {
  const { letter, length, at = 0, file = 'fd', positioned = false, append = false, sync = false, buffered = false, aio = false } = write
  const dsync = sync || write.dsync === true
  s.buffers[letter] = write.buffer ?? bufferOf(write)
  s.kiocbs[letter] = {
    ki_pos: at,
    append,
    direct: !buffered,
    ...(dsync ? { dsync } : {}),
    ...(file === 'fd' ? {} : { file }),
    ...(aio ? { ki_complete: 'aio_complete_rw' } : {}),
  }
  if (aio) s.requests[letter] = freshRequest(length)
  s.iters[letter] = { offset: write.misaligned ?? 0, count: length }
  note(s, letter, 'write', { from: at, to: at + length }, write.history)
  const memory = write.buffer?.maps ? 'map' : 'buf'
  const text = aio
    ? `io_submit(pwrite, ${size(length)} at ${size(at)})`
    : (write.call ?? (append || positioned ? 'write' : 'pwrite')) === 'write'
      ? `write(${file}, ${memory}, ${size(length)})`
      : `pwrite(${file}, ${memory}, ${size(length)}, ${size(at)})`
  const flags = [append ? 'O_APPEND' : '', buffered ? '' : 'O_DIRECT', sync ? 'O_SYNC' : dsync ? 'O_DSYNC' : '']
    .filter((flag) => flag !== '')
    .join(' | ')
  const name = `${addCall(s, letter, text)}${flags === '' ? '' : `, ${flags}`}`
  const iter: WriteIter = { io: letter, file, direct: !buffered, dsync }
  return aio ? mustTask(letter, name, 'io_submit', iter) : mustTask(letter, name, 'write', { ...iter, positioned })
}

export interface StagedRead {
  readonly letter: Letter
  readonly at: number
  readonly length: number
  /** Where it reads to. */
  readonly buffer: UserBuffer
  /** O_DIRECT */
  readonly direct: boolean
  /** RWF_NOWAIT */
  readonly nowait?: boolean
  /** read(2) at the file position of `fd`, which it moves; absent = its kiocb has a position of its own. */
  readonly positioned?: boolean
  /** The call as the program wrote it; absent = preadv2(). */
  readonly text?: string
}

function stageRead(s: Staged, { letter, at, length, buffer, direct, nowait }: StagedRead): void {
  s.buffers[letter] = buffer
  s.iters[letter] = { offset: 0, count: length }
  s.kiocbs[letter] = { ki_pos: at, append: false, direct, ...(nowait === undefined ? {} : { nowait }) }
}

/** A read into a buffer. */
export function addRead(s: Staged, read: StagedRead): TaskDeclaration {
  const { letter, at, length, direct, nowait = false, positioned = false } = read
  stageRead(s, read)
  const call = positioned
    ? `read(fd, buf, ${size(length)})`
    : `preadv2(fd, buf, ${size(length)}, ${size(at)}, ${nowait ? 'RWF_NOWAIT' : '0'})`
  const text = addCall(s, letter, read.text ?? call)
  return mustTask(letter, `${text}${direct ? ', O_DIRECT' : ''}`, 'preadv2', { io: letter, direct, nowait, file: 'fd', positioned })
}

/** A read of a program that runs once others are done. */
export function addLaterRead(s: Staged, read: StagedRead, after: readonly Letter[]): TaskDeclaration {
  const { letter, at, length, direct } = read
  stageRead(s, read)
  addCall(s, letter, `preadv2(fd, buf, ${size(length)}, ${size(at)}, 0)`)
  return mustTask(letter, `later read of the file${direct ? ', O_DIRECT' : ''}`, 'later_pread', { after, direct })
}

/** A read whose buffer nobody looks at. */
export function addUnseenRead(s: VfsWorld, letter: Letter, part: Range, more: { name?: string; history?: boolean } = {}): TaskDeclaration {
  note(s, letter, 'read', part, more.history)
  const text = addCall(s, letter, `pread(fd, buf, ${size(part.to - part.from)}, ${size(part.from)})`)
  return mustTask(letter, more.name ?? text, 'read', { op: more.history ? letter : null, from: part.from, to: part.to })
}

/** An asynchronous read: by io_uring, which first tries without blocking, or by libaio. */
export function addAsyncRead(s: Staged, read: StagedRead, via: 'io_uring' | 'libaio'): TaskDeclaration {
  const { letter, at, length, direct, nowait = false, ...rest } = read
  stageRead(s, { letter, at, length, direct, buffer: rest.buffer })
  s.kiocbs[letter] = { ki_pos: at, append: false, direct, ki_complete: via === 'libaio' ? 'aio_complete_rw' : 'io_complete_rw' }
  s.requests[letter] = freshRequest(length)
  const name = `${via === 'libaio' ? 'io_submit()' : 'io_uring_enter()'}: read ${size(length)} at ${size(at)}${direct ? ', O_DIRECT' : ''}`
  return via === 'libaio'
    ? mustTask(letter, name, 'aio_read', { io: letter })
    : mustTask(letter, name, 'io_read', { io: letter, inline: true, rwfNowait: nowait })
}

/** The same by a program that waits for the result before it goes on. */
export function addWaitedRead(s: Staged, read: StagedRead, via: AsyncRead['via']): TaskDeclaration {
  const { letter, at, length, direct, nowait = false } = read
  addAsyncRead(s, read, via)
  const text = `${via === 'libaio' ? 'io_submit' : 'io_uring_enter'}(pread, ${size(length)} at ${size(at)})`
  return mustTask(letter, `${addCall(s, letter, text)}${direct ? ', O_DIRECT' : ''}`, 'async_read', { io: letter, via, rwfNowait: nowait })
}

/** A program that waits for the completion of an asynchronous read and prints what it got. */
export function addWaiter(s: VfsWorld, letter: Letter, waiter: Waiter): TaskDeclaration {
  addCall(s, letter, 'cqe->res')
  return mustTask(letter, 'the program waits and prints the result', 'wait_for_event', waiter)
}

export function addTruncate(
  s: VfsWorld,
  letter: Letter,
  to: number,
  { file = 'fd', history }: { readonly file?: string; readonly history?: boolean } = {},
): TaskDeclaration {
  note(s, letter, 'truncate', { from: to, to }, history)
  return mustTask(letter, addCall(s, letter, `ftruncate(${file}, ${size(to)})`), 'ftruncate', { to })
}

export function addFallocate(s: VfsWorld, letter: Letter, args: Fallocate): TaskDeclaration {
  const modes = [...(args.mode === 'allocate' ? [] : [args.mode]), ...(args.keepSize ? ['keep size'] : [])].join(', ') || '0'
  return mustTask(letter, addCall(s, letter, `fallocate(fd, ${modes}, ${size(args.offset)}, ${size(args.length)})`), 'fallocate', args)
}

export function addFsync(s: VfsWorld, letter: Letter, file = 'fd', { history }: { readonly history?: boolean } = {}): TaskDeclaration {
  note(s, letter, 'sync', { from: 0, to: endOfFiles }, history)
  return mustTask(letter, addCall(s, letter, `fsync(${file})`), 'fsync', { file })
}

/** `after`: the task whose call comes before it in the program. */
export const addSyncfs = (s: VfsWorld, letter: Letter, after: Letter | null = null): TaskDeclaration =>
  mustTask(letter, `${addCall(s, letter, 'syncfs(fd)')}${after === null ? '' : ', after the write'}`, 'syncfs', { after })

/** Stores through a mapping of the file, in this order; then perhaps sync_file_range() of all of it. */
export function addStores(s: VfsWorld, letter: Letter, stores: readonly Run[], sync: boolean): TaskDeclaration {
  const from = Math.min(...stores.map((store) => store.from))
  const to = Math.max(...stores.map((store) => store.to))
  if (sync) addCall(s, letter, `sync_file_range(fd, ${size(from)}, ${size(to - from)}, WRITE|WAIT_AFTER)`)
  const name = `mmap store at ${stores.map((store) => size(store.from)).join(' and ')}${sync ? ', then sync_file_range()' : ''}`
  return mustTask(letter, name, 'mmap_writer', { stores, sync })
}

/** Stores through a mapping of the file, a page after the other. */
export const addMwrite = (s: VfsWorld, letter: Letter, { from, to, stamp }: Run): TaskDeclaration =>
  mustTask(letter, addCall(s, letter, `memset(map + ${size(from)}, ${stamp}, ${size(to - from)})`), 'mmap_stores', { at: from, to, stamp })

/** sync_file_range(), which writes and waits. */
export const addSyncRange = (s: VfsWorld, letter: Letter, { from, to }: Range): TaskDeclaration =>
  mustTask(letter, addCall(s, letter, `sync_file_range(fd, ${size(from)}, ${size(to - from)}, WRITE|WAIT_AFTER)`), 'sync_file_range_call', {
    from,
    to,
  })

/** A program that looks at a block, writes over it, and looks again; `write` is the task that only writes. */
export function addObserver(s: VfsWorld, write: TaskDeclaration, part: Range): TaskDeclaration {
  const { letter } = write
  const reads = [`${letter}1`, `${letter}2`] as const
  for (const read of reads) s.ops[read] = operation(letter, 'read', part.from, part.to)
  const name = `pread, pwrite, pread of ${size(part.to - part.from)}`
  return mustTask(letter, name, 'read_write_read', { from: part.from, to: part.to, reads, write: write.locals as Write })
}

/** The same call by a program that makes it once these calls of others have returned. */
export const inOrder = ({ letter, name, procedure, locals }: TaskDeclaration, after: readonly Letter[]): TaskDeclaration =>
  mustTask(letter, name, 'thread', { after, calls: [{ text: name, procedure, args: locals, staged: true }] })

/** The power fails at any moment, and the next mount follows. */
export const addPowerFailure = (letter: Letter): TaskDeclaration => mayTask(letter, 'power failure, then mount', 'power_failure', {})
