/** Oracles for fsync. Wordings and ids: facts fsync-log-tree 8. */
import { alignUp, range, size, type Range } from '../../../base/range.ts'
import { always, monitor, type Objection, type Oracle } from '../../../engine/oracle.ts'
import type { Letter } from '../../../engine/view.ts'
import { gaps, join } from '../../lib/runs.ts'
import { fsyncPromises } from '../../oracles/durability.ts'
import { ranges, resultLine } from '../../oracles/shown.ts'
import { shown } from '../shown.ts'
import { allItems, endOf, extentsOf, isExtent, itemId, spanId } from '../tree/tree.ts'
import { SECTOR, type BtrfsWorld, type ExtentData, type Item, type Tree } from '../world.ts'

/** Extent items of a tree that share bytes with the next one, whatever leaves they are in. `id`: of its lane and its picture. */
function overlap(tree: Tree, name: string, id: 'subvol' | 'log'): Objection | null {
  const items = extentsOf(allItems(tree)).sort((a, b) => a.offset - b.offset)
  const pairs = items.flatMap((a, i): [ExtentData, ExtentData][] => {
    const b = items[i + 1]
    return b && endOf(a) > b.offset ? [[a, b]] : []
  })
  const [first] = pairs
  if (!first) return null
  const [a, b] = first
  return {
    says: `in the ${name} the item at ${size(a.offset)} covers ${range(a.offset, endOf(a))} and the next one begins at ${size(b.offset)}`,
    marks: [...new Set(pairs.flat())].flatMap((item) => [
      { in: `tree:${id}`, part: itemId(item) },
      { in: id, part: spanId(id, item) },
    ]),
  }
}

/** Extent items of the log that share bytes; null = there are none. */
export const logOverlap = (s: Pick<BtrfsWorld, 'log'>): Objection | null =>
  s.log === null ? null : overlap(s.log.leaves, 'log tree', 'log')

export const noOverlap: Oracle<BtrfsWorld> = always({
  id: 'O1',
  kind: 'verdict',
  name: 'file extents do not overlap',
  says: 'in every tree the file extent items of one inode do not overlap',
  watch: ['subvol', 'log'],
  judge: (s) => overlap(s.subvol, 'subvolume tree', 'subvol') ?? logOverlap(s),
})

/** fsync, fdatasync, msync, sync and syncfs, as a shell shows them. */
const isSync = (text: string): boolean => /^[fm]?(data)?sync/.test(text)

/** No device or space error is ever injected in this model, so any error is wrong. */
export const noError: Oracle<BtrfsWorld> = always({
  id: 'O6',
  kind: 'verdict',
  name: 'no fsync error without cause',
  says: 'fsync returns an error only if a device or space error was injected, and the file system never becomes read-only otherwise',
  watch: ['calls', 'fs'],
  judge: (s) => {
    // A write that could not read its buffer is told so, and rightly: what others than syncs return is not looked at.
    const failed = Object.entries(s.calls).find(([, call]) => isSync(call.text) && call.returned !== null && call.returned < 0)
    if (failed) return { says: `${failed[1].text} of ${failed[0]} returned ${failed[1].returned}`, marks: [resultLine(failed[0])] }
    if (!s.fs.readonly) return null
    const errors = s.dmesg.filter(({ level }) => level === 'error')
    return { says: 'the file system is read-only', marks: errors.map(({ text }) => ({ in: 'console', part: text })) }
  },
})

interface Owed {
  /** By task: the transaction whose log has the inode, as it was when the task's fsync let go of it; others may log it in a later one. */
  logged: Record<Letter, number>
}

export const durableOnSuccess: Oracle<BtrfsWorld> = monitor<BtrfsWorld, Owed>({
  id: 'O7',
  kind: 'verdict',
  name: 'success means it is durable',
  says: 'when fsync returns 0, super.log_root or a full commit is on disk',
  watch: ['calls', 'locks'],
  start: { logged: {} },
  observe: (memory, before, after, { task }) => {
    const call = after.calls[task]
    if (!call?.text.startsWith('fsync')) return null
    const holds = ({ locks }: BtrfsWorld): boolean => locks.i_rwsem.holders.includes(task)
    // Of what a commit has, nothing is owed, even where it was logged once more.
    const owes = after.bi.lastTrans > after.durable.generation || after.ordered.some((oe) => oe.logged)
    if (holds(before) && !holds(after) && owes) memory.logged[task] = after.bi.loggedTrans
    if (call.returned === null || before.calls[task]?.returned === call.returned) return null
    const logged = memory.logged[task] ?? 0
    delete memory.logged[task]
    if (call.returned !== 0) return null
    return after.durable.log !== null || after.durable.generation >= logged
      ? null
      : { says: 'fsync returned 0, but neither a log nor a commit is on disk', marks: [resultLine(task)] }
  },
})

