/** System calls: each enters the file system by its operations, then returns to user space. Source: fs/read_write.c, fs/open.c, fs/sync.c v5.12 to v6.9. */
import { range, size, type Range } from '../../base/range.ts'
import { flow, goto, procedure, ret, step, type World } from '../../engine/procedure.ts'
import type { Letter } from '../../engine/view.ts'
import { waitForWriteback, pagesOf } from '../mm/cache.ts'
import type { MmWorld } from '../mm/world.ts'
import { EIO, errnoName, KILLED } from '../lib/errno.ts'
import { must } from '../lib/must.ts'
import { operate, type Fallocate, type Found, type ReadIter, type WriteIter } from '../lib/operations.ts'
import { complete } from './history.ts'
import type { VfsWorld } from './world.ts'

type Vfs = World & VfsWorld

/** What every call's locals have: what it will return. */
interface Returning {
  result: number
}

const readWrite = { file: 'fs/read_write.c', at: 'v6.1' }
const toUser = { row: 'return to user space', code: 'return to user space' }

/** What a call is called: the first word of its text. */
const nameOf = (s: VfsWorld, task: Letter): string => /^\w+/.exec(s.calls[task]?.text ?? '')?.[0] ?? 'the call'
/** `write() returns 65536`, `fsync() returns -1 EIO`. */
const returns = (s: VfsWorld, task: Letter, result: number): string =>
  `${nameOf(s, task)}() returns ${result < 0 ? `-1 ${errnoName(result)}` : size(result)}`

/** The caller sees the result. */
function finish(s: VfsWorld, task: Letter, result: number): void {
  must(s.calls[task], `the call of task ${task}`).returned = result
  complete(s, task, result)
}

/** The last step of a call that nothing else is to be said of. */
const returnStep = step<Vfs, Returning>(
  'return',
  (s, f, t) => returns(s, t.letter, f.result),
  toUser,
  (s, f, t) => {
    finish(s, t.letter, f.result)
    return ret(f.result)
  },
)

/** A task that ran into BUG() never returns. */
const gone = flow<Returning>((f) => (f.result === KILLED ? ret(null) : undefined))

/** Whose position a call uses. */
interface Positioned {
  /** Whose kiocb. */
  readonly io: Letter
  readonly file: string
  /** Does it begin at the file position of the open file, and move it? Otherwise its kiocb has a position of its own. */
  readonly positioned: boolean
}

/** write(2) and read(2) begin at the file position, one at a time. */
const fdgetPos = step<Vfs, Positioned>(
  'fdget_pos',
  (s, f, t) => `${nameOf(s, t.letter)}() takes f_pos_lock of ${f.file}; the file position is ${size(must(s.kiocbs[f.io]).ki_pos)}`,
  {
    row: 'v6.9 fdget_pos()',
    code: 'struct fd f = fdget_pos(fd); kiocb.ki_pos = file->f_pos;',
    when: (s, f) => {
      const { f_pos_lock } = must(s.files[f.file])
      return f_pos_lock === null ? null : { on: 'f_pos_lock', heldBy: [f_pos_lock] }
    },
  },
  (s, f, t) => {
    const file = must(s.files[f.file])
    file.f_pos_lock = t.letter
    must(s.kiocbs[f.io]).ki_pos = file.f_pos
  },
)

/** The last step of such a call: the position of the open file is where the kiocb's is now. */
const putPos = step<Vfs, Positioned & Returning>(
  'return',
  (s, f, t) => {
    const what = returns(s, t.letter, f.result)
    return f.positioned ? `${what}; the file position of ${f.file} is ${size(must(s.files[f.file]).f_pos)}` : what
  },
  toUser,
  (s, f, t) => {
    finish(s, t.letter, f.result)
    if (f.positioned) Object.assign(must(s.files[f.file]), { f_pos: must(s.kiocbs[f.io]).ki_pos, f_pos_lock: null })
    return ret(f.result)
  },
)

export type Write = WriteIter & Positioned

/** write() or pwrite() of the iov_iter of `io`. */
const sysWrite = procedure<Vfs, Write & Returning>('write', readWrite, [
  flow<Write>((f) => (f.positioned ? undefined : goto('write_iter'))),
  fdgetPos,
  flow<Write>(({ io, file, direct, dsync }) => operate('f_op->write_iter', { io, file, direct, dsync }, 'result'), 'write_iter'),
  gone,
  putPos,
])

export type Pread = ReadIter & Positioned

