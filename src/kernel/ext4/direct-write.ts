/** ext4: direct writes. Source: facts ext4 1.4. */
import { range, size } from '../../base/range.ts'
import { call, flow, goto, procedure, ret, step } from '../../engine/procedure.ts'
import type { Letter } from '../../engine/view.ts'
import type { Done } from '../iomap/complete.ts'
import { dioRw, wholeDio, type Ops } from '../iomap/dio.ts'
import { cannotLock, dropLock, takeLock, type Mode } from '../lib/locks.ts'
import { must } from '../lib/must.ts'
import { invoke, place } from '../vfs/history.ts'
import { genericWriteChecks } from '../vfs/rw.ts'
import { EIOCBQUEUED, ENOTBLK, errorName } from '../lib/errno.ts'
import type { WriteIter } from '../lib/operations.ts'
import { isOverwrite } from './extents.ts'
import { inHandle } from './journal.ts'
import { directExtension } from './size.ts'
import type { Ext4World } from './world.ts'

export const writeOps: Ops = {
  iomap_begin: 'ext4_iomap_begin',
  iomap_end: 'ext4_iomap_end',
  submit_io: null,
  end_io: 'ext4_dio_write_end_io',
  bio: 'iomap_dio_submit_bio',
}

const source = { file: 'fs/ext4/file.c', at: 'v6.1.55' }

interface DirectWrite {
  /** Whose kiocb. */
  readonly io: Letter
  mode: Mode
  /** The write goes beyond i_size or i_disksize. */
  extend: boolean
  /** Where it begins, and how long it is. */
  pos: number
  count: number
  done: Done | null
  result: number
}

interface Writing extends WriteIter {
  result: number
}

/** What O_DSYNC asks for comes last; iomap has seen to it where the write was direct. */
const ext4FileWriteIter = procedure<Ext4World, Writing>('ext4_file_write_iter', source, [
  flow<Writing>((f) => call(f.direct ? 'ext4_dio_write_iter' : 'ext4_buffered_write_iter', { io: f.io }, 'result')),
  flow<Writing>((f) =>
    !f.direct && f.dsync && f.result > 0 ? call('generic_write_sync', { file: f.file, count: f.result }, 'result') : undefined,
  ),
  flow<Writing>((f) => ret(f.result)),
])

const ext4DioWriteIter = procedure<Ext4World, DirectWrite>('ext4_dio_write_iter', source, [
  step(
    'lock_mode',
    (_s, f) =>
      `chooses how to lock the inode: ${f.mode}, because the write ${f.mode === 'shared' ? 'stays below' : 'would go past'} i_size`,
    { row: 'ext4 1.4 D1', code: 'if (offset + count > i_size_read(inode)) ilock_shared = false' },
    (s, f) => {
      invoke(s, f.io)
      f.mode = must(s.kiocbs[f.io]).ki_pos + must(s.iters[f.io]).count > s.inode.i_size ? 'exclusive' : 'shared'
    },
  ),
  step(
    'lock_inode',
    (_s, f) => `takes the inode lock (${f.mode})`,
    {
      row: 'ext4 1.4 D2',
      code: 'restart: ilock_shared ? inode_lock_shared(inode) : inode_lock(inode)',
      when: (s, f) => cannotLock(s.locks.i_rwsem, f.mode, 'inode lock'),
    },
    (s, f, t) => takeLock(s.locks.i_rwsem, f.mode, t.letter),
  ),
  step(
    'write_checks',
    (s, f) =>
      must(s.kiocbs[f.io]).append
        ? `generic_write_checks(): O_APPEND moves ki_pos to i_size = ${size(f.pos)}`
        : `generic_write_checks(): the write begins at ki_pos = ${size(f.pos)}`,
    {
      row: 'ext4 1.4 D3',
      fn: 'generic_write_checks',
      code: 'generic_write_checks(): if (IOCB_APPEND) iocb->ki_pos = i_size_read(inode)',
    },
    (s, f) => {
      genericWriteChecks(s, f.io)
      f.pos = must(s.kiocbs[f.io]).ki_pos
      place(s, f.io, f.pos)
      f.count = must(s.iters[f.io]).count
    },
  ),
  step(
    'dio_write_checks',
    (s, f, t) => {
      const where = range(f.pos, f.pos + f.count)
      if (!s.locks.i_rwsem.holders.includes(t.letter)) return `${where} needs blocks, a conversion or a size: unlocks, to lock exclusively`
      if (f.extend)
        return `${where} ends behind i_size ${size(s.inode.i_size)} or i_disksize ${size(s.ei.i_disksize)}: the write extends the file`
      return isOverwrite(s, f.pos, f.count)
        ? `${where} is inside the file, and one mapping covers it: an overwrite`
        : `${where} is inside the file, but blocks or a conversion are needed: the inode lock has to be exclusive, as it is`
    },
    {
      row: 'ext4 1.4 D4, D5',
      fn: 'ext4_dio_write_checks',
      code: 'if (*ilock_shared && (*extend || !ext4_overwrite_io())) { inode_unlock_shared(); inode_lock(); goto restart; }',
    },
    (s, f, t) => {
      f.extend = f.pos + f.count > Math.min(s.inode.i_size, s.ei.i_disksize)
      if (f.mode === 'exclusive' || (!f.extend && isOverwrite(s, f.pos, f.count))) return undefined
      dropLock(s.locks.i_rwsem, t.letter)
      f.mode = 'exclusive'
      return goto('lock_inode')
    },
  ),
  step(
    'file_modified',
    (s) => `the times of the inode change, in transaction ${s.journal.running}`,
    { row: 'ext4 1.4 D6', fn: 'ext4_dio_write_checks', code: 'file_modified(file)' },
    (s) => inHandle(s),
  ),
  flow<DirectWrite>((f) => (f.extend ? undefined : goto('iomap'))),
  step(
    'orphan_add',
    (s) =>
      `puts the inode on the orphan list, in transaction ${s.journal.running}: a mount that finds it there cuts the file to ${size(s.ei.raw.size)}`,
    { row: 'ext4 1.4 D7', fn: 'ext4_orphan_add', code: 'ext4_orphan_add(handle, inode)' },
    (s) => inHandle(s, { orphan: true }),
  ),
  flow<DirectWrite>((f) => call('iomap_dio_rw', wholeDio(dioRw(writeOps, false, { io: f.io, forceWait: f.extend })), 'done'), 'iomap'),
  flow<DirectWrite>((f) => {
    const { result } = must(f.done)
    f.result = result === ENOTBLK ? 0 : result
    return f.extend ? undefined : goto('unlock')
  }),
  ...directExtension,
  step(
    'unlock',
    (s, f) => {
      if (f.result === EIOCBQUEUED)
        return `unlocks the inode; the write is still in flight, and only i_dio_count = ${s.inode.i_dio_count} tells`
      return `unlocks the inode${f.result < 0 ? `; the write failed: ${errorName(f.result)}` : ''}`
    },
    { row: 'ext4 1.4 D16', code: 'inode_unlock(inode); return ret' },
    (s, f, t) => {
      dropLock(s.locks.i_rwsem, t.letter)
      return ret(f.result)
    },
  ),
])

export const directWriteProcedures = [ext4FileWriteIter, ext4DioWriteIter]
