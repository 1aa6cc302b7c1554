/** The device: reads memory and makes it durable, at a time of its own choosing after submission. */
import { range, type Range } from '../../base/range.ts'
import { goto, procedure, ret, step, type Self, type Wait, type World } from '../../engine/procedure.ts'
import { reshape, stretches } from '../../engine/stretches.ts'
import type { Letter } from '../../engine/view.ts'
import { grainOf } from '../mm/buffer.ts'
import type { MmWorld } from '../mm/world.ts'
import { must } from '../lib/must.ts'
import { clip, transfer, type Run } from '../lib/runs.ts'
import type { Bio, BlockWorld } from './world.ts'
import { cached } from '../mm/cache.ts'

/** What the bio's memory holds, by file offset. */
function memoryOf(s: MmWorld, bio: Bio): readonly Run[] {
  if (bio.memory === 'page cache')
    return cached(s.mapping, bio.offset, bio.offset + bio.length).map(({ from, to, stamp }) => ({ from, to, stamp }))
  const { buffer, at, bounced } = bio.memory
  const { content, bounce } = must(s.buffers[buffer])
  return transfer([], bio.offset, bounced ? must(bounce) : content, at, bio.length)
}

/** Sends the bio to the other mirrors as well (btrfs_submit_mirrored_bio); its end waits for all of them. */
export function submitClones(s: BlockWorld, t: Self, bio: Letter): void {
  const { copies } = s.disk
  if (copies.length === 0) return
  const clones = copies.map((_, i) =>
    t.spawn('mirror', { name: `disk write of the copy on mirror ${i + 2}`, procedure: 'submit_bio', locals: { of: bio, mirror: i + 1 } }),
  )
  s.bios[bio] = { ...must(s.bios[bio]), clones }
}

/** The end of a bio comes after the transfers of all its clones. */
export function waitForClones(s: BlockWorld, bio: Letter): Wait | null {
  const clones = s.bios[bio]?.clones ?? []
  return clones.length > 0 ? { on: 'the other mirror', heldBy: clones } : null
}

interface Transfer {
  /** The bio of which this is a clone; absent = the task's own. */
  readonly of?: Letter
  /** 0 = the first mirror. */
  readonly mirror?: number
  /** The part of the file that was transferred last; it goes on from there. */
  part?: Range
}

/** One bio's transfer. Source: facts direct-io B.3 B5; the disk is the recordings' virtio disk without a volatile cache. */
export const dma = procedure<World & MmWorld & BlockWorld, Transfer>('submit_bio', { file: 'block/blk-core.c', at: 'v6.1' }, [
  step(
    'dma',
    (s, f, t) => {
      const { from, to } = must(f.part)
      const bio = s.bios[f.of ?? t.letter]
      if (bio?.read) return `the device reads disk address ${bio.disk}: ${range(from, to)} is in memory`
      const { disk, mirror } = written(s, f, t)
      const stamps = [...new Set(clip(disk.content, disk.at, disk.at + to - from).map((run) => run.stamp))].join(', ')
      const where = s.disk.copies.length > 0 ? ` of mirror ${mirror + 1}` : ''
      return `the device reads ${range(from, to)} of the file from memory (${stamps}) and writes it to disk address ${disk.at}${where}`
    },
    { row: 'direct-io B.3 B5; 6.1 D5', code: 'the device reads memory and writes the disk, or the other way round' },
    (s, f, t) => {
      const bio = must(s.bios[f.of ?? t.letter])
      if (bio.read && bio.memory !== 'page cache') {
        const on = { from: bio.disk, to: bio.disk + bio.length }
        const buffer = must(s.buffers[bio.memory.buffer])
        buffer.content = transfer(buffer.content, bio.memory.at, stretches(s.disk, 'data', on), bio.disk, bio.length)
        f.part = { from: bio.offset, to: bio.offset + bio.length }
        return ret()
      }
      const from = f.part?.to ?? bio.offset
      const end = bio.offset + bio.length
      const shared = bio.memory === 'page cache' || bio.memory.bounced ? undefined : s.buffers[bio.memory.buffer]
      f.part = { from, to: from + grainOf(shared, end - from) }
      const mirror = f.mirror ?? 0
      const at = bio.disk + from - bio.offset
      const length = f.part.to - from
      const changed = (content: readonly Run[]): Run[] => transfer(content, at, memoryOf(s, bio), from, length)
      if (mirror === 0) reshape(s.disk, 'data', { from: at - 1, to: at + length + 1 }, changed)
      else s.disk.copies = s.disk.copies.map((copy, i) => (i === mirror - 1 ? changed(copy) : copy))
      if (f.part.to < end) return goto('dma')
      if (f.of !== undefined) s.bios[f.of] = { ...bio, clones: bio.clones.filter((clone) => clone !== t.letter) }
      return ret()
    },
  ),
])

/** Which mirror's content a transfer changes, and where: the disk address of its last part. */
function written(
  s: BlockWorld,
  f: Transfer,
  t: Self,
): { readonly disk: { readonly content: Run[]; readonly at: number }; readonly mirror: number } {
  const bio = must(s.bios[f.of ?? t.letter])
  const mirror = f.mirror ?? 0
  const content = mirror === 0 ? s.disk.data : must(s.disk.copies[mirror - 1])
  return { disk: { content, at: bio.disk + must(f.part).from - bio.offset }, mirror }
}
