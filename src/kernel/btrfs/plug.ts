/**
 * btrfs: what a power failure leaves, and who would notice. Source: facts fsync-log-tree 3.5, 12.6, 12.7; btrfs-progs
 * check/main.c, maybe_free_inode_rec() and process_file_extent().
 */
import { range, size, type Range } from '../../base/range.ts'
import type { Watcher } from '../../engine/plugged.ts'
import { afterFailure } from '../block/power.ts'
import { clip, gaps, join } from '../lib/runs.ts'
import { plugOf } from '../oracles/plug.ts'
import { unreadable } from './csum/verify.ts'
import { overlapIn } from './dmesg.ts'
import { btrfsFailure } from './fsync/mount.ts'
import { shown } from './shown.ts'
import { contentOf } from './tree/extents.ts'
import { allItems, endOf, extentsOf } from './tree/tree.ts'
import type { BtrfsWorld, ExtentData } from './world.ts'

/** The ranges in order, with what touches or overlaps made one. */
const united = (parts: readonly Range[]): Range[] =>
  join(
    parts.map(({ from, to }) => ({ from, to })).sort((a, b) => a.from - b.from),
    () => true,
  )

const inWords = (parts: readonly Range[]): string => parts.map(({ from, to }) => range(from, to)).join(', ')

/** The first two file extent items of the recovered tree that share bytes. */
function overlapOf(s: BtrfsWorld): string | null {
  for (const leaf of s.subvol) {
    const found = overlapIn(leaf)
    if (found)
      return `the item at ${size(found.offset)} ends at ${size(found.end)}, behind the start of the next one at ${size(found.next)}`
  }
  return null
}

function mounting(mounted: BtrfsWorld, failed: BtrfsWorld): Watcher {
  const overlap = overlapOf(mounted)
  if (failed.durable.log === null)
    return { who: 'mount', notices: false, says: 'there is no log to replay: it takes the last commit as it is' }
  if (overlap !== null)
    return { who: 'mount', notices: true, says: `the commit after the replay fails: the tree checker refuses the leaf in which ${overlap}` }
  return {
    who: 'mount',
    notices: false,
    says: 'it replays the log and prints no error: each item of the log drops what it overlaps, so whatever the log says fits',
  }
}

function treeChecker(mounted: BtrfsWorld): Watcher {
  const overlap = overlapOf(mounted)
  return {
    who: 'tree checker',
    notices: overlap !== null,
    says:
      overlap ??
      'in no leaf of the file does an extent item reach past the start of the next: keys, lengths and order are all it can look at',
  }
}

function reading(mounted: BtrfsWorld): Watcher {
  if (mounted.bi.nodatasum)
    return { who: 'read', notices: false, says: 'the inode has no checksums (NODATASUM): whatever the blocks hold is returned' }
  const lost = unreadable(mounted, mounted.inode.i_size)
  return lost.length > 0
    ? { who: 'read', notices: true, says: `${inWords(lost)} does not have its checksum: a read fails with EIO` }
    : { who: 'read', notices: false, says: 'every block that the file refers to has the checksum that the csum tree has for it' }
}

/** What of an item's data the csum tree knows; of a compressed extent it has to know all. */
const dataOf = (item: ExtentData): Range =>
  item.compressed
    ? { from: item.disk, to: item.disk + item.diskLength }
    : { from: item.disk + item.at, to: item.disk + item.at + item.length }

function checking(mounted: BtrfsWorld): Watcher {
  const items = extentsOf(allItems(mounted.subvol))
  const regular = items.filter((item) => item.kind === 'reg' && item.disk !== 0)
  const known = united([...mounted.csums])
  const bare = regular.filter((item) => gaps(known, dataOf(item).from, dataOf(item).to).length > 0)
  const summed = regular.filter((item) => clip(known, dataOf(item).from, dataOf(item).to).length > 0)
  const missing = mounted.fs.noHoles
    ? []
    : gaps(united(items.map((item) => ({ from: item.offset, to: endOf(item) }))), 0, mounted.inode.i_size)
  const overlap = overlapOf(mounted)
  const complaints = [
    ...(overlap === null ? [] : [`file extent overlap: ${overlap}`]),
    ...(missing.length > 0 ? [`file extent discount: no item for ${inWords(missing)}, and the file system has no NO_HOLES`] : []),
    ...(mounted.bi.nodatasum && summed.length > 0 ? ['odd csum item: the inode has none to have'] : []),
    ...(!mounted.bi.nodatasum && bare.length > 0
      ? [`some csum missing: of ${inWords(bare.map((item) => ({ from: item.offset, to: endOf(item) })))}`]
      : []),
  ]
  const gapless = mounted.fs.noHoles ? 'with NO_HOLES a gap between them is a hole' : 'they leave no gap'
  return {
    who: 'btrfs check',
    notices: complaints.length > 0,
    says: complaints.length > 0 ? complaints.join('; ') : `the items do not overlap, ${gapless}, and all have the checksums they should`,
  }
}

const watchers = (mounted: BtrfsWorld, failed: BtrfsWorld): Watcher[] => [
  mounting(mounted, failed),
  treeChecker(mounted),
  reading(mounted),
  checking(mounted),
]

export const btrfsPlug = plugOf<BtrfsWorld>({
  shown,
  afterFailure: (s) => afterFailure(s, btrfsFailure),
  readBack: (s) => contentOf(shown.layout(s), [], s.inode.i_size, unreadable(s, s.inode.i_size)),
  watchers,
})
