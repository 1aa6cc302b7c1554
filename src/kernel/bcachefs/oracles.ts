/**
 * The oracles of bcachefs: those of every file system over what it shows, and those that know its locks. Wordings and ids:
 * facts bcachefs-buffered-write 8. They know calls, the page cache and locks; of the write path they know nothing.
 */
import { alignUp, range, size } from '../../base/range.ts'
import { always, monitor, type Oracle } from '../../engine/oracle.ts'
import { clip, endOfFiles } from '../lib/runs.ts'
import { PAGE } from '../mm/world.ts'
import { acknowledged } from '../oracles/acknowledged.ts'
import { noBug } from '../oracles/locks.ts'
import { orderOracles as orders } from '../oracles/order.ts'
import { dirtyPagesStay, removedPages, sizeShrinks } from '../oracles/pages.ts'
import { positionMoves } from '../oracles/position.ts'
import type { FileState } from '../oracles/serial.ts'
import { ranges } from '../oracles/shown.ts'
import { shown } from './shown.ts'
import type { BcachefsWorld } from './world.ts'

const lockDiscipline: Oracle<BcachefsWorld> = monitor<BcachefsWorld, object>({
  id: 'P3',
  kind: 'verdict',
  name: 'folios removed only under locks',
  says: 'folios are removed only by a task that holds the inode lock, or the pagecache lock in its blocking state',
  watch: ['mapping'],
  start: {},
  observe: (_memory, before, after, { task }) => {
    const [gone] = removedPages(before, after)
    if (!gone || before.locks.i_rwsem.holders.includes(task)) return null
    if (before.pcl.mode === 'block' && before.pcl.holders.includes(task)) return null
    return {
      says: `${task} removed folios in ${range(gone.from, gone.to)} without the inode lock or the pagecache lock in its blocking state`,
      marks: [{ in: 'task', part: task }],
    }
  },
})

const dirtyPastEnd: Oracle<BcachefsWorld> = always({
  id: 'P7',
  kind: 'verdict',
  name: 'no dirty folio past i_size',
  says: 'when all locks are free, no folio that lies wholly at or beyond i_size is dirty',
  watch: ['mapping', 'inode', 'locks', 'pcl'],
  judge: (s) => {
    if (s.locks.i_rwsem.mode !== 'free' || s.pcl.mode !== 'free' || s.mapping.locked.length > 0) return null
    const past = clip(s.mapping.runs, alignUp(s.inode.i_size, PAGE), endOfFiles).filter((run) => run.dirty)
    const [first] = past
    if (!first) return null
    return {
      says: `the folios ${range(first.from, first.to)} are dirty, and i_size is ${size(s.inode.i_size)}`,
      marks: ranges('cache', past),
    }
  },
})

export const stateOracles: readonly Oracle<BcachefsWorld>[] = [
  acknowledged('P1', shown),
  dirtyPagesStay('P2', shown),
  lockDiscipline,
  positionMoves('P4'),
  sizeShrinks('P6'),
  dirtyPastEnd,
  // Not in the facts' list: section 4 says that the BUG() of the write path cannot be reached.
  noBug('BUG', 'no task runs into a BUG() (ours, beside P1 to P7)'),
]

/** `start`: the file before any call. */
export const orderOracles = (start: FileState): readonly Oracle<BcachefsWorld>[] => orders(shown, start)
