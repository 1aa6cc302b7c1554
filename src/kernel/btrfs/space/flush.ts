/** btrfs: making room by freeing what nothing needs any more. Source: fs/btrfs/space-info.c v6.1, data_flush_states[]. */
import { call, flow, goto, procedure, ret, step } from '../../../engine/procedure.ts'
import { variables } from '../../lib/variables.ts'
import { LLONG_MAX } from '../buffered/writeback.ts'
import { cannotCommit, commit } from '../fsync/transaction.ts'
import type { BtrfsWorld } from '../world.ts'
import { lacksMetadata } from './reserve.ts'

/** flush_space(), through the states for data: everything dirty is written back, then the transaction is committed. */
const flushSpace = procedure<BtrfsWorld, object>('flush_space', { file: 'fs/btrfs/space-info.c', at: 'v6.1' }, [
  flow(() => call('btrfs_wait_ordered_range', { from: 0, to: LLONG_MAX })),
  step(
    'commit_trans',
    'commits the transaction, which frees what nothing needs any more',
    {
      row: 'v6.1 flush_space()',
      code: 'FLUSH_DELALLOC_FULL; COMMIT_TRANS',
      when: (s) => (s.fs.started ? cannotCommit(s) : null),
    },
    (s) => {
      if (s.fs.started) commit(s)
      return ret()
    },
  ),
])

interface Reclaiming {
  /** How often it went through all that it can do. */
  cycles: number
}

/** Tickets fail once everything was tried so often: the third of its commit_cycles. */
const CYCLES = 3

/**
 * The worker that frees metadata space for tickets: what is dirty or unfinished has reserved some, so it is written back. Source: facts
 * fsync-log-tree 3.9 G6b, from memory of fs/btrfs/space-info.c: btrfs_async_reclaim_metadata_space(), shrink_delalloc(), maybe_fail_all_tickets().
 */
const asyncReclaim = procedure<BtrfsWorld, Reclaiming>(
  'btrfs_async_reclaim_metadata_space',
  { file: 'fs/btrfs/space-info.c', at: 'v5.12' },
  [
    variables<Reclaiming>({ cycles: 0 }),
    step(
      'shrink_delalloc',
      'a ticket waits for metadata space: has everything dirty written back',
      {
        row: 'fsync-log-tree 3.9 G6b',
        code: 'flush_space(): shrink_delalloc()',
        when: (s) => (s.space.metadata && s.space.metadata.ticket !== null ? null : { on: 'a ticket', heldBy: [] }),
      },
      () => call('btrfs_wait_ordered_range', { from: 0, to: LLONG_MAX }),
    ),
    step(
      'tickets',
      (s) => (s.space.metadata?.failed ? 'gives up: the ticket fails' : 'has written back what there was'),
      { row: 'fsync-log-tree 3.9 G6b', code: 'if (++commit_cycles > 2) maybe_fail_all_tickets()' },
      (s, f) => {
        f.cycles++
        const { metadata } = s.space
        if (!metadata || metadata.ticket === null) return ret()
        if (!lacksMetadata(s)) {
          // btrfs_try_granting_tickets(): it is granted for good, whoever makes a page dirty next.
          metadata.ticket = null
          return ret()
        }
        if (f.cycles < CYCLES) return goto('shrink_delalloc')
        metadata.failed = true
        return ret()
      },
    ),
  ],
)

export const flushProcedures = [flushSpace, asyncReclaim]
