/** btrfs: completing a direct write, and how it tells an fsync of its own that the inode is locked. Source: facts direct-io A.3 (A22, A23), A.4, A.8. */
import { call, flow, goto, step, type Row } from '../../../engine/procedure.ts'
import { completion, type Done } from '../../iomap/complete.ts'
import type { DioAnswer } from '../../iomap/dio.ts'
import type { Mode } from '../../lib/locks.ts'
import { must } from '../../lib/must.ts'
import { endWrite } from '../fsync/transaction.ts'
import { unlockInode } from '../inode-lock.ts'
import { isGone, type BtrfsWorld } from '../world.ts'

/** Locals of btrfs_direct_write() that this part of it uses. */
export interface Completing {
  /** The open file. */
  readonly file: string
  mode: Mode
  dio: DioAnswer | null
  done: Done | null
  /** What the call will return if nothing is written: 0 or a negative errno. */
  error: number
  /** Where the flag is: what file->private_data points to. */
  private: string | null
  /** It pointed nowhere, and was made to point to this task's stack. */
  ownPrivate: boolean
}

const inFile = { onlyWith: '939b656bc8ab', onlyWithout: 'cd9253c23aed' } as const

export const completeWrite: readonly Row<BtrfsWorld, Completing>[] = [
  step(
    'unlock_before_complete',
    'gives up the inode lock before the dio is completed: from here another task can change the file',
    {
      row: 'direct-io A.3 A22; A.4 A22',
      fn: 'btrfs_inode_unlock',
      code: 'btrfs_inode_unlock(inode, ilock_flags)',
      onlyWith: '8184620ae212',
      onlyWithout: '939b656bc8ab',
    },
    (s, f, t) => {
      unlockInode(s, t.letter, f.mode)
      endWrite(s)
    },
  ),
  flow<Completing>((f) => {
    if (!f.dio || f.dio.error === 0) return undefined
    f.error = f.dio.error
    return goto('unlock_flow')
  }),
  step(
    'set_private',
    (_s, f, t) =>
      f.ownPrivate
        ? `file->private_data is NULL: makes it point to a struct on ${t.letter}'s stack, for all who use this open file`
        : `file->private_data points to a struct already${f.private?.length === 1 ? `, on ${f.private}'s stack` : ''}: uses that one`,
    { row: 'direct-io A.8 R1; A.4 A23', code: 'if (!file->private_data) file->private_data = &stack_private', ...inFile },
    (s, f, t) => {
      const file = must(s.files[f.file])
      f.ownPrivate = file.private_data === null
      if (f.ownPrivate) {
        s.privates[t.letter] = { fsync_skip_inode_lock: false, usedAfter: [] }
        file.private_data = t.letter
      }
      f.private = file.private_data
    },
  ),
  step(
    'set_skip_flag',
    'fsync_skip_inode_lock = true: an fsync through this open file is not to take the inode lock',
    { row: 'direct-io A.8 R2; A.4 A23', code: 'private->fsync_skip_inode_lock = true', ...inFile },
    (s, f, t) => store(s, f, t.letter, true),
  ),
  step(
    'set_journal_info',
    'sets current->journal_info: an fsync by this task, and by no other, finds that the inode lock is held',
    { row: 'direct-io A.4 A23', code: 'current->journal_info = BTRFS_TRANS_DIO_WRITE_STUB', onlyWith: 'cd9253c23aed' },
    (s, _f, t) => {
      s.current[t.letter] = { journal_info: 'dio write' }
    },
  ),
  flow<Completing>(() => call('iomap_dio_complete', completion(), 'done')),
  step(
    'clear_skip_flag',
    'fsync_skip_inode_lock = false',
    { row: 'direct-io A.8 R4; A.4 A23', code: 'private->fsync_skip_inode_lock = false', ...inFile },
    (s, f, t) => store(s, f, t.letter, false),
  ),
  step(
    'clear_private',
    (_s, f, t) =>
      f.ownPrivate
        ? `file->private_data is NULL again; the struct on ${t.letter}'s stack goes with it`
        : 'file->private_data stays as it was found',
    { row: 'direct-io A.8 R4; A.4 A23', code: 'if (!have_private) file->private_data = NULL', ...inFile },
    (s, f) => {
      if (f.ownPrivate) must(s.files[f.file]).private_data = null
    },
  ),
  step(
    'clear_journal_info',
    'current->journal_info = NULL',
    { row: 'direct-io A.4 A23', code: 'current->journal_info = NULL', onlyWith: 'cd9253c23aed' },
    (s, _f, t) => {
      delete s.current[t.letter]
    },
  ),
]

/** Stores the flag where this task found it, which may be another task's stack. */
function store(s: BtrfsWorld, f: Completing, who: string, value: boolean): void {
  const name = must(f.private)
  const found = must(s.privates[name])
  found.fsync_skip_inode_lock = value
  if (isGone(s, name)) found.usedAfter = [...found.usedAfter, who]
}
