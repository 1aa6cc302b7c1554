/** btrfs: a fast fsync. Source: fs/btrfs/tree-log.c v6.1, btrfs_log_changed_extents(), log_one_extent(), log_extent_csums(). */
import { procedure, ret, step } from '../../../engine/procedure.ts'
import { must } from '../../lib/must.ts'
import { clip } from '../../lib/runs.ts'
import { dropExtents } from '../tree/extents.ts'
import { logCsums, logItem, logPrealloc } from './log-items.ts'
import { replaceOrdered } from '../ordered.ts'
import { clearModified } from '../tree/maps.ts'
import { allItems, extentsOf, insertItem, replaceItem } from '../tree/tree.ts'
import { INO, type BtrfsWorld, type ExtentData, type ExtentMap } from '../world.ts'

const itemOf = (map: ExtentMap, generation: number): ExtentData => ({
  oid: INO,
  type: 'EXTENT_DATA',
  offset: map.from,
  kind: map.prealloc ? 'prealloc' : 'reg',
  disk: map.disk === null ? 0 : map.disk - (map.from - map.origin),
  diskLength: map.diskLength,
  at: map.from - map.origin,
  length: map.to - map.from,
  ram: map.ram,
  generation,
})

/**
 * log_extent_csums(): from the ordered extents over the map that fsync knows of, which may not have finished, otherwise from the csum tree.
 * `done`: those whose checksums this fsync has logged (BTRFS_ORDERED_LOGGED_CSUM).
 */
function logMapCsums(s: BtrfsWorld, map: ExtentMap, known: readonly number[], done: Set<number>): void {
  if (s.bi.nodatasum || map.prealloc || map.disk === null) return
  let { from, to } = map
  for (const ordered of s.ordered.filter((oe) => known.includes(oe.from))) {
    if (from >= to) break
    if (ordered.to <= from) continue
    if (to <= ordered.from) break
    if (ordered.from > from) {
      if (ordered.to >= to) to = ordered.from
    } else from = ordered.to < to ? ordered.to : to
    if (done.has(ordered.from)) continue
    done.add(ordered.from)
    for (const { sums } of ordered.sums) logCsums(s, sums)
  }
  const disk = map.disk - map.from
  if (from < to) logCsums(s, clip(s.csums, disk + from, disk + to))
}

/** log_one_extent(): what the log says of the range is replaced by what the map says. */
function logMap(s: BtrfsWorld, map: ExtentMap, known: readonly number[], done: Set<number>): void {
  const { leaves } = must(s.log)
  logMapCsums(s, map, known, done)
  dropExtents(leaves, map.from, map.to, s.fs.generation, s.fs.logLeafRoom)
  if (!insertItem(leaves, itemOf(map, s.fs.generation), s.fs.generation, s.fs.logLeafRoom)) s.fs.fullCommit = true
}

/** log_inode_item() */
function logInodeItem(s: BtrfsWorld): void {
  const { leaves } = must(s.log)
  const item = allItems(s.subvol).find((one) => one.oid === INO && one.type === 'INODE_ITEM')
  const old = allItems(leaves).find((one) => one.oid === INO && one.type === 'INODE_ITEM')
  if (old) replaceItem(leaves, old, [], s.fs.generation)
  if (item) logItem(s, item)
}

export const btrfsLogChangedExtents = procedure<BtrfsWorld, { readonly ordered: readonly number[] }>(
  'btrfs_log_changed_extents',
  { file: 'fs/btrfs/tree-log.c', at: 'v6.1' },
  [
    step(
      'log_changed_extents',
      (s) =>
        `logs the inode item and every modified extent map; the log has ${extentsOf(allItems(must(s.log).leaves)).length} extent items now`,
      { row: 'v6.1 btrfs_log_changed_extents()', code: 'for each modified extent map: log_one_extent(); btrfs_log_prealloc_extents()' },
      (s, f) => {
        logInodeItem(s)
        const logs = (map: ExtentMap): boolean =>
          (map.generation ?? s.fs.generation) >= s.fs.generation && !(map.prealloc && map.from >= s.inode.i_size)
        const done = new Set<number>()
        for (const map of s.maps.filter((candidate) => candidate.modified && logs(candidate))) logMap(s, map, f.ordered, done)
        clearModified(s, logs)
        logPrealloc(s)
        for (const oe of s.ordered) if (f.ordered.includes(oe.from)) replaceOrdered(s, oe, [{ ...oe, logged: true }])
        return ret()
      },
    ),
  ],
)
