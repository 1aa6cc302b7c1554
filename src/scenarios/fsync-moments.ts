/** Moments of a full fsync beside stores through a mapping, for the scenarios that stage it. */
import { range, type Range } from '../base/range.ts'
import { endOf, isExtent } from '../kernel/btrfs/tree/tree.ts'
import type { BtrfsWorld, ExtentData } from '../kernel/btrfs/world.ts'
import { clip } from '../kernel/lib/runs.ts'
import { errorName } from '../kernel/lib/errno.ts'
import { beat, number, type Beat, type Moment } from './beat.ts'
import { extents, logged, newOrdered, rangeOf } from './btrfs-moments.ts'

type At = Moment<BtrfsWorld>

/** Does fsync hold the inode lock, and the store does not wait for it? */
export const fsyncIsLogging = (m: At): boolean => m.before.locks.i_rwsem.holders.includes('A')

/** What a store covers. */
export const storeOf = (m: At): Range => ({ from: number(m.was, 'from'), to: number(m.was, 'to') })
export const stampOf = (m: At): string => String(m.was['stamp'])

/** Did the store reach the page cache with this step? */
export const stored = (m: At): boolean =>
  m.step.procedure === 'store' &&
  clip(m.after.mapping.runs, storeOf(m).from, storeOf(m).to).some((run) => run.stamp === stampOf(m) && run.dirty) &&
  !m.other(m.step.task)?.frames.some((frame) => frame.procedure === 'store' && frame.locals['from'] === m.was['from'])

/** The item for an ordered extent's data, where the step has put it into the tree. */
export function itemOf(m: At): ExtentData | undefined {
  const from = number(m.was, 'from')
  const oe = m.before.ordered.find((one) => one.from === from)
  const is = (item: ExtentData): boolean => item.offset === from && item.disk === oe?.disk
  return extents(m.before).some(is) ? undefined : extents(m.after).find(is)
}

/** What the items on both sides of a new one cover now, in words; empty where there are none. */
export function neighbours(m: At, item: ExtentData): string {
  const all = extents(m.after)
  const left = all.find((one) => endOf(one) === item.offset && one.disk !== 0)
  const right = all.find((one) => one.offset === endOf(item) && one.disk !== 0)
  const words = [left && `the one before it covers ${rangeText(left)}`, right && `the one behind it ${rangeText(right)}`].filter(
    (text) => text,
  )
  return words.length > 0 ? `; now ${words.join(', ')}` : ''
}

export const rangeText = (item: ExtentData): string => range(rangeOf(item).from, rangeOf(item).to)

/** The last file extent item of a leaf. */
export const lastIn = (s: BtrfsWorld, leaf: string): ExtentData | undefined =>
  s.subvol
    .find(({ id }) => id === leaf)
    ?.items.filter(isExtent)
    .at(-1)

/** What the log has got with this step. */
export const newlyLogged = (m: At): ExtentData[] => {
  const old = new Set(logged(m.before).map((item) => `${item.offset} ${item.length} ${item.disk}`))
  return logged(m.after).filter((item) => !old.has(`${item.offset} ${item.length} ${item.disk}`))
}

/** Writeback of what was stored gets its place on the disk. */
export const allocated = (stands: readonly string[]): Beat<BtrfsWorld> =>
  beat('delalloc', 'btrfs_fdatawrite_range.cow_file_range', {
    when: (m) => newOrdered(m) !== undefined,
    says: (m) =>
      `Writeback of the page begins: a new extent for ${range(newOrdered(m)?.from ?? 0, newOrdered(m)?.to ?? 0)}, and an ordered extent.`,
    stands,
  })

/** The worker puts the item for the new extent into the subvolume tree. */
export const itemInserted = (id: string, stands: readonly string[]): Beat<BtrfsWorld> =>
  beat(id, ['btrfs_finish_ordered_io.drop_extents', 'btrfs_finish_ordered_io.insert_item'], {
    when: (m) => itemOf(m) !== undefined,
    says: (m) => {
      const item = itemOf(m)
      return item ? `The subvolume tree gets an item for ${rangeText(item)}${neighbours(m, item)}.` : ''
    },
    stands,
  })

/** The ordered extent is over. */
export const orderedDone = (stands: readonly string[]): Beat<BtrfsWorld> =>
  beat('completed', 'btrfs_finish_ordered_io.remove_ordered', {
    says: (m) =>
      m.after.ordered.length === 0
        ? 'The ordered extent completes: nothing of the file is in flight.'
        : 'The ordered extent completes; another is in flight.',
    stands,
  })

/** What fsync tells its caller, where that is not what the report is about. */
export const fsyncSucceeded = (id: string, instead: string): Beat<BtrfsWorld> =>
  beat(id, 'fsync.return', { when: (m) => number(m.was, 'result') === 0, says: 'fsync() returns 0.', instead })

export const fsyncFailed = (id: string, instead: string): Beat<BtrfsWorld> =>
  beat(id, 'fsync.return', {
    when: (m) => number(m.was, 'result') < 0,
    says: (m) =>
      `fsync() fails with ${errorName(number(m.was, 'result'))}${m.after.fs.readonly ? ', and the file system is read-only' : ''}.`,
    instead,
  })
