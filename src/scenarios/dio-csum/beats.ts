/** The story of a buffer that changes between its checksum and the disk. */
import { overlaps, size } from '../../base/range.ts'
import type { BtrfsWorld, Ordered } from '../../kernel/btrfs/world.ts'
import { badSectors } from '../../kernel/btrfs/csum/verify.ts'
import { clip, gaps, type Run } from '../../kernel/lib/runs.ts'
import { EIO, errorName } from '../../kernel/lib/errno.ts'
import { beat, number, type Beat, type Moment, type Window } from '../beat.ts'
import { bioOf, ioOf, same } from '../btrfs-moments.ts'

type At = Moment<BtrfsWorld>

const forWriter = (m: At): boolean => ioOf(m) === 'A'
const memory = (m: At): string => (m.after.buffers['A']?.guest ? "the guest's memory" : "the program's memory")
const changer = (m: At): string => (m.after.buffers['A']?.guest ? 'The guest' : 'The other thread')
const sums = (s: BtrfsWorld): unknown => s.ordered.map((oe) => oe.sums)

/** The bytes that a store changes, of whose buffer. */
const store = (m: At): Run | undefined => (m.was['stores'] as readonly Run[] | undefined)?.[number(m.was, 'done')]
const victim = (m: At): string => String(m.was['buffer'])
const changes = (m: At): boolean => !same(m.before.buffers[victim(m)]?.content, m.after.buffers[victim(m)]?.content)
/** Is the store to bytes that the write covers? */
const isWritten = (m: At): boolean => {
  const iter = m.before.iters['A']
  const at = store(m)
  return victim(m) === 'A' && iter !== undefined && at !== undefined && overlaps(at, { from: 0, to: iter.offset + iter.count })
}
const underWriteback = (m: At): boolean => m.before.buffers['A']?.guest?.writeback === true
const isPinned = (m: At): boolean => (m.before.buffers['A']?.pinned.length ?? 0) > 0

/** What a transfer puts on the disk: `new`, `old`, or both. */
const transferred = (m: At): string => {
  const bio = bioOf(m)
  if (!bio) return ''
  const mirror = number(m.locals, 'mirror')
  const content = mirror > 0 ? (m.after.disk.copies[mirror - 1] ?? []) : m.after.disk.data
  const part = (m.locals['part'] ?? { from: bio.offset, to: bio.offset + bio.length }) as { readonly from: number; readonly to: number }
  const at = bio.disk + part.from - bio.offset
  const stamps = new Set(clip(content, at, at + part.to - part.from).map((run) => (run.stamp === 'v1' ? 'new' : 'old')))
  return [...stamps].sort().reverse().join(' and ')
}
const source = (m: At): string => {
  const bio = bioOf(m)
  return bio?.memory === 'page cache' ? 'the page cache' : bio?.memory.bounced ? 'the private copy' : 'the memory'
}

/** The ordered extent that is being finished, and how its checksums fit what the first mirror holds. */
const finished = (m: At): Ordered | undefined => m.before.ordered.find((oe) => oe.from === number(m.was, 'from'))
const misfits = (m: At): boolean => {
  const oe = finished(m)
  return oe !== undefined && badSectors(m.after, m.after.disk.data, oe.disk, oe.diskLength).length > 0
}
const hasSums = (m: At): boolean => (finished(m)?.sums.length ?? 0) > 0

/** A later read has what the disk returned: through the page cache, or by a bio of its own. */
const isRead = (m: At): boolean => (m.step.procedure === 'btrfs_readpage' ? m.step.task === 'R' : bioOf(m)?.read === true)
const isLost = (m: At): boolean =>
  m.step.procedure === 'btrfs_readpage'
    ? gaps(m.after.mapping.runs, number(m.was, 'from'), number(m.was, 'to')).length > 0
    : number(m.locals, 'error') !== 0
const spoke = (m: At): boolean => m.after.dmesg.length > m.before.dmesg.length
const read = ['btrfs_readpage.end_read', 'btrfs_end_dio_bio.check_csum']

