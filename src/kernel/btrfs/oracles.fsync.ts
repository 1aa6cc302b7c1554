/** Oracles for fsync. Wordings and ids: facts fsync-log-tree 8. */
import { range } from '../../base/range.ts'
import { always, monitor, type Oracle } from '../../engine/oracle.ts'
import { allItems, endOf, extentsOf } from './tree/tree.ts'
import type { BtrfsWorld, Tree } from './world.ts'

/** The first two extent items of a tree that share bytes, whatever leaves they are in. */
function overlap(tree: Tree, name: string): string | null {
  const items = extentsOf(allItems(tree)).sort((a, b) => a.offset - b.offset)
  for (let i = 0; i + 1 < items.length; i++) {
    const [a, b] = [items[i], items[i + 1]]
    if (a && b && endOf(a) > b.offset)
      return `in the ${name} the item at ${a.offset} covers ${range(a.offset, endOf(a))} and the next one begins at ${b.offset}`
  }
  return null
}

export const noOverlap: Oracle<BtrfsWorld> = always({
  id: 'O1',
  kind: 'verdict',
  says: 'in every tree the file extent items of one inode do not overlap',
  watch: ['subvol', 'log'],
  judge: (s) => overlap(s.subvol, 'subvolume tree') ?? (s.log === null ? null : overlap(s.log.leaves, 'log tree')),
})

/** No device or space error is ever injected in this model, so any error is wrong. */
export const noError: Oracle<BtrfsWorld> = always({
  id: 'O6',
  kind: 'verdict',
  says: 'fsync returns an error only if a device or space error was injected, and the file system never becomes read-only otherwise',
  watch: ['calls', 'fs'],
  judge: (s) => {
    const failed = Object.entries(s.calls).find(([, { returned }]) => returned !== null && returned < 0)
    if (failed) return `${failed[1].text} of ${failed[0]} returned ${failed[1].returned}`
    return s.fs.readonly ? 'the file system is read-only' : null
  },
})

export const durableOnSuccess: Oracle<BtrfsWorld> = monitor<BtrfsWorld, object>({
  id: 'O7',
  kind: 'verdict',
  says: 'when fsync returns 0, super.log_root or a full commit is on disk',
  watch: ['calls'],
  start: {},
  observe: (_memory, before, after, { task }) => {
    const call = after.calls[task]
    if (!call?.text.startsWith('fsync') || call.returned !== 0 || before.calls[task]?.returned === 0) return null
    return after.durable.log !== null || after.durable.generation >= after.bi.loggedTrans
      ? null
      : 'fsync returned 0, but neither a log nor a commit is on disk'
  },
})

export const quietWhileLogging: Oracle<BtrfsWorld> = monitor<BtrfsWorld, object>({
  id: 'O8',
  kind: 'info',
  says: 'while fsync logs the inode no ordered extent of it starts or finishes',
  watch: ['ordered'],
  start: {},
  observe: (_memory, before, after) => {
    if (after.locks.log_mutex.mode === 'free' || before.ordered.length === after.ordered.length) return null
    return `an ordered extent ${before.ordered.length < after.ordered.length ? 'started' : 'finished'} while the inode was being logged`
  },
})

export const fsyncOracles: readonly Oracle<BtrfsWorld>[] = [noOverlap, noError, durableOnSuccess, quietWhileLogging]
