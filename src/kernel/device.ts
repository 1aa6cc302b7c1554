/** The device: reads memory and makes it durable, at a time of its own choosing after submission. */
import { range } from '../base/range.ts'
import { procedure, ret, step, type World } from '../engine/procedure.ts'
import type { MmWorld } from './mm/world.ts'
import { must } from './must.ts'
import { transfer, type Run } from './runs.ts'
import type { Bio, BlockWorld } from './block/world.ts'

/** What the bio's memory holds, by file offset. */
export function memoryOf(s: MmWorld, bio: Bio): readonly Run[] {
  if (bio.memory === 'page cache') return s.mapping.runs.map(({ from, to, stamp }) => ({ from, to, stamp }))
  const { buffer, at } = bio.memory
  return transfer([], bio.offset, must(s.buffers[buffer]).content, at, bio.length)
}

/** One bio's transfer to the disk. Source: facts direct-io B.3 B5; the disk is the recordings' virtio disk without a volatile cache. */
export const dma = procedure<World & MmWorld & BlockWorld, object>('submit_bio', { file: 'block/blk-core.c', at: 'v6.1' }, [
  step(
    'dma',
    (s, _f, t) => {
      const bio = must(s.bios[t.letter])
      const part = range(bio.offset, bio.offset + bio.length)
      return bio.read
        ? `the device reads disk address ${bio.disk}: ${part} is in memory`
        : `the device writes file range ${part} to disk address ${bio.disk}`
    },
    { row: 'direct-io B.3 B5; 6.1 D5', code: 'the device reads memory and writes the disk, or the other way round' },
    (s, _f, t) => {
      const bio = must(s.bios[t.letter])
      if (bio.read && bio.memory !== 'page cache') {
        const buffer = must(s.buffers[bio.memory.buffer])
        buffer.content = transfer(buffer.content, bio.memory.at, s.disk.data, bio.disk, bio.length)
        return ret()
      }
      s.disk.data = transfer(s.disk.data, bio.disk, memoryOf(s, bio), bio.offset, bio.length)
      return ret()
    },
  ),
])
