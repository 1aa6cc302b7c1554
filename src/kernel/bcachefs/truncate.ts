/** bcachefs: the system call that shortens a file. Source: facts bcachefs-buffered-write 2 T, 4 item 1, 5 H1. */
import { size } from '../../base/range.ts'
import { call, procedure, ret, step } from '../../engine/procedure.ts'
import { cannotLock, dropLock, takeLock } from '../lib/locks.ts'
import { cutOut, endOfFiles } from '../lib/runs.ts'
import { invoke } from '../vfs/history.ts'
import { cannotGet, get, put } from './pcl.ts'
import type { BcachefsWorld } from './world.ts'

interface SetSize {
  readonly to: number
}

const setsizeRow = 'bcachefs-buffered-write 2 T; 4 item 1'

export const truncateFile = procedure<BcachefsWorld, SetSize>('bchfs_truncate', { file: 'fs/bcachefs/fs-io.c', at: '7e64c86cdc6c' }, [
  step(
    'inode_lock',
    'truncate takes the inode lock',
    { row: setsizeRow, code: 'inode_lock(inode)', when: (s) => cannotLock(s.locks.i_rwsem, 'exclusive', 'inode lock') },
    (s, _f, t) => {
      invoke(s, t.letter)
      takeLock(s.locks.i_rwsem, 'exclusive', t.letter)
    },
  ),
  step(
    'pagecache_block_get',
    'truncate takes the pagecache lock in its blocking state: no writer can add folios now',
    { row: setsizeRow, code: 'bch2_pagecache_block_get(inode)', when: (s) => cannotGet(s.pcl, 'block') },
    (s, _f, t) => get(s.pcl, 'block', t.letter),
  ),
  step(
    'i_size',
    (s) => `i_size becomes ${size(s.inode.i_size)}`,
    { row: setsizeRow, code: 'truncate_setsize(&inode->v, iattr->ia_size)' },
    (s, f) => {
      s.inode.i_size = f.to
      return call('truncate_pagecache', { to: f.to })
    },
  ),
  step(
    'drop_extents',
    (_s, f) => `drops the extents from ${size(f.to)} on, then both locks`,
    { row: setsizeRow, code: 'bchfs_fpunch(); bch2_pagecache_block_put(inode); inode_unlock(inode)' },
    (s, f, t) => {
      s.btree = cutOut(s.btree, f.to, endOfFiles)
      put(s.pcl, t.letter)
      dropLock(s.locks.i_rwsem, t.letter)
      return ret(0)
    },
  ),
])
