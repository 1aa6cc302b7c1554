/**
 * bcachefs: the outer loop of a buffered write. Source: facts bcachefs-buffered-write 3.2 (lockless), 3.3 (reverted, and
 * before), 3.4 (reduced). One procedure: the lockless path has some rows more, and takes the inode lock for fewer writes.
 */
import { alignDown, size } from '../../base/range.ts'
import { call, flow, goto, has, procedure, ret, step, type World } from '../../engine/procedure.ts'
import { cannotLock, dropLock, takeLock } from '../lib/locks.ts'
import { faultIn } from '../mm/buffer.ts'
import { PAGE } from '../mm/world.ts'
import { EFAULT, KILLED } from '../lib/errno.ts'
import { must } from '../lib/must.ts'
import { variables } from '../lib/variables.ts'
import { genericWriteChecks } from '../vfs/rw.ts'
import { isLockless, locklessOnly } from './buffered.ts'
import { invoke, place } from '../vfs/history.ts'
import { cannotGet, get, put } from './pcl.ts'
import { needInodeLock, type BcachefsWorld } from './world.ts'

interface Write {
  readonly task: string
  locked: boolean
  pos: number
  /** How much the next inner call is asked for; 0 = all that remains. */
  bytes: number
  /** Is that all that remains? */
  all: boolean
  written: number
  written2: number
  /** What the inner function answered. */
  got: number
  error: number
}

const row = (lockless: string, reverted: string | null): string =>
  `bcachefs-buffered-write 3.2 ${lockless}${reverted === null ? '' : `; 3.3 ${reverted}`}`

/** Is this a kernel in which some writes go without the inode lock? */
const skipsLock = (s: Pick<World, 'kernel'>): boolean => has(s, '7e64c86cdc6c') && !has(s, 'e3e694094091')

/** Would the write end past i_size as it is now, or does it append? */
const extending = (s: BcachefsWorld, task: string): boolean => {
  const iocb = must(s.kiocbs[task])
  return iocb.append || iocb.ki_pos + must(s.iters[task]).count > s.inode.i_size
}

function show(s: BcachefsWorld, f: Write): void {
  const { locked, pos, written, written2 } = f
  s.writers[f.task] = { inode_locked: locked, pos, written, written2, last_folio_pos: s.writers[f.task]?.last_folio_pos ?? null }
}

