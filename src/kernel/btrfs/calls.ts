/** System calls as tasks: each enters the file system, then returns to user space. */
import { alignDown, range, size } from '../../base/range.ts'
import { call, flow, goto, procedure, ret, step } from '../../engine/procedure.ts'
import type { Letter } from '../../engine/view.ts'
import { dropClean } from '../mm/cache.ts'
import { must } from '../lib/must.ts'
import { EIO, errnoName, KILLED } from '../vfs/world.ts'
import { bufferedWrite, type PageRead } from './buffered/write.ts'
import { directWrite } from './direct/write.ts'
import { punchHole } from './resize/punch.ts'
import { readIter } from './buffered/read.ts'
import { syncFile } from './fsync/sync.ts'
import { SECTOR, type BtrfsWorld } from './world.ts'

interface Returning {
  result: number
}

interface Writing extends Returning {
  /** O_DSYNC of the open file, or RWF_DSYNC. */
  readonly dsync?: true
  readonly file?: string
  readonly buffered?: true
}

const entry = { file: 'fs/read_write.c', at: 'v6.1' }

/** `write() returns 65536`, `fsync() returns -1 EIO`. */
const returns = (name: string, result: number): string =>
  result < 0 ? `${name}() returns -1 ${errnoName(result)}` : `${name}() returns ${result}`

/** The last step of a call: the caller sees the result. */
const returnStep = (name: string) =>
  step<BtrfsWorld, Returning>(
    'return',
    (_s, f) => returns(name, f.result),
    { row: 'return to user space', code: 'return to user space' },
    (s, f, t) => {
      must(s.calls[t.letter]).returned = f.result
      const stack = s.privates[t.letter]
      if (stack) stack.gone = true
      return ret(f.result)
    },
  )

/** write_iter() for this task's kiocb. What O_DSYNC asks for comes last, once more where iomap has seen to it already. */
export const btrfsDoWriteIter = procedure<BtrfsWorld, Writing>('btrfs_do_write_iter', { file: 'fs/btrfs/file.c', at: 'v6.1' }, [
  flow<Writing>((f) =>
    f.buffered ? call('btrfs_buffered_write', bufferedWrite(), 'result') : call('btrfs_direct_write', directWrite(f.file), 'result'),
  ),
  flow<Writing>((f) =>
    f.dsync && f.result > 0 ? call('generic_write_sync', { file: f.file ?? 'fd', count: f.result, result: 0 }, 'result') : undefined,
  ),
  flow<Writing>((f) => ret(f.result)),
])

const writeIter = (f: Writing, buffered: boolean) => call('btrfs_do_write_iter', { ...f, ...(buffered ? { buffered } : {}) }, 'result')

/** write() of this task's iter, direct. */
export const sysWrite = procedure<BtrfsWorld, Writing>('write', entry, [
  flow<Writing>((f) => writeIter(f, false)),
  flow<Writing>((f) => (f.result === KILLED ? ret(null) : undefined)),
  returnStep('write'),
])

/** A program that submits a write through libaio and waits for its completion event. */
export const aioProgram = procedure<BtrfsWorld, Writing>('io_submit', { file: 'fs/aio.c', at: 'v6.1' }, [
  flow<Writing>((f) => call('aio_write', { ...f, writeIter: 'btrfs_do_write_iter' })),
  step(
    'io_getevents',
    (s, _f, t) => `io_getevents(): the write is reported as done, res = ${must(s.requests[t.letter]).res}`,
    {
      row: 'return to user space',
      code: 'return to user space',
      when: (s, _f, t) => (must(s.requests[t.letter]).res === null ? { on: 'the completion event', heldBy: [] } : null),
    },
    (s, _f, t) => {
      const { res } = must(s.requests[t.letter])
      must(s.calls[t.letter]).returned = res
      return ret(res)
    },
  ),
])

export const sysFsync = procedure<BtrfsWorld, Returning & { readonly file?: string }>('fsync', { file: 'fs/sync.c', at: 'v5.12' }, [
  flow<Returning & { readonly file?: string }>((f) => call('btrfs_sync_file', syncFile(f.file), 'result')),
  flow<Returning>((f) => (f.result === KILLED ? ret(null) : undefined)),
  returnStep('fsync'),
])

