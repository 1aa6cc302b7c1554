/** What an fsync that returned 0 promises for after a power failure. Wordings and ids: facts fsync-log-tree 8. */
import { alignUp, range, size, type Range } from '../../base/range.ts'
import { same } from '../../base/plain.ts'
import { monitor, type Oracle } from '../../engine/oracle.ts'
import { clip, gaps, join, type Run } from '../lib/runs.ts'
import { contentOf, layoutOf } from './tree/extents.ts'
import { allItems, endOf, extentsOf, isExtent } from './tree/tree.ts'
import { SECTOR, type BtrfsWorld, type Item } from './world.ts'

/** The whole file as a reader sees it at one moment. */
export type Cut = readonly Run[]

/** Every version of the file since an fsync began, oldest first: what a crash after it may leave. */
export interface Cuts {
  cuts: Cut[]
}

const contentNow = (s: BtrfsWorld): Cut =>
  contentOf(layoutOf(allItems(s.subvol), s.disk.data, s.inode.i_size), s.mapping.runs, s.inode.i_size)

const fsyncs = (s: BtrfsWorld): readonly { readonly entered?: true; readonly returned: number | null }[] =>
  Object.values(s.calls).filter((call) => /^f(data)?sync/.test(call.text))

/** Notes the version of the file after the step; true if it is a mount after a crash that an fsync had promised to outlive. */
function follow(memory: Cuts, before: BtrfsWorld, after: BtrfsWorld): boolean {
  if (after.fs.mounts > before.fs.mounts) return fsyncs(after).some((call) => call.returned === 0)
  if (after.fs.down || !fsyncs(after).some((call) => call.entered)) return false
  const now = contentNow(after)
  if (!memory.cuts.some((cut) => same(cut, now))) memory.cuts.push(now)
  return false
}

const watch = ['calls', 'fs', 'inode', 'subvol', 'mapping', 'disk'] as const

/** The first bytes of a file that have a value which they had in no version. */
function neverHeld(found: Cut, cuts: readonly Cut[]): string | null {
  for (const run of found) {
    const allowed = join(
      cuts
        .flatMap((cut) => clip(cut, run.from, run.to).filter((part) => part.stamp === run.stamp))
        .map(({ from, to }) => ({ from, to }))
        .sort((a, b) => a.from - b.from),
      () => true,
    )
    const [wrong] = gaps(allowed, run.from, run.to)
    if (wrong)
      return `after the mount ${range(wrong.from, wrong.to)} holds ${nameOf(run.stamp)}, which it did not hold at any time since fsync began`
  }
  return null
}

const nameOf = (stamp: string): string => (stamp === '0' ? 'zeros' : stamp === '?' ? 'what was on the disk before' : stamp)

export const eachByteDurable: Oracle<BtrfsWorld> = monitor<BtrfsWorld, Cuts>({
  id: 'O2',
  kind: 'verdict',
  says: 'after a power failure each byte has a value it had at some time between the start of an fsync that returned 0 and the failure',
  watch,
  start: { cuts: [] },
  observe: (memory, before, after) => (follow(memory, before, after) ? neverHeld(contentNow(after), memory.cuts) : null),
})

export const singleCut: Oracle<BtrfsWorld> = monitor<BtrfsWorld, Cuts>({
  id: 'O3',
  kind: 'verdict',
  says: 'after a power failure the whole file is as it was at one instant between the start of an fsync that returned 0 and the failure',
  watch,
  start: { cuts: [] },
  observe: (memory, before, after) => {
    if (!follow(memory, before, after)) return null
    const found = contentNow(after)
    return memory.cuts.some((cut) => same(cut, found))
      ? null
      : `the file that the mount finds is none of the ${memory.cuts.length} versions since fsync began`
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

/** The first block that the log leaves to the last commit although it had changed. */
function missingFrom(log: readonly Item[], running: readonly Placed[], committed: readonly Placed[], end: number): string | null {
  const covered = join(
    extentsOf(log)
      .map((item) => ({ from: item.offset, to: endOf(item) }))
      .sort((a, b) => a.from - b.from),
    () => true,
  )
  for (const gap of gaps(covered, 0, end)) {
    const edges = [...running, ...committed].flatMap(({ from, to }) => [from, to]).filter((at) => gap.from < at && at < gap.to)
    for (const at of [gap.from, ...edges.sort((a, b) => a - b)])
      if (placeOf(running, at) !== placeOf(committed, at))
        return `the log says nothing of the block at ${size(at)}, and the last commit has something else there than the file had`
  }
  return null
}

/**
 * Kind info: a reader notices only after a crash, and then O2 sees it or, where the data are whole and just their
 * checksums are missing, a read error would tell.
 */
export const loggedWhole: Oracle<BtrfsWorld> = monitor<BtrfsWorld, object>({
  id: 'O5',
  kind: 'info',
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

export const durabilityOracles: readonly Oracle<BtrfsWorld>[] = [eachByteDurable, singleCut, logComplete, loggedWhole]
