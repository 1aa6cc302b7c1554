/** The story of a page fault that waits for its own task. */
import { range } from '../../base/range.ts'
import type { BtrfsWorld } from '../../kernel/btrfs/world.ts'
import { beat, number, type Beat, type Moment, type Window } from '../beat.ts'
import { mappingOf, newOrdered } from '../btrfs-moments.ts'

type At = Moment<BtrfsWorld>

const lock = (m: At) => m.after.io_tree.locked.find((one) => one.by === m.step.task && one.from === number(m.was, 'pos'))
const waits = (m: At) => m.step.blocked.find(({ task }) => task === m.step.task)
const reads = (m: At): boolean => m.next?.procedure === 'btrfs_readpage'

export const beats: readonly Beat<BtrfsWorld>[] = [
  beat('lock', 'btrfs_dio_iomap_begin.lock_extent_read', {
    when: (m) => lock(m) !== undefined,
    says: (m) => `The range of the read, ${range(lock(m)?.from ?? 0, lock(m)?.to ?? 0)}, is locked in the io_tree.`,
    stands: ['5'],
  }),
  beat('mapped', 'btrfs_dio_iomap_begin.map_extent', {
    when: (m) => mappingOf(m)?.error === 0 && lock(m) !== undefined,
    says: 'The mapping is returned with the range locked: it stays so while the buffer is pinned.',
    stands: ['5'],
  }),
  beat('written', 'btrfs_dio_iomap_begin.get_blocks', {
    when: (m) => newOrdered(m) !== undefined,
    says: (m) =>
      `The ordered extent ${range(newOrdered(m)?.from ?? 0, newOrdered(m)?.to ?? 0)} is created; it ends when its data are written.`,
  }),
  beat('pin', '__iomap_dio_rw.pin_pages', {
    when: (m) => number(m.locals, 'pinned') < 0,
    says: 'A page of the buffer is absent: get_user_pages() faults it in.',
    stands: ['6'],
  }),
  beat('efault', '__iomap_dio_rw.pin_pages', {
    when: (m) => number(m.locals, 'pinned') === 0,
    says: 'A page of the buffer is absent, and may not be faulted in here: -EFAULT.',
    instead: 'pin',
  }),
  beat('pinned', '__iomap_dio_rw.pin_pages', {
    when: (m) => number(m.locals, 'pinned') > 0,
    says: 'The buffer is in the page table, and is pinned.',
    instead: 'pin',
  }),
  beat('fault', 'filemap_fault.fault', {
    when: (m) => reads(m) && waits(m) !== undefined,
    says: (m) => {
      const { on = '', heldBy = [] } = waits(m) ?? {}
      return `The page is one of this file and not cached. To read it, its range has to be locked: ${m.step.task} waits for ${heldBy.length > 0 ? heldBy.join(' and ') : `the ${on}`}.`
    },
    stands: ['7'],
  }),
  beat('fault-read', 'filemap_fault.fault', {
    when: (m) => reads(m) && waits(m) === undefined,
    says: 'The page is one of this file and not cached: it is read, and nobody has its range locked.',
    instead: 'fault',
  }),
  beat('fault-in', 'btrfs_direct_read.fault_in', { says: 'The range is given back; the buffer is faulted in, and the read tries again.' }),
]

export const windows: readonly Window<BtrfsWorld>[] = []
