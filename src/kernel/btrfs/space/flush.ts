/** btrfs: making room by freeing what nothing needs any more. Source: fs/btrfs/space-info.c v6.1, data_flush_states[]. */
import { call, flow, procedure, ret, step } from '../../../engine/procedure.ts'
import { LLONG_MAX } from '../buffered/writeback.ts'
import { commit } from '../fsync/transaction.ts'
import type { BtrfsWorld } from '../world.ts'

/** flush_space(), through the states for data: everything dirty is written back, then the transaction is committed. */
const flushSpace = procedure<BtrfsWorld, object>('flush_space', { file: 'fs/btrfs/space-info.c', at: 'v6.1' }, [
  flow(() => call('btrfs_wait_ordered_range', { from: 0, to: LLONG_MAX })),
  step(
    'commit_trans',
    'commits the transaction, which frees what nothing needs any more',
    {
      row: 'v6.1 flush_space()',
      code: 'FLUSH_DELALLOC_FULL; COMMIT_TRANS',
      when: (s) => (s.fs.handles.length > 0 ? { on: 'transaction handles', heldBy: [...s.fs.handles] } : null),
    },
    (s) => {
      if (s.fs.started) commit(s)
      return ret()
    },
  ),
])

export const flushProcedures = [flushSpace]
