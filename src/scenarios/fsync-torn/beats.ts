/** The story of a log that describes a file that never existed. Numbers are those of the commit message's second scenario. */
import { range, size, type Range } from '../../base/range.ts'
import type { BtrfsWorld, Item } from '../../kernel/btrfs/world.ts'
import { layoutOf } from '../../kernel/btrfs/tree/extents.ts'
import { extentsOf } from '../../kernel/btrfs/tree/tree.ts'
import { clip, gaps } from '../../kernel/lib/runs.ts'
import { beat, number, type Beat, type Moment, type Window } from '../beat.ts'
import { logged, rangeOf } from '../btrfs-moments.ts'
import {
  allocated,
  fsyncIsLogging,
  fsyncFailed,
  fsyncSucceeded,
  itemInserted,
  newlyLogged,
  orderedDone,
  stampOf,
  stored,
  storeOf,
} from '../fsync-moments.ts'

type At = Moment<BtrfsWorld>

const text = ({ from, to }: Range): string => range(from, to)
const list = (parts: readonly string[]): string =>
  parts.length > 1 ? `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}` : (parts[0] ?? 'nothing')

/** The data that the last commit has in [0, i_size). */
const committed = (s: BtrfsWorld) => layoutOf(s.durable.items, s.disk.data, s.inode.i_size).filter((piece) => piece.kind === 'data')
/** What of it the running tree has no more. */
const punched = (s: BtrfsWorld): Range[] => {
  const kept = layoutOf(
    s.subvol.flatMap((leaf) => leaf.items),
    s.disk.data,
    s.inode.i_size,
  ).filter((piece) => piece.kind === 'data')
  return committed(s).flatMap(({ from, to }) => gaps(kept, from, to))
}

/** Parts of [0, i_size) of which a log says nothing; with NO_HOLES they stay as in the last commit. */
const silent = (items: readonly Item[] | null, to: number): Range[] =>
  items === null || to === 0
    ? []
    : gaps(
        extentsOf(items)
          .map(rangeOf)
          .sort((a, b) => a.from - b.from),
        0,
        to,
      )
const silentLog = (s: BtrfsWorld): Range[] => silent(logged(s), s.inode.i_size)

/** The hole that the step has logged. */
const hole = (m: At): Range | null => {
  const item = newlyLogged(m).find(({ disk }) => disk === 0)
  return item ? rangeOf(item) : null
}
/** Does an item that the log does not have begin where the hole ends? */
const endsAtUnlogged = (m: At): boolean =>
  m.after.subvol.some((leaf) =>
    extentsOf(leaf.items).some((item) => item.offset === hole(m)?.to && !logged(m.after).some(({ offset }) => offset === item.offset)),
  )

/** Stores that a reader of the running machine sees. */
const seenStores = (s: BtrfsWorld): Range[] => s.mapping.runs.filter(({ stamp }) => ['Z', 'R', 'S'].includes(stamp))

/** After a mount: old data where the log said nothing, between what it did say. */
const cameBack = (m: At): readonly { readonly from: number; readonly to: number; readonly stamp: string | null }[] => {
  const layout = layoutOf(
    m.after.subvol.flatMap((leaf) => leaf.items),
    m.after.disk.data,
    m.after.inode.i_size,
  )
  return silent(m.before.durable.log, m.after.inode.i_size).flatMap(({ from, to }) =>
    clip(layout, from, to).filter(({ kind }) => kind === 'data'),
  )
}
const hadLog = (m: At): boolean => m.before.durable.log !== null

const copied = 'copy_inode_items_to_log.release_path'

