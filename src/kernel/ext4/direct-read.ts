/** ext4: direct reads. Source: facts ext4 3.2 (R3 to R7). */
import { size } from '../../base/range.ts'
import { call, flow, procedure, ret, step } from '../../engine/procedure.ts'
import type { Letter } from '../../engine/view.ts'
import type { Done } from '../iomap/complete.ts'
import { dioRw, wholeDio } from '../iomap/dio.ts'
import { cannotLock, dropLock, takeLock } from '../lib/locks.ts'
import { must } from '../lib/must.ts'
import { EIOCBQUEUED, errorName } from '../lib/errno.ts'
import type { ReadIter } from '../lib/operations.ts'
import { writeOps } from './direct-write.ts'
import type { Ext4World } from './world.ts'

const source = { file: 'fs/ext4/file.c', at: 'v6.1.55' }

interface DirectRead {
  readonly io: Letter
  done?: Done
}

const ext4FileReadIter = procedure<Ext4World, ReadIter & { result: number }>('ext4_file_read_iter', source, [
  flow<ReadIter>((f) => call(f.direct ? 'ext4_dio_read_iter' : 'filemap_read', { io: f.io, nowait: f.nowait, already: 0 }, 'result')),
  flow<{ result: number }>((f) => ret(f.result)),
])

const ext4DioReadIter = procedure<Ext4World, DirectRead>('ext4_dio_read_iter', source, [
  step(
    'lock_inode',
    'takes the inode lock (shared)',
    {
      row: 'ext4 3.2 R3',
      code: 'inode_lock_shared(inode)',
      when: (s) => cannotLock(s.locks.i_rwsem, 'shared', 'inode lock'),
    },
    (s, _f, t) => takeLock(s.locks.i_rwsem, 'shared', t.letter),
  ),
  flow<DirectRead>((f) => call('iomap_dio_rw', wholeDio(dioRw({ ...writeOps, end_io: null }, true, { io: f.io })), 'done')),
  step(
    'unlock',
    (_s, f) => {
      const { result } = must(f.done)
      if (result === EIOCBQUEUED) return 'unlocks the inode; the read is still in flight'
      return `unlocks the inode and returns ${result < 0 ? errorName(result) : size(result)}`
    },
    { row: 'ext4 3.2 R7', code: 'inode_unlock_shared(inode); return ret' },
    (s, f, t) => {
      dropLock(s.locks.i_rwsem, t.letter)
      return ret(must(f.done).result)
    },
  ),
])

export const directReadProcedures = [ext4FileReadIter, ext4DioReadIter]
