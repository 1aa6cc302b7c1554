/** ext4: what a power failure leaves, and who would notice. Source: facts ext4 3.9, 4.1; e2fsprogs e2fsck/pass1.c, check_blocks(). */
import { range, size } from '../../base/range.ts'
import type { Watcher } from '../../engine/plugged.ts'
import { afterFailure } from '../block/power.ts'
import { PAGE } from '../mm/world.ts'
import { plugOf } from '../oracles/plug.ts'
import { ext4Failure } from './power.ts'
import { shown } from './shown.ts'
import type { Ext4World } from './world.ts'

function mounting({ journal: { committed, durable } }: Ext4World): Watcher {
  const cut = durable.orphan ? `, and it cuts the inode, which is on the orphan list, to ${size(durable.size)}` : ''
  return {
    who: 'mount',
    notices: false,
    says: `it replays the journal up to transaction ${committed}${cut}: a transaction is there as a whole or not at all, so nothing is out of place`,
  }
}

const reading: Watcher = { who: 'read', notices: false, says: 'ext4 has no checksums of data: whatever the blocks hold is returned' }

/** Initialised blocks behind the end of a file are an error; preallocated ones are none. */
function checking({ ei: { raw } }: Ext4World): Watcher {
  const behind = raw.extents.findLast(({ to, unwritten }) => !unwritten && to - PAGE > raw.size)
  return {
    who: 'e2fsck',
    notices: behind !== undefined,
    says: behind
      ? `i_size is ${size(raw.size)}, and ${range(Math.max(behind.from, raw.size), behind.to)} behind it has initialised blocks`
      : 'the size and the blocks fit: none that was written lies behind the end',
  }
}

export const ext4Plug = plugOf<Ext4World>({
  shown,
  afterFailure: (s) => afterFailure(s, ext4Failure),
  readBack: (s) => shown.content(s, 0, s.inode.i_size),
  watchers: (mounted, failed) => [mounting(failed), reading, checking(mounted)],
})
