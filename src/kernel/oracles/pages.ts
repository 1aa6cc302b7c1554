/** Oracles for the page cache: what may happen to a page while it is dirty, under writeback, or past the end of the file. */
import { range, size } from '../../base/range.ts'
import { monitor, type Oracle } from '../../engine/oracle.ts'
import { clip, gaps } from '../lib/runs.ts'
import type { CacheRun, MmWorld } from '../mm/world.ts'
import type { History } from '../vfs/history.ts'
import { fileEnd, ranges, type FileWorld, type Shown } from './shown.ts'

/** Stretches that were cached before and are not any more. */
export const removedPages = (before: MmWorld, after: MmWorld): CacheRun[] =>
  before.mapping.runs.flatMap((run) => gaps(after.mapping.runs, run.from, run.to).map((gap) => ({ ...run, ...gap })))

/** Facts direct-io B.6, B-O5. */
export const stablePages = <W extends MmWorld>(id: string): Oracle<W> =>
  monitor<W, object>({
    id,
    kind: 'verdict',
    name: 'pages under writeback stay unchanged',
    says: 'a page whose writeback flag is set does not change until the flag is cleared',
    watch: ['mapping'],
    start: {},
    observe: (_memory, before, after) => {
      for (const run of before.mapping.runs.filter(({ writeback }) => writeback)) {
        const now = clip(after.mapping.runs, run.from, run.to).find(({ writeback, stamp }) => writeback && stamp !== run.stamp)
        if (now)
          return { says: `the page cache at ${range(now.from, now.to)} became ${now.stamp} under writeback`, marks: ranges('cache', [now]) }
      }
      return null
    },
  })

/** Facts bcachefs-buffered-write 8, P2. */
export const dirtyPagesStay = <W extends FileWorld & History>(id: string, shown: Shown<W>): Oracle<W> =>
  monitor<W, object>({
    id,
    kind: 'verdict',
    name: 'dirty folios are not dropped',
    says: 'a dirty folio leaves the page cache only through completed writeback, or a truncate system call whose range covers it',
    watch: ['mapping'],
    start: {},
    observe: (_memory, before, after, { task }) => {
      const gone = removedPages(before, after).find((part) => clip(before.mapping.runs, part.from, part.to).some((run) => run.dirty))
      if (!gone) return null
      const op = after.ops[task]
      if (op?.kind === 'truncate' && op.invoked && op.returned === null && op.from <= gone.from) return null
      return {
        says: `${task} removed the dirty folios ${range(gone.from, gone.to)}, which hold ${gone.stamp}, and is no truncate`,
        // They are in the page cache no more; what can be seen is what reads find in their place.
        marks: [{ in: 'task', part: task }, ...ranges(shown.lanes.content, [gone])],
      }
    },
  })

/** Facts bcachefs-buffered-write 8, the first half of P6. */
export const sizeShrinks = <W extends FileWorld & History>(id: string): Oracle<W> =>
  monitor<W, object>({
    id,
    kind: 'verdict',
    name: 'only truncate shrinks the file',
    says: 'i_size never decreases without a truncate',
    watch: ['inode'],
    start: {},
    observe: (_memory, before, after, { task }) => {
      if (after.inode.i_size >= before.inode.i_size || after.ops[task]?.kind === 'truncate') return null
      return {
        says: `${task} took i_size from ${size(before.inode.i_size)} to ${size(after.inode.i_size)}, and is no truncate`,
        marks: [fileEnd],
      }
    },
  })
