/** What several scenarios ask of a step of btrfs: looked up in the state around the step, for beats. */
import { size, type Range } from '../base/range.ts'
import { canonical, type Plain } from '../base/plain.ts'
import type { Bio } from '../kernel/block/world.ts'
import type { BtrfsWorld, ExtentData, Ordered } from '../kernel/btrfs/world.ts'
import { allItems, endOf, extentsOf } from '../kernel/btrfs/tree/tree.ts'
import type { IovIter, Kiocb } from '../kernel/vfs/world.ts'
import { errorName } from '../kernel/lib/errno.ts'
import type { Mapped } from '../kernel/iomap/dio.ts'
import { gaps } from '../kernel/lib/runs.ts'
import { beat, number, type Beat, type Moment } from './beat.ts'

type At = Moment<BtrfsWorld>

/** Whose request the step works for: its task's own, or the one that the procedure's locals name. */
export const ioOf = (m: At): string => {
  const io = m.was['io'] ?? m.was['dio']
  return typeof io === 'string' ? io : m.step.task
}
export const kiocbOf = (m: At): Kiocb | undefined => m.after.kiocbs[ioOf(m)]
export const iterOf = (m: At): IovIter => m.after.iters[ioOf(m)] ?? { offset: 0, count: 0 }
export const iterBefore = (m: At): IovIter => m.before.iters[ioOf(m)] ?? { offset: 0, count: 0 }

/** The bio that the task of the step is the end of, or a clone of which it is. */
export const bioOf = (m: At): Bio | undefined => m.before.bios[typeof m.was['of'] === 'string' ? m.was['of'] : m.step.task]

/** What iomap_begin has just answered. */
export const mappingOf = (m: At): Mapped | null => (m.within('__iomap_dio_rw')?.['map'] ?? null) as Mapped | null

/** The ordered extent that the step has added. */
export const newOrdered = (m: At): Ordered | undefined =>
  m.after.ordered.find((oe) => !m.before.ordered.some((old) => old.from === oe.from && old.to === oe.to))

/** The extent items of the running tree. */
export const extents = (s: BtrfsWorld): ExtentData[] => extentsOf(allItems(s.subvol))

/** Those of the log tree in memory, by offset. */
export const logged = (s: BtrfsWorld): ExtentData[] => extentsOf(allItems(s.log?.leaves ?? [])).sort((a, b) => a.offset - b.offset)

export const rangeOf = (item: ExtentData): Range => ({ from: item.offset, to: endOf(item) })

/** The first bytes that two neighbouring extent items both describe. */
export function overlapOf(items: readonly ExtentData[]): Range | null {
  for (const [i, item] of items.entries()) {
    const next = items[i + 1]
    if (next && endOf(item) > next.offset) return { from: next.offset, to: Math.min(endOf(item), endOf(next)) }
  }
  return null
}

/** How much before an offset there are no data, on disk, under way, or dirty in the page cache: the hole in front of it. */
export function holeBefore(s: BtrfsWorld, offset: number): number {
  const data = [
    ...extents(s).flatMap((item) => (item.disk === 0 || item.kind === 'prealloc' ? [] : [rangeOf(item)])),
    ...s.ordered.filter((oe) => !oe.ioerr),
    ...s.mapping.runs.filter((run) => run.dirty || run.writeback),
  ].sort((a, b) => a.from - b.from)
  const last = offset > 0 ? gaps(data, 0, offset).at(-1) : undefined
  return last?.to === offset ? offset - last.from : 0
}

export const same = (a: unknown, b: unknown): boolean => canonical(a as Plain) === canonical(b as Plain)

const raised = (m: At): boolean => m.after.inode.i_size > m.before.inode.i_size
const pinned = (m: At): number => number(m.locals, 'pinned')
const calledBack = 'btrfs_dio_iomap_begin.raise_i_size'

/** i_size is raised before there are data. */
export const sizeRaised = (stands: readonly string[]): Beat<BtrfsWorld> =>
  beat('size', calledBack, {
    when: raised,
    says: (m) => `i_size is raised to ${size(m.after.inode.i_size)}, the end of the write, before the last of its data exist.`,
    stands,
  })

/** Nothing of the buffer can be pinned. */
export const nothingPinned = (stands: readonly string[]): Beat<BtrfsWorld> =>
  beat('efault', '__iomap_dio_rw.pin_pages', {
    when: (m) => pinned(m) === 0 && number(m.was, 'processed') === 0,
    says: (m) => `The buffer is not in the page table from ${size(iterOf(m).offset)} on: pinning it fails with -EFAULT.`,
    stands,
  })

/** What was never submitted is taken off its ordered extent; i_size stays, or is put back. */
export const tailCancelled = (stands: readonly string[]): readonly Beat<BtrfsWorld>[] => [
  beat('cancel', 'btrfs_dio_iomap_end.cancel_tail', {
    when: (m) => m.after.inode.i_size === m.before.inode.i_size,
    says: (m) => `iomap_end gives up what was never submitted and answers -ENOTBLK; i_size stays ${size(m.after.inode.i_size)}.`,
    stands,
  }),
  beat('size-back', 'btrfs_dio_iomap_end.cancel_tail', {
    when: (m) => m.after.inode.i_size !== m.before.inode.i_size,
    says: (m) => `iomap_end gives up what was never submitted, and i_size goes back to ${size(m.after.inode.i_size)}.`,
    instead: 'cancel',
  }),
]

/** What the caller of write() is told. */
export const writeSucceeded = (stands: readonly string[]): Beat<BtrfsWorld> =>
  beat('returned', 'write.return', {
    when: (m) => number(m.was, 'result') > 0,
    says: (m) => `write() reports success: ${size(number(m.was, 'result'))}.`,
    stands,
  })

export const writeFailed: Beat<BtrfsWorld> = beat('failed', 'write.return', {
  when: (m) => number(m.was, 'result') < 0,
  says: (m) => `write() fails with ${errorName(number(m.was, 'result'))}.`,
  instead: 'returned',
})