export const beats: readonly Beat<BtrfsWorld>[] = [
  beat('punched', 'btrfs_sync_file.start_ordered_ops', {
    task: 'A',
    when: (m) => punched(m.before).length > 0,
    says: ({ before: s }) =>
      `The last commit has ${list(committed(s).map(({ from, stamp }) => `${stamp} at ${size(from)}`))}; in the running transaction ${list(punched(s).map(text))} is there no more, and A begins its fsync.`,
    stands: ['1', '2', '3'],
  }),
  beat('begins', 'btrfs_sync_file.start_ordered_ops', {
    task: 'A',
    when: (m) => punched(m.before).length === 0,
    says: 'A begins its fsync; the running transaction has taken nothing away from the file.',
    instead: 'punched',
  }),
  beat('waited', 'btrfs_sync_file.wait_ordered_range', {
    task: 'A',
    when: (m) => fsyncIsLogging(m) && m.after.ordered.length === 0,
    says: 'A has flushed, taken the inode lock, flushed again and waited: nothing of the file is in flight.',
    stands: ['3'],
  }),
  beat('waited-pages', 'btrfs_sync_file.wait_ordered_range', {
    task: 'A',
    when: (m) => fsyncIsLogging(m) && m.after.ordered.length > 0,
    says: 'A fast fsync waits for pages only: an ordered extent is in flight.',
    instead: 'waited',
  }),
  beat('stored', ['store.retry_store', 'store.store'], {
    task: 'B',
    when: (m) => stored(m) && fsyncIsLogging(m),
    says: (m) => `B stores ${stampOf(m)} to ${text(storeOf(m))} through its mapping: no lock of fsync stops it.`,
    stands: ['4'],
  }),
  beat('stored-free', ['store.retry_store', 'store.store'], {
    task: 'B',
    when: (m) => stored(m) && !fsyncIsLogging(m),
    says: (m) => `B stores ${stampOf(m)} to ${text(storeOf(m))} through its mapping, while fsync does not have the inode lock.`,
    instead: 'stored',
  }),
  beat('copied', 'copy_inode_items_to_log.copy_items', {
    task: 'A',
    says: (m) =>
      `A copies the extent items of leaf ${String(m.locals['leaf'])} into the log, which now tells of ${list(logged(m.after).map((item) => text(rangeOf(item))))}.`,
    stands: ['5'],
  }),
  allocated(['6']),
  itemInserted('inserted', ['7']),
  orderedDone(['7']),
  beat('first-hole', 'btrfs_log_holes.log_hole', {
    when: (m) => hole(m) !== null && endsAtUnlogged(m),
    says: (m) =>
      `A scans for holes, and logs one that ends where an item begins that is not in the log: ${text(hole(m) ?? { from: 0, to: 0 })}.`,
    stands: ['8'],
  }),
  beat('hole', 'btrfs_log_holes.log_hole', {
    when: (m) => hole(m) !== null && !endsAtUnlogged(m),
    says: (m) => `A scans for holes, and logs ${text(hole(m) ?? { from: 0, to: 0 })}.`,
    instead: 'first-hole',
  }),
  beat('second-hole', 'btrfs_log_holes.log_last_hole', {
    when: (m) => hole(m) !== null && silentLog(m.after).length > 0,
    says: (m) => `The last hole is ${text(hole(m) ?? { from: 0, to: 0 })}. Of ${list(silentLog(m.after).map(text))} the log says nothing.`,
    stands: ['8'],
  }),
  beat('whole', 'btrfs_log_holes.log_last_hole', {
    when: (m) => silentLog(m.after).length === 0,
    says: 'Extents and holes together, the log tells of the whole file.',
    instead: 'second-hole',
  }),
  beat('returned', 'fsync.return', {
    when: (m) => number(m.was, 'result') === 0 && seenStores(m.after).length > 0,
    says: (m) => `fsync returns 0. While the machine runs, everybody sees what was stored to ${list(seenStores(m.after).map(text))}.`,
    stands: ['8'],
  }),
  fsyncSucceeded('succeeded', 'returned'),
  fsyncFailed('refused', 'returned'),
  beat('replayed', 'power_failure.recover_log_trees', {
    when: (m) => hadLog(m) && m.after.fs.noHoles && cameBack(m).length > 0,
    says: (m) =>
      `Power failure and mount: the log is replayed, and where it says nothing the file is as it was committed: ${list(cameBack(m).map((piece) => `${piece.stamp} in ${text(piece)}`))}.`,
    stands: ['8'],
  }),
  beat('replayed-right', 'power_failure.recover_log_trees', {
    when: (m) => hadLog(m) && !(m.after.fs.noHoles && cameBack(m).length > 0),
    says: 'Power failure and mount: the log is replayed.',
    instead: 'replayed',
  }),
  beat('no-log', 'power_failure.recover_log_trees', {
    when: (m) => !hadLog(m),
    says: 'Power failure and mount: there is no log, the file is as of the last commit.',
    instead: 'replayed',
  }),
]

export const windows: readonly Window<BtrfsWorld>[] = [
  {
    id: 'W_holes',
    task: 'A',
    opens: copied,
    closes: 'btrfs_log_holes.find_hole',
    says: 'extents are decided, holes are not',
  },
]
