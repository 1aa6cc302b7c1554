/** User programs: more than one call, or no call at all. Source: facts fsync-log-tree 1.3, direct-io B.1, A.7, bcachefs-buffered-write 5 H3. */
import { alignDown, range, size, type Range } from '../../base/range.ts'
import { call, flow, goto, procedure, ret, step, type World } from '../../engine/procedure.ts'
import type { Letter } from '../../engine/view.ts'
import { dropClean } from '../mm/cache.ts'
import { faultIn } from '../mm/buffer.ts'
import { PAGE, type MmWorld } from '../mm/world.ts'
import { errnoName, KILLED } from '../lib/errno.ts'
import { must } from '../lib/must.ts'
import { operate, type Found, type WriteIter } from '../lib/operations.ts'
import type { Run } from '../lib/runs.ts'
import { variables } from '../lib/variables.ts'
import type { Pread, Read, Write } from './calls.ts'
import type { VfsWorld } from './world.ts'

type Vfs = World & VfsWorld

export interface MmapWriter {
  /** In this order. */
  readonly stores: readonly Run[]
  /** Does it call sync_file_range() on what it stored? */
  readonly sync: boolean
}

interface Storing extends MmapWriter {
  /** The store that comes next. */
  next: number
  result: number
}

/** A program that stores through its mapping and then perhaps asks for writeback of just that. */
const mmapWriter = procedure<Vfs, Storing>('mmap_writer', { file: 'user space', at: 'the reproducer' }, [
  variables<Storing>({ next: 0 }),
  flow<Storing>((f) => call('store', { ...must(f.stores[f.next++]) }), 'next_store'),
  flow<Storing>((f) => {
    if (f.next < f.stores.length) return goto('next_store')
    const whole = { from: Math.min(...f.stores.map(({ from }) => from)), to: Math.max(...f.stores.map(({ to }) => to)) }
    return f.sync ? call('sync_file_range', whole, 'result') : ret()
  }),
  step(
    'return',
    (_s, f) => `sync_file_range() returns ${f.result < 0 ? `-1 ${errnoName(f.result)}` : size(f.result)}`,
    { row: 'return to user space', code: 'return to user space' },
    (s, f, t) => {
      must(s.calls[t.letter]).returned = f.result
      return ret(f.result)
    },
  ),
])

export interface MmapStores {
  /** The next page. */
  at: number
  readonly to: number
  readonly stamp: string
}

/** A program that stores to [at, to) of its mapping, a page after the other. A store past the end of the file kills it. */
const mmapStores = procedure<Vfs, MmapStores & { result: number }>('mmap_stores', { file: 'user space', at: 'xfs_io mwrite' }, [
  flow<MmapStores>(
    (f) => call('store', { from: f.at, to: Math.min(f.to, alignDown(f.at, PAGE) + PAGE), stamp: f.stamp }, 'result'),
    'next_page',
  ),
  flow<MmapStores & { result: number }>((f) => {
    f.at = alignDown(f.at, PAGE) + PAGE
    return f.result === 0 && f.at < f.to ? goto('next_page') : undefined
  }),
  step(
    'return',
    (_s, f) => (f.result < 0 ? `the program is killed: ${errnoName(f.result)}` : 'every store is made'),
    { row: 'return to user space', code: 'return to user space' },
    (s, f, t) => {
      must(s.calls[t.letter]).returned = f.result
      return ret(f.result)
    },
  ),
])

interface WriteCached extends WriteIter {
  result: number
  from: number
}

/** write() through the page cache, then sync_file_range() and posix_fadvise(DONTNEED) of what was written. */
const writeCached = procedure<Vfs & MmWorld, WriteCached>('write_cached', { file: 'user space', at: 'a cold cache' }, [
  flow<WriteCached>(({ io, file }) => operate('f_op->write_iter', { io, file, direct: false, dsync: false }, 'result')),
  step(
    'sync_file_range',
    (_s, f) => `write() has returned ${size(f.result)}; sync_file_range() writes ${range(f.from, f.from + f.result)} back and waits`,
    { row: 'fsync-log-tree 1.3', code: 'sync_file_range(fd, pos, n, WRITE | WAIT_AFTER)' },
    (s, f) => {
      f.from = must(s.kiocbs[f.io]).ki_pos - f.result
      return call('filemap_write_and_wait_range', { from: f.from, to: f.from + f.result })
    },
  ),
  step(
    'fadvise',
    (_s, f) => `posix_fadvise(DONTNEED) drops the clean pages: the next read is cold; ${size(f.result)} were written`,
    { row: 'v6.1 generic_fadvise()', fn: 'generic_fadvise', code: 'posix_fadvise(fd, pos, n, POSIX_FADV_DONTNEED)' },
    (s, f, t) => {
      dropClean(s.mapping, f.from, f.from + f.result)
      must(s.calls[t.letter]).returned = f.result
      return ret(f.result)
    },
  ),
])

export interface LaterRead {
  /** Calls that have to have returned before. */
  readonly after: readonly Letter[]
  readonly direct: boolean
}

/** A program that reads into this task's iter once others are done, like `cat` after a `wait` in a shell. */
const laterRead = procedure<Vfs, LaterRead & { result: number }>('later_pread', { file: 'user space', at: 'cat' }, [
  step(
    'wait_for_writers',
    (_s, f) => `${f.after.join(' and ')} is done: opens the file and reads it`,
    {
      row: 'direct-io B.1',
      code: 'wait; cat f',
      when: (s, f) => {
        const busy = f.after.filter((letter) => must(s.calls[letter]).returned === null)
        return busy.length > 0 ? { on: `the return of ${busy.join(' and ')}`, heldBy: [] } : null
      },
    },
    (_s, f, t) =>
      call('preadv2', { io: t.letter, direct: f.direct, nowait: false, file: 'fd', positioned: false } satisfies Pread, 'result'),
  ),
  flow<LaterRead & { result: number }>((f) => ret(f.result)),
])

export interface Observer extends Range {
  /** The reads, by their names in the history. */
  readonly reads: readonly [string, string]
  readonly write: Write
}

interface Observing extends Observer {
  first: Found | null
  second: Found | null
  result: number
}

const look = (f: Observing, op: string, into: string) => operate('f_op->read', { op, from: f.from, to: f.to } satisfies Read, into)

/** A program that looks at a block, writes over it, and looks again. */
const observer = procedure<Vfs, Observing>('read_write_read', { file: 'user space', at: 'the history of H3' }, [
  flow<Observing>((f) => look(f, f.reads[0], 'first')),
  flow<Observing>((f) => call('write', f.write, 'result')),
  flow<Observing>((f) => (f.result === KILLED ? ret(null) : look(f, f.reads[1], 'second'))),
  flow<Observing>((f) => ret(`${must(f.first).value}, ${must(f.second).value}`)),
])

export interface TouchBuffer {
  readonly of: Letter
}

/** Another thread of the program looks at the memory that a system call reads from: its pages come into the page table they share. */
const touchBuffer = procedure<World & MmWorld, TouchBuffer>('touch_buffer', { file: 'user space', at: 'a thread' }, [
  step(
    'load',
    (_s, f) => `a thread of the same program reads all of ${f.of}'s buffer: its pages are in the page table now`,
    { row: 'direct-io A.7', code: 'for (i = 0; i < length; i += 4096) (void)*(volatile char *)(buf + i);' },
    (s, f) => {
      const buffer = must(s.buffers[f.of])
      faultIn(buffer, 0, buffer.length, `0${f.of}`)
      return ret()
    },
  ),
])

export const programProcedures = [mmapWriter, mmapStores, writeCached, laterRead, observer, touchBuffer]