export const sysTruncate = procedure<BtrfsWorld, Returning & { readonly to: number }>('ftruncate', { file: 'fs/open.c', at: 'v6.1' }, [
  flow<Returning & { readonly to: number }>((f) => call('btrfs_setsize', { to: f.to }, 'result')),
  returnStep('ftruncate'),
])

export interface Stored {
  readonly from: number
  readonly to: number
  readonly stamp: string
}

interface MmapWriter extends Returning {
  /** In this order. */
  readonly stores: readonly Stored[]
  /** The store that comes next. */
  next: number
  /** Does it call sync_file_range() on what it stored? */
  readonly sync: boolean
}

/** Locals of a program that stores through its mapping. */
export const storing = (stores: readonly Stored[], sync: boolean): MmapWriter => ({ result: 0, stores, next: 0, sync })

/** A program that stores through its mapping and then perhaps asks for writeback of just that. */
export const mmapWriter = procedure<BtrfsWorld, MmapWriter>('mmap_writer', { file: 'user space', at: 'the reproducer' }, [
  flow<MmapWriter>((f) => call('store', { ...must(f.stores[f.next++]) }), 'next_store'),
  flow<MmapWriter>((f) => {
    if (f.next < f.stores.length) return goto('next_store')
    const whole = { from: Math.min(...f.stores.map(({ from }) => from)), to: Math.max(...f.stores.map(({ to }) => to)) }
    return f.sync ? call('sync_file_range', whole, 'result') : ret()
  }),
  returnStep('sync_file_range'),
])

interface Reader {
  readonly from: number
  readonly to: number
  page: PageRead | null
}

export const sysRead = procedure<BtrfsWorld, Reader>('read', entry, [
  flow<Reader>((f) => call('btrfs_readpage', { from: f.from, to: f.to }, 'page')),
  step(
    'return',
    (s, f, t) => {
      const { returned } = must(s.calls[t.letter])
      return returned === EIO ? returns('read', EIO) : `read() returns ${size(returned ?? 0)} of ${must(f.page).value}`
    },
    { row: 'return to user space', code: 'return to user space' },
    (s, f, t) => {
      const { value, lost } = must(f.page)
      const read = (lost ?? f.to) - f.from
      must(s.calls[t.letter]).returned = read > 0 ? read : EIO
      return ret(value)
    },
  ),
])

interface Pread extends Returning {
  /** Whose kiocb: the caller's own. */
  readonly io: Letter
  readonly direct: boolean
  /** RWF_NOWAIT */
  readonly nowait: boolean
}

/** preadv2() into this task's iter. */
export const sysPread = procedure<BtrfsWorld, Pread>('preadv2', entry, [
  flow<Pread>((f) => call('btrfs_file_read_iter', readIter(f.io, f.direct, f.nowait), 'result')),
  returnStep('preadv2'),
])

/** write() of this task's iter, through the page cache. */
export const sysBufferedWrite = procedure<BtrfsWorld, Writing>('write_buffered', entry, [
  flow<Writing>((f) => writeIter(f, true)),
  returnStep('write'),
])

/** write() of this task's iter through the page cache, then sync_file_range() and posix_fadvise(DONTNEED) of what was written. */
export const sysWriteCached = procedure<BtrfsWorld, Returning & { from: number }>('write_cached', entry, [
  flow<Returning>(() => call('btrfs_buffered_write', bufferedWrite(), 'result')),
  step(
    'sync_file_range',
    (_s, f) => `write() has returned ${f.result}; sync_file_range() writes ${range(f.from, f.from + f.result)} back and waits`,
    { row: 'fsync-log-tree 1.3', code: 'sync_file_range(fd, pos, n, WRITE | WAIT_AFTER)' },
    (s, f, t) => {
      f.from = must(s.kiocbs[t.letter]).ki_pos - f.result
      return call('filemap_write_and_wait_range', { from: f.from, to: f.from + f.result })
    },
  ),
  step(
    'fadvise',
    (_s, f) => `posix_fadvise(DONTNEED) drops the clean pages: the next read is cold; ${f.result} were written`,
    { row: 'v6.1 generic_fadvise()', fn: 'generic_fadvise', code: 'posix_fadvise(fd, pos, n, POSIX_FADV_DONTNEED)' },
    (s, f, t) => {
      dropClean(s.mapping, f.from, f.from + f.result)
      must(s.calls[t.letter]).returned = f.result
      return ret(f.result)
    },
  ),
])