export const beats: readonly Beat<BtrfsWorld>[] = [
  beat('guest', 'virtio_blk_request.guest_writepage', {
    says: 'The guest writes a page back: it sets the writeback flag and sends the request to QEMU.',
    stands: ['3'],
  }),
  beat('pinned', '__iomap_dio_rw.pin_pages', {
    when: (m) => forWriter(m) && number(m.locals, 'pinned') > 0,
    says: (m) => `btrfs pins ${memory(m)}: it is not copied${m.after.buffers['A']?.guest?.stable ? '' : ', and can still be stored to'}.`,
    stands: ['8'],
  }),
  beat('bounced', '__iomap_dio_rw.bounce_pages', {
    when: (m) => forWriter(m) && number(m.locals, 'pinned') > 0,
    says: (m) => `What ${memory(m)} holds is copied to private pages, to which nobody else can store.`,
    instead: 'pinned',
  }),
  beat('checksum', 'btrfs_dio_submit_io.csum_one_bio', {
    when: (m) => !same(sums(m.before), sums(m.after)),
    says: (m) =>
      `The checksum is computed, from what ${m.after.buffers['A']?.bounce ? 'the private copy' : 'the memory'} holds at this moment.`,
    stands: ['9'],
  }),
  beat('no-checksum', 'btrfs_dio_submit_io.csum_one_bio', {
    when: (m) => same(sums(m.before), sums(m.after)),
    says: 'No checksum is computed.',
    instead: 'checksum',
  }),
  beat('submitted', '__iomap_dio_rw.submit_bio', {
    when: (m) => m.was['read'] === false,
    says: 'The bio is submitted; the device will read the data when it likes.',
    stands: ['9'],
  }),
  beat('store', 'memset.store_to_buffer', {
    when: (m) => changes(m) && isWritten(m) && underWriteback(m),
    says: 'The guest changes the page, although it is under writeback: nothing in the guest or the host stops it.',
    stands: ['4'],
  }),
  beat('store-pinned', 'memset.store_to_buffer', {
    when: (m) => changes(m) && isWritten(m) && !underWriteback(m) && isPinned(m),
    says: 'The other thread changes the memory while it is pinned for the write: nothing stops it.',
    instead: 'store',
  }),
  beat('store-idle', 'memset.store_to_buffer', {
    when: (m) => changes(m) && isWritten(m) && !underWriteback(m) && !isPinned(m),
    says: (m) => `${changer(m)} changes the memory while no request has it pinned.`,
    instead: 'store',
  }),
  beat('store-beside', 'memset.store_to_buffer', {
    when: (m) => changes(m) && victim(m) === 'A' && !isWritten(m),
    says: (m) => `${changer(m)} changes memory beside what is written.`,
    instead: 'store',
  }),
  beat('store-reader', 'memset.store_to_buffer', {
    when: (m) => changes(m) && victim(m) === 'R',
    says: 'Another thread changes the buffer of the reader.',
    instead: 'store',
  }),
  beat('store-same', 'memset.store_to_buffer', {
    when: (m) => !changes(m),
    says: 'The bytes that are stored are there already.',
    instead: 'store',
  }),
  beat('transfer', 'submit_bio.dma', {
    when: (m) => bioOf(m)?.read !== true,
    says: (m) => `The device reads ${source(m)}: the disk gets the ${transferred(m)} bytes.`,
    stands: ['8', '10'],
  }),
  beat('returned', 'write.return', {
    when: (m) => number(m.was, 'result') > 0,
    says: (m) => `write() returns success: ${size(number(m.was, 'result'))} are on disk.`,
    stands: ['12'],
  }),
  beat('stored', 'btrfs_finish_ordered_io.add_csums', {
    when: (m) => hasSums(m) && misfits(m),
    says: 'The checksum goes into the csum tree, beside data on the disk that do not have it.',
    stands: ['10'],
  }),
  beat('stored-right', 'btrfs_finish_ordered_io.add_csums', {
    when: (m) => hasSums(m) && !misfits(m),
    says: 'The checksum goes into the csum tree; it is that of the data on the disk.',
    instead: 'stored',
  }),
  beat('stored-none', 'btrfs_finish_ordered_io.add_csums', {
    when: (m) => !hasSums(m),
    says: 'Nothing goes into the csum tree: there are no checksums.',
    instead: 'stored',
  }),
  beat('verified', read, {
    when: (m) => isRead(m) && isLost(m),
    says: 'A later read verifies what it got: csum failed.',
    stands: ['10'],
  }),
  beat('unverified', read, {
    when: (m) => isRead(m) && !isLost(m) && m.after.bi.nodatasum,
    says: 'A later read has the data, with no checksum to verify them by.',
    instead: 'verified',
  }),
  beat('repaired', read, {
    when: (m) => isRead(m) && !isLost(m) && spoke(m),
    says: 'A later read finds a copy that does not have its checksum, and another that has: the first is repaired.',
    instead: 'verified',
  }),
  beat('verified-right', read, {
    when: (m) => isRead(m) && !isLost(m) && !m.after.bi.nodatasum && !spoke(m),
    says: 'A later read verifies what it got: data and checksum fit.',
    instead: 'verified',
  }),
  beat('eio', 'preadv2.return', {
    when: (m) => number(m.was, 'result') === EIO,
    says: 'The reader gets -EIO, from a healthy disk.',
    stands: ['2', '23'],
  }),
  beat('data', 'preadv2.return', {
    when: (m) => number(m.was, 'result') !== EIO,
    says: (m) =>
      number(m.was, 'result') < 0
        ? `The reader gets ${errorName(number(m.was, 'result'))}.`
        : `The reader gets ${size(number(m.was, 'result'))}.`,
    instead: 'eio',
  }),
]

const summed = 'btrfs_dio_submit_io.csum_one_bio'

export const windows: readonly Window<BtrfsWorld>[] = [
  {
    id: 'exposed',
    task: 'A',
    opens: summed,
    closes: '__iomap_dio_rw.wait_for_bios',
    when: (m) => !same(sums(m.before), sums(m.after)) && !m.after.buffers['A']?.bounce,
    says: 'the checksum is computed, the device may not have read the page yet',
  },
]