export const bufferedWriteLoop = procedure<BcachefsWorld, Write>(
  'bch2_buffered_write',
  { file: 'fs/bcachefs/fs-io-buffered.c', at: '7e64c86cdc6c, e3e694094091' },
  [
    variables<Write>({ locked: false, pos: 0, bytes: 0, all: true, written: 0, written2: 0, got: 0, error: 0 }),
    step(
      'inode_lock',
      (s, f) =>
        f.locked
          ? `takes the inode lock${skipsLock(s) ? ': the write will change i_size' : ''}`
          : `the write ends at or before i_size, ${size(s.inode.i_size)}: goes without the inode lock`,
      {
        row: row('L0', 'R1'),
        code: 'if (append || ki_pos + count > i_size) inode_lock(inode)',
        when: (s, f) => (!skipsLock(s) || extending(s, f.task) ? cannotLock(s.locks.i_rwsem, 'exclusive', 'inode lock') : null),
      },
      (s, f) => {
        f.locked = !skipsLock(s) || extending(s, f.task)
        if (f.locked) takeLock(s.locks.i_rwsem, 'exclusive', f.task)
        invoke(s, f.task)
        show(s, f)
      },
    ),
    step(
      'write_checks',
      (s, f) => `generic_write_checks(): ${size(must(s.iters[f.task]).count)} at ${size(f.pos)}`,
      { row: row('L1', 'R2'), fn: 'generic_write_checks', code: 'ret = generic_write_checks(iocb, iter);' },
      (s, f) => {
        genericWriteChecks(s, f.task)
        f.pos = must(s.kiocbs[f.task]).ki_pos
        place(s, f.task, f.pos)
        show(s, f)
      },
    ),
    step(
      'pagecache_add_get',
      (s, f) => {
        const others = s.pcl.holders.filter((holder) => holder !== f.task)
        return `takes the pagecache lock in its adding state${others.length > 0 ? `, which ${others.join(' and ')} ${others.length > 1 ? 'hold' : 'holds'} too` : ''}`
      },
      { row: row('L4', 'R3'), code: 'bch2_pagecache_add_get(inode);', when: (s) => cannotGet(s.pcl, 'add') },
      (s, f) => get(s.pcl, 'add', f.task),
    ),
    flow<Write>((f) => (f.locked ? goto('fault_in') : undefined)),
    step(
      'recheck_size',
      (s, f) =>
        f.pos + must(s.iters[f.task]).count > s.inode.i_size
          ? `i_size is ${size(s.inode.i_size)} by now: the write would extend the file, so it needs the inode lock`
          : `i_size is still ${size(s.inode.i_size)}, and no truncate can change it now`,
      {
        row: row('L5', null),
        code: 'if (!inode_locked && iocb->ki_pos + iov_iter_count(iter) > i_size_read(&inode->v)) goto get_inode_lock;',
        onlyWith: locklessOnly.onlyWith,
        onlyWithout: [...locklessOnly.onlyWithout, 'no-size-recheck'],
      },
      (s, f) => (f.pos + must(s.iters[f.task]).count > s.inode.i_size ? goto('pagecache_add_put_again') : undefined),
    ),
    step(
      'fault_in',
      (_s, f) => (f.error === 0 ? `faults in ${size(f.bytes)} of the user buffer` : 'the user buffer is not mapped any more: -EFAULT'),
      { row: row('L6, L7, L8', 'R4'), code: 'if (fault_in_iov_iter_readable(iter, bytes)) { one page; ret = -EFAULT; }' },
      (s, f) => {
        const iter = must(s.iters[f.task])
        if (f.bytes === 0) f.bytes = iter.count
        f.all = f.bytes === iter.count
        if (must(s.buffers[f.task]).unmapped) {
          f.error = EFAULT
          return goto('pagecache_add_put')
        }
        faultIn(must(s.buffers[f.task]), iter.offset, iter.offset + f.bytes, `0${f.task}`)
        return undefined
      },
    ),
    flow<Write>((f, world) => (isLockless(world) && !f.locked && !f.all ? goto('pagecache_add_put_again') : undefined)),
    flow<Write>((f) => call('__bch2_buffered_write', { pos: f.pos, len: f.bytes, locked: f.locked }, 'got')),
    flow<Write>((f) => {
      if (f.got === KILLED) return ret(KILLED)
      if (f.got === needInodeLock) return goto('pagecache_add_put_again')
      if (f.got < 0) {
        f.error = f.got
        return goto('pagecache_add_put')
      }
      if (f.got > 0) return undefined
      // Nothing was copied: again, with as little as there can be.
      f.bytes = Math.min(f.bytes, PAGE - (f.pos - alignDown(f.pos, PAGE)))
      return goto('fault_in')
    }),
    step(
      'advance',
      (s, f) =>
        `${size(f.got)} done: written = ${size(f.written)}${isLockless(s) ? `, written2 = ${size(f.written2)}` : ''}; the next byte is at ${size(f.pos)}`,
      { row: row('L11, L12', 'R4'), code: 'pos += ret; written += ret; written2 = max(written, written2);' },
      (s, f) => {
        f.pos += f.got
        f.written += f.got
        f.written2 = Math.max(f.written, f.written2)
        show(s, f)
        if (isLockless(s) && !f.locked && f.got !== f.bytes) return goto('pagecache_add_put_again')
        f.bytes = 0
        return goto(must(s.iters[f.task]).count > 0 ? 'fault_in' : 'pagecache_add_put')
      },
    ),
    step(
      'pagecache_add_put_again',
      'get_inode_lock: drops the pagecache lock, to start over with the inode lock',
      { row: row('GL', null), code: 'get_inode_lock: bch2_pagecache_add_put(inode);', ...locklessOnly },
      (s, f) => put(s.pcl, f.task),
    ),
    step(
      'inode_lock_again',
      'takes the inode lock',
      {
        row: row('GL', null),
        code: 'inode_lock(&inode->v); inode_locked = true;',
        when: (s) => cannotLock(s.locks.i_rwsem, 'exclusive', 'inode lock'),
        ...locklessOnly,
      },
      (s, f) => {
        takeLock(s.locks.i_rwsem, 'exclusive', f.task)
        f.locked = true
        show(s, f)
      },
    ),
    step(
      'restart',
      (_s, f) => `takes the pagecache lock again and goes back to the beginning of the write, ${size(f.pos)}; written = 0`,
      {
        row: row('GL', null),
        code: 'bch2_pagecache_add_get(inode); iov_iter_revert(iter, written); pos -= written; written = 0;',
        when: (s) => cannotGet(s.pcl, 'add'),
        ...locklessOnly,
      },
      (s, f) => {
        get(s.pcl, 'add', f.task)
        const iter = must(s.iters[f.task])
        iter.offset -= f.written
        iter.count += f.written
        f.pos -= f.written
        f.written = 0
        f.bytes = 0
        show(s, f)
        return goto('fault_in')
      },
    ),
    step(
      'pagecache_add_put',
      (s, f) => `drops the pagecache lock; ki_pos becomes ${size(must(s.kiocbs[f.task]).ki_pos)}`,
      { row: row('L14', 'R5'), code: 'bch2_pagecache_add_put(inode); iocb->ki_pos += written;' },
      (s, f) => {
        put(s.pcl, f.task)
        must(s.kiocbs[f.task]).ki_pos += f.written
      },
    ),
    flow<Write>((f) => (f.locked ? undefined : ret(result(f)))),
    step('inode_unlock', 'unlocks the inode', { row: row('L14', 'R6'), code: 'inode_unlock(&inode->v);' }, (s, f) => {
      dropLock(s.locks.i_rwsem, f.task)
      return ret(result(f))
    }),
  ],
)

/** written2 is never less than written, and equal to it where nothing starts over: then both paths report the same. */
const result = (f: Write): number => f.written2 || f.error
