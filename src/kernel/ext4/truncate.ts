/** ext4: setting the size, to a multiple of the block size: T7, which zeroes a part of a block, is not modelled. Source: facts ext4 3.5. */
import { size } from '../../base/range.ts'
import { call, goto, procedure, ret, step } from '../../engine/procedure.ts'
import { cannotLock, dropLock, takeLock } from '../lib/locks.ts'
import { variables } from '../lib/variables.ts'
import { cleanedUp } from './extents.ts'
import { inHandle } from './journal.ts'
import type { Ext4World } from './world.ts'

interface SetSize {
  readonly to: number
  /** The size before. */
  old: number
}

const source = { file: 'fs/ext4/inode.c', at: 'v6.1.55' }

export const ext4Setattr = procedure<Ext4World, SetSize>('ext4_setattr', source, [
  variables<SetSize>({ old: 0 }),
  step(
    'lock_inode',
    'truncate takes the inode lock',
    {
      row: 'ext4 3.5 T1',
      fn: 'do_truncate',
      code: 'inode_lock(inode)',
      when: (s) => cannotLock(s.locks.i_rwsem, 'exclusive', 'inode lock'),
    },
    (s, _f, t) => takeLock(s.locks.i_rwsem, 'exclusive', t.letter),
  ),
  step(
    'dio_wait',
    'no direct I/O is in flight',
    {
      row: 'ext4 3.5 T3',
      fn: 'inode_dio_wait',
      code: 'if (attr->ia_size < inode->i_size) inode_dio_wait(inode)',
      when: (s, f) => (f.to < s.inode.i_size && s.inode.i_dio_count > 0 ? { on: 'direct I/O in flight', heldBy: [] } : null),
    },
    () => undefined,
  ),
  step(
    'invalidate_lock',
    'takes the invalidate lock: no page can be read in now',
    {
      row: 'ext4 3.5 T4',
      fn: 'filemap_invalidate_lock',
      code: 'filemap_invalidate_lock(inode->i_mapping)',
      when: (s) => cannotLock(s.locks.invalidate_lock, 'exclusive', 'invalidate lock'),
    },
    (s, _f, t) => takeLock(s.locks.invalidate_lock, 'exclusive', t.letter),
  ),
  step(
    'set_size',
    (s, f) =>
      f.to < f.old
        ? `i_size = i_disksize = ${size(f.to)}, and on the orphan list, in transaction ${s.journal.running}`
        : `i_size = i_disksize = ${size(f.to)}, in transaction ${s.journal.running}`,
    {
      row: 'ext4 3.5 T5',
      code: 'if (shrink) ext4_orphan_add(handle, inode); EXT4_I(inode)->i_disksize = attr->ia_size; i_size_write(inode, attr->ia_size)',
    },
    (s, f) => {
      f.old = s.inode.i_size
      s.ei.i_disksize = f.to
      inHandle(s, f.to < f.old ? { orphan: true } : {})
      s.inode.i_size = f.to
      return f.to < f.old ? call('truncate_pagecache', { to: f.to }) : goto(f.to > f.old ? 'unlock' : 'ext_truncate')
    },
  ),
  step(
    'ext_truncate',
    (s, f) => `the extents behind ${size(f.to)} are gone, and the inode is off the orphan list, in transaction ${s.journal.running}`,
    {
      row: 'ext4 3.5 T8',
      fn: 'ext4_ext_truncate',
      code: 'ext4_es_remove_extent(); ext4_ext_remove_space(); ext4_orphan_del(handle, inode)',
    },
    (s) => inHandle(s, cleanedUp({ ...s.ei.raw, size: s.inode.i_size, orphan: true })),
  ),
  step(
    'unlock',
    'drops both locks',
    { row: 'ext4 3.5 T9', code: 'filemap_invalidate_unlock(inode->i_mapping); inode_unlock(inode)' },
    (s, _f, t) => {
      dropLock(s.locks.invalidate_lock, t.letter)
      dropLock(s.locks.i_rwsem, t.letter)
      return ret(0)
    },
  ),
])
