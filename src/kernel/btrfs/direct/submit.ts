/** btrfs: what happens to one bio of a direct write, from its checksums to its end. Source: facts direct-io A.3 A18b, B.3 (B1..B6). */
import { printCsum } from '../../../base/crc32c.ts'
import { range } from '../../../base/range.ts'
import { call, flow, goto, has, procedure, ret, step } from '../../../engine/procedure.ts'
import type { Letter } from '../../../engine/view.ts'
import { waitForClones } from '../../block/device.ts'
import { endIo } from '../../iomap/complete.ts'
import { requestOf, type ForRequest } from '../../iomap/world.ts'
import { grainOf } from '../../mm/buffer.ts'
import { must } from '../../lib/must.ts'
import { splice } from '../../lib/runs.ts'
import { sameCrc } from '../../lib/sums.ts'
import { csumsAt } from '../csum/csums.ts'
import { splitMap } from '../tree/maps.ts'
import { orderedAt, orderedIn, queueFinish, replaceOrdered } from '../ordered.ts'
import type { BtrfsWorld } from '../world.ts'

const inodeC = { file: 'fs/btrfs/inode.c', at: 'v6.1' }

interface Submit extends ForRequest {
  /** The bio's part of the file. */
  readonly offset: number
  readonly length: number
  /** How much of it has checksums. */
  at: number
}

/** Does a direct write compute checksums for this inode? */
const computesSums = (s: BtrfsWorld): boolean => !s.bi.nodatasum && !has(s, 'never-checksum')

/** Before a bio is submitted: from 6.4 on the ordered extent is split, so that the bio owns one of exactly its size. */
export const extractOrderedExtent = procedure<BtrfsWorld, { readonly offset: number; readonly length: number }>(
  'btrfs_extract_ordered_extent',
  { file: 'fs/btrfs/inode.c', at: 'v6.4' },
  [
    step(
      'split_ordered',
      (_s, f) => `splits the ordered extent: the bio owns ${range(f.offset, f.offset + f.length)} alone`,
      { row: 'direct-io A.3 A18b', code: 'btrfs_split_ordered_extent(ordered, bio length)', onlyWith: 'b73a6fd1b1ef' },
      (s, f) => {
        const whole = must(orderedIn(s, { from: f.offset, to: f.offset + f.length })[0])
        const head = { ...whole, to: f.offset + f.length, diskLength: f.length, bytesLeft: f.length }
        const tail = {
          ...whole,
          from: head.to,
          disk: whole.disk + f.length,
          diskLength: whole.diskLength - f.length,
          bytesLeft: whole.bytesLeft - f.length,
        }
        replaceOrdered(s, whole, tail.from < tail.to ? [head, tail] : [head])
        if (whole.kind !== 'nocow') splitMap(s, head.to, head.diskLength, tail.diskLength)
      },
    ),
  ],
)

export const btrfsDioSubmitIo = procedure<BtrfsWorld, Submit>('btrfs_dio_submit_io', inodeC, [
  flow<Submit>((f) => call('btrfs_extract_ordered_extent', { offset: f.offset, length: f.length })),
  step(
    'csum_one_bio',
    (s, f) => {
      if (!computesSums(s))
        return s.bi.nodatasum
          ? 'the inode is NODATASUM: no checksum is computed'
          : 'a direct write computes no checksum, although the inode is to have them'
      const oe = must(orderedAt(s, f.offset))
      const sums = must(oe.sums.find((sum) => sum.from === oe.disk + f.offset - oe.from)).sums
      const values = [...new Set(sums.map(({ crc }) => printCsum(crc)))].join(', ')
      return `computes the checksums of ${range(f.offset, f.offset + f.at)} from what the memory holds now: ${values}`
    },
    {
      row: 'direct-io B.3 B3; B.4 V2',
      fn: 'btrfs_csum_one_bio',
      code: 'btrfs_csum_one_bio(): for each sector, crypto_shash_digest(); btrfs_add_ordered_sum()',
    },
    (s, f, t) => {
      if (!computesSums(s)) return ret()
      const io = requestOf(f, t)
      const buffer = must(s.buffers[io])
      const oe = must(orderedAt(s, f.offset))
      const disk = oe.disk + f.offset - oe.from
      const length = grainOf(buffer.bounce ? undefined : buffer, f.length - f.at)
      const part = csumsAt(s, buffer.bounce ?? buffer.content, must(s.iters[io]).offset + f.at, disk + f.at, length)
      const begun = oe.sums.find((sum) => sum.from === disk)?.sums ?? []
      const sum = { from: disk, to: disk + f.length, sums: splice(begun, disk + f.at, disk + f.at + length, part, sameCrc) }
      const others = oe.sums.filter((other) => other.from !== disk)
      replaceOrdered(s, oe, [{ ...oe, sums: [...others, sum] }])
      f.at += length
      return f.at < f.length ? goto('csum_one_bio') : ret()
    },
  ),
])

export const btrfsDioEndIo = procedure<BtrfsWorld, { readonly dio: Letter }>('btrfs_dio_end_io', inodeC, [
  flow(() => call('submit_bio', {})),
  step(
    'ordered_io_done',
    (s, _f, t) => {
      const bio = must(s.bios[t.letter])
      const oe = orderedAt(s, bio.offset)
      return oe && oe.bytesLeft === 0
        ? `the I/O of the ordered extent ${range(oe.from, oe.to)} is done: queues its finish work`
        : 'the ordered extent still has bytes left'
    },
    {
      spawns: ['oe'],
      row: 'direct-io 6.2 item 8; B.3 B6',
      code: 'btrfs_mark_ordered_io_finished()',
      when: (s, _f, t) => waitForClones(s, t.letter),
    },
    (s, f, t) => {
      const bio = must(s.bios[t.letter])
      const oe = must(orderedAt(s, bio.offset))
      replaceOrdered(s, oe, [{ ...oe, bytesLeft: oe.bytesLeft - bio.length }])
      queueFinish(s, t, oe.from)
      return call('iomap_dio_bio_end_io', endIo(f.dio))
    },
  ),
])

export const directSubmitProcedures = [extractOrderedExtent, btrfsDioSubmitIo, btrfsDioEndIo]
