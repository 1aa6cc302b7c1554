/** ext4: what a power failure takes, and the next mount. Source: facts ext4 3.9. */
import { range, size } from '../../base/range.ts'
import { powerFailure, type PowerFailure } from '../block/power.ts'
import { cleanedUp } from './extents.ts'
import { inWords } from './journal.ts'
import type { Ext4World } from './world.ts'

/** jbd2_journal_recover(), ext4_orphan_cleanup(), and the first use of the inode. */
function mount(s: Ext4World): void {
  const raw = cleanedUp(s.journal.durable)
  const { committed } = s.journal
  s.journal = { running: null, committing: null, committed, durable: raw }
  s.ei = { i_disksize: raw.size, raw, i_sync_tid: committed }
  s.inode.i_size = raw.size
  s.mount = { down: false, count: s.mount.count + 1 }
}

export const ext4Failure: PowerFailure<Ext4World> = {
  source: { file: 'fs/ext4/super.c', at: 'v6.1.55' },
  cut: {
    row: 'ext4 3.9 X1',
    says: (s) =>
      `the power fails: what was in memory is gone; the journal on disk ends with transaction ${s.journal.committed}, which has ${inWords(s.journal.durable)}`,
    forget: (s) => {
      s.dios = {}
      s.mount.down = true
      s.journal = { ...s.journal, running: null, committing: null }
    },
  },
  mount: {
    label: 'recover_journal',
    row: 'ext4 3.9 X2, X3, X4',
    fn: 'ext4_orphan_cleanup',
    code: 'jbd2_journal_recover(); ext4_orphan_cleanup(): ext4_truncate(inode)',
    says: (s) =>
      `the next mount replays the journal and cuts an inode on the orphan list to its size: the file is ${size(s.inode.i_size)} long, with ${s.ei.raw.extents.length === 0 ? 'no blocks' : `blocks for ${s.ei.raw.extents.map(({ from, to }) => range(from, to)).join(', ')}`}`,
    run: mount,
  },
}

export const mountAfterPowerFailure = powerFailure(ext4Failure)