interface Later {
  /** Calls that have to have returned before. */
  readonly after: readonly Letter[]
  readonly direct: boolean
  result: number
}

/** A program that reads into this task's iter once others are done, like `cat` after a `wait` in a shell. */
export const laterRead = procedure<BtrfsWorld, Later>('later_pread', { file: 'user space', at: 'cat' }, [
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
    (_s, f, t) => call('preadv2', { result: 0, io: t.letter, direct: f.direct, nowait: false }, 'result'),
  ),
  flow<Later>((f) => ret(f.result)),
])

interface Fallocating extends Returning {
  readonly mode: 'allocate' | 'punch' | 'zero'
  readonly offset: number
  readonly length: number
  readonly keepSize: boolean
}

export const sysFallocate = procedure<BtrfsWorld, Fallocating>('fallocate', { file: 'fs/open.c', at: 'v6.1' }, [
  flow<Fallocating>((f) =>
    f.mode === 'punch'
      ? call('btrfs_punch_hole', punchHole(f.offset, f.length), 'result')
      : call('btrfs_fallocate', { offset: f.offset, length: f.length, keepSize: f.keepSize, zero: f.mode === 'zero' }, 'result'),
  ),
  returnStep('fallocate'),
])

export const sysSyncfs = procedure<BtrfsWorld, Returning & { readonly after?: Letter }>('syncfs', { file: 'fs/sync.c', at: 'v6.1' }, [
  flow<Returning & { readonly after?: Letter }>((f) => (f.after === undefined ? goto('sync') : undefined)),
  step(
    'program_order',
    (_s, f) => `the program goes on after ${f.after}'s call: syncfs()`,
    {
      row: 'return to user space',
      code: 'syncfs(fd)',
      when: (s, f) => (must(s.calls[f.after ?? '']).returned === null ? { on: `the return of ${f.after}`, heldBy: [] } : null),
    },
    () => undefined,
  ),
  flow<Returning>(() => call('btrfs_sync_fs', { result: 0 }, 'result'), 'sync'),
  returnStep('syncfs'),
])

export const sysSyncFileRange = procedure<BtrfsWorld, Returning & { readonly from: number; readonly to: number }>(
  'sync_file_range_call',
  { file: 'fs/sync.c', at: 'v6.1' },
  [
    flow<Returning & { readonly from: number; readonly to: number }>((f) => call('sync_file_range', { from: f.from, to: f.to }, 'result')),
    returnStep('sync_file_range'),
  ],
)

interface Storing extends Returning {
  /** The next page. */
  at: number
  readonly to: number
  readonly stamp: string
}

/** A program that stores to [at, to) of its mapping, a page after the other. A store past the end of the file kills it. */
export const mmapStores = procedure<BtrfsWorld, Storing>('mmap_stores', { file: 'user space', at: 'xfs_io mwrite' }, [
  flow<Storing>(
    (f) => call('store', { from: f.at, to: Math.min(f.to, alignDown(f.at, SECTOR) + SECTOR), stamp: f.stamp }, 'result'),
    'next_page',
  ),
  flow<Storing>((f) => {
    f.at = alignDown(f.at, SECTOR) + SECTOR
    return f.result === 0 && f.at < f.to ? goto('next_page') : undefined
  }),
  returnStep('mwrite'),
])

export const callProcedures = [
  btrfsDoWriteIter,
  aioProgram,
  sysWrite,
  sysBufferedWrite,
  sysFsync,
  sysTruncate,
  sysFallocate,
  sysSyncfs,
  sysSyncFileRange,
  mmapWriter,
  mmapStores,
  sysRead,
  sysPread,
  sysWriteCached,
  laterRead,
]