export const quietWhileLogging: Oracle<BtrfsWorld> = monitor<BtrfsWorld, object>({
  id: 'O8',
  kind: 'info',
  name: 'no ordered extent while logging',
  says: 'while fsync logs the inode no ordered extent of it starts or finishes',
  watch: ['ordered'],
  start: {},
  observe: (_memory, before, after) => {
    if (after.locks.log_mutex.mode === 'free' || before.ordered.length === after.ordered.length) return null
    return `an ordered extent ${before.ordered.length < after.ordered.length ? 'started' : 'finished'} while the inode was being logged`
  },
})

/** Which disk block each block of the file is: the file through its items alone. */
interface Placed extends Range {
  /** Disk address of `from`; 0 = a hole, -1 = preallocated. */
  readonly disk: number
}
function placed(items: readonly Item[]): Placed[] {
  return extentsOf(items).map((item) => ({
    from: item.offset,
    to: endOf(item),
    disk: item.disk === 0 ? 0 : item.kind === 'prealloc' ? -1 : item.disk + item.at,
  }))
}
const placeOf = (parts: readonly Placed[], at: number): number => {
  const part = parts.find((candidate) => candidate.from <= at && at < candidate.to)
  return part === undefined || part.disk <= 0 ? (part?.disk ?? 0) : part.disk + at - part.from
}

interface Sealing {
  /** The running extent items when logging began; null = nobody logs. */
  running: Placed[] | null
}

export const logComplete: Oracle<BtrfsWorld> = monitor<BtrfsWorld, Sealing>({
  id: 'O4',
  kind: 'verdict',
  name: 'the log leaves nothing out',
  says: 'a sealed log either has an item for a block of the file, or the block is the same in the last commit as when logging began',
  watch: ['locks'],
  start: { running: null },
  observe: (memory, before, after) => {
    const [was, is] = [before.locks.log_mutex.mode, after.locks.log_mutex.mode]
    if (was === 'free' && is !== 'free') memory.running = placed(allItems(before.subvol))
    if (was === 'free' || is !== 'free' || memory.running === null) return null
    const { running } = memory
    memory.running = null
    if (after.log === null || after.fs.fullCommit || after.fs.down) return null
    return missingFrom(allItems(after.log.leaves), running, placed(after.durable.items), alignUp(after.inode.i_size, SECTOR))
  },
})

/** Blocks that the log leaves to the last commit although they had changed. */
function missingFrom(log: readonly Item[], running: readonly Placed[], committed: readonly Placed[], end: number): Objection | null {
  const covered = join(
    extentsOf(log)
      .map((item) => ({ from: item.offset, to: endOf(item) }))
      .sort((a, b) => a.from - b.from),
    () => true,
  )
  const missing = gaps(covered, 0, end).flatMap((gap) => {
    const inside = [...running, ...committed].flatMap(({ from, to }) => [from, to]).filter((at) => gap.from < at && at < gap.to)
    const edges = [...new Set([gap.from, ...inside, gap.to])].sort((a, b) => a - b)
    const parts = edges.slice(0, -1).map((from, i) => ({ from, to: edges[i + 1] ?? from }))
    return parts.filter(({ from }) => placeOf(running, from) !== placeOf(committed, from))
  })
  const [first] = missing
  if (!first) return null
  return {
    says: `the log says nothing of the block at ${size(first.from)}, and the last commit has something else there than the file had`,
    // The log has nothing there that could be shown; what a crash leaves in its place has.
    marks: ranges('crash', missing),
  }
}

/**
 * Kind info: a reader notices only after a crash, and then O2 sees it or, where the data are whole and just their
 * checksums are missing, a read error would tell.
 */
export const loggedWhole: Oracle<BtrfsWorld> = monitor<BtrfsWorld, object>({
  id: 'O5',
  kind: 'info',
  name: 'logged extents are on disk',
  says: 'every extent in a log on disk has its checksums in the log or in the last commit, and its data are on disk',
  watch: ['durable'],
  start: {},
  observe: (_memory, before, after) => {
    const { log, csums } = after.durable
    if (log === null || before.durable.log === log || after.bi.nodatasum) return null
    const sums = [
      ...csums,
      ...log.flatMap((item) => (item.type === 'EXTENT_CSUM' ? [{ from: item.offset, to: item.offset + item.length }] : [])),
    ]
    const known = join(
      sums.map(({ from, to }) => ({ from, to })).sort((a, b) => a.from - b.from),
      () => true,
    )
    for (const item of log.filter(isExtent)) {
      if (item.disk === 0 || item.kind !== 'reg') continue
      const at = { from: item.disk + item.at, to: item.disk + item.at + item.length }
      const where = `the extent logged for ${range(item.offset, endOf(item))}`
      if (gaps(after.disk.data, at.from, at.to).length > 0) return `${where} has blocks that no write has reached`
      if (gaps(known, at.from, at.to).length > 0) return `${where} has no checksums`
    }
    return null
  },
})

export const fsyncOracles: readonly Oracle<BtrfsWorld>[] = [noOverlap, noError, durableOnSuccess, quietWhileLogging]

export const durabilityOracles: readonly Oracle<BtrfsWorld>[] = [...fsyncPromises(shown, ['O2', 'O3']), logComplete, loggedWhole]