/** read() or preadv2() into the iov_iter of `io`. */
const sysPread = procedure<Vfs, Pread & Returning>('preadv2', readWrite, [
  flow<Pread>((f) => (f.positioned ? undefined : goto('read_iter'))),
  fdgetPos,
  flow<Pread>(({ io, direct, nowait }) => operate('f_op->read_iter', { io, direct, nowait }, 'result'), 'read_iter'),
  putPos,
])

export interface Read extends Range {
  /** Its name in the history; null = it is in none. */
  readonly op: string | null
}

/** A read whose buffer nobody looks at: it is told by what it found. */
const sysRead = procedure<Vfs, Read & { found: Found | null }>('read', readWrite, [
  flow<Read>(({ op, from, to }) => operate('f_op->read', { op, from, to }, 'found')),
  step(
    'return',
    (s, f, t) => {
      const result = must(s.calls[t.letter]).returned ?? 0
      const of = result > 0 ? `: ${must(f.found).value.replace(/\b0\b/g, 'zeros')}` : ''
      return `${returns(s, t.letter, result)}${of}`
    },
    toUser,
    (s, f, t) => {
      const { value, bytes, lost } = must(f.found)
      must(s.calls[t.letter]).returned = lost !== null && bytes === 0 ? EIO : bytes
      return ret(value)
    },
  ),
])

export interface Fsync {
  readonly file: string
}

const sysFsync = procedure<Vfs, Fsync & Returning>('fsync', { file: 'fs/sync.c', at: 'v5.12' }, [
  flow<Fsync>(({ file }) => operate('f_op->fsync', { file }, 'result')),
  gone,
  returnStep,
])

interface WriteSync extends Fsync, Returning {
  /** How many bytes the write has written. */
  readonly count: number
}

/** For an O_DSYNC write: nothing but fsync. Returns the bytes written, or fsync's error. */
const genericWriteSync = procedure<Vfs, WriteSync>('generic_write_sync', { file: 'include/linux/fs.h', at: 'v6.1' }, [
  flow<WriteSync>(({ file }) => operate('f_op->fsync', { file }, 'result')),
  flow<WriteSync>((f) => ret(f.result < 0 ? f.result : f.count)),
])

export interface Truncate {
  readonly to: number
}

const sysTruncate = procedure<Vfs, Truncate & Returning>('ftruncate', { file: 'fs/open.c', at: 'v6.1' }, [
  flow<Truncate>(({ to }) => operate('i_op->setattr', { to }, 'result')),
  returnStep,
])

const sysFallocate = procedure<Vfs, Fallocate & Returning>('fallocate', { file: 'fs/open.c', at: 'v6.1' }, [
  flow<Fallocate>(({ mode, offset, length, keepSize }) => operate('f_op->fallocate', { mode, offset, length, keepSize }, 'result')),
  returnStep,
])

export interface Syncfs {
  /** The task whose call comes before it in the program; null = none does. */
  readonly after: Letter | null
}

const sysSyncfs = procedure<Vfs, Syncfs & Returning>('syncfs', { file: 'fs/sync.c', at: 'v6.1' }, [
  flow<Syncfs>((f) => (f.after === null ? goto('sync') : undefined)),
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
  flow<Syncfs>(() => operate('s_op->sync_fs', {}, 'result'), 'sync'),
  returnStep,
])

/** sync_file_range(WRITE | WAIT_AFTER) over [from, to), in the kernel. */
const syncFileRange = procedure<Vfs & MmWorld, Range>('sync_file_range', { file: 'fs/sync.c', at: 'v5.12' }, [
  flow<Range>(({ from, to }) => operate('a_ops->writepages', { from, to })),
  step(
    'wait_after',
    (_s, f) => `sync_file_range() saw the writeback of ${range(f.from, f.to)} end`,
    {
      row: 'fsync-log-tree 1.3',
      code: 'filemap_fdatawait_range()',
      when: (s, f) => waitForWriteback(s.mapping, pagesOf(f).from, pagesOf(f).to),
    },
    () => ret(0),
  ),
])

/** The same as a call of a task of its own. */
const sysSyncFileRange = procedure<Vfs, Range & Returning>('sync_file_range_call', { file: 'fs/sync.c', at: 'v6.1' }, [
  flow<Range>(({ from, to }) => ({ go: 'call', procedure: 'sync_file_range', locals: { from, to }, into: 'result' })),
  returnStep,
])

export const callProcedures = [
  sysWrite,
  sysPread,
  sysRead,
  sysFsync,
  genericWriteSync,
  sysTruncate,
  sysFallocate,
  sysSyncfs,
  syncFileRange,
  sysSyncFileRange,
]
