/** ext4: the mappings that iomap asks for. Source: facts ext4 1.4 (D11, D11b, D13), 3.2 (R5). */
import { range, size } from '../../base/range.ts'
import { flow, procedure, ret, step } from '../../engine/procedure.ts'
import type { Mapped } from '../iomap/dio.ts'
import { must } from '../lib/must.ts'
import { ENOTBLK } from '../lib/errno.ts'
import { allocate, mappingAt } from './extents.ts'
import { inHandle } from './journal.ts'
import type { Ext4World } from './world.ts'

const source = { file: 'fs/ext4/inode.c', at: 'v6.1.55' }

interface Begin {
  readonly pos: number
  readonly length: number
  readonly read: boolean
  /** What the mapping covers, once it is known. */
  to?: number
  found?: 'hole' | 'unwritten' | 'written'
}

const answer = (s: Ext4World, f: Begin): Mapped => {
  const { extent, to } = mappingAt(s.ei.raw.extents, f.pos, f.length)
  const mapped = { error: 0, offset: f.pos, length: to - f.pos, disk: extent?.disk ?? 0 }
  if (f.read) return extent === null || extent.unwritten ? { ...mapped, hole: true } : mapped
  return must(extent).unwritten ? { ...mapped, unwritten: true } : mapped
}

const ext4IomapBegin = procedure<Ext4World, Begin>('ext4_iomap_begin', source, [
  step(
    'map_blocks',
    (s, f) => {
      const { extent } = mappingAt(s.ei.raw.extents, f.pos, f.length)
      const where = range(f.pos, must(f.to))
      if (extent === null) return `nothing is allocated for ${where}: there are zeros to read`
      if (f.read && extent.unwritten) return `the blocks of ${where} are unwritten: there are zeros to read`
      const at = `disk address ${extent.disk}`
      if (f.found === 'written' || f.read) return `the blocks of ${where} are written: ${at}, as it is`
      const now = extent.unwritten ? 'unwritten, because they begin before i_size' : 'written, because they begin at or behind i_size'
      return `${f.found === 'hole' ? 'allocates blocks for' : 'has preallocated blocks for'} ${where} at ${at}, in transaction ${s.journal.running}: ${now} = ${size(s.inode.i_size)}`
    },
    {
      row: 'ext4 1.4 D11, D11b; 3.2 R5',
      fn: 'ext4_iomap_alloc',
      code: 'if (offset + length <= i_size && mapped) out; m_flags = start >= i_size ? CREATE : IO_CREATE_EXT; ext4_map_blocks()',
    },
    (s, f) => {
      const { extent, to } = mappingAt(s.ei.raw.extents, f.pos, f.length)
      f.to = to
      f.found = extent === null ? 'hole' : extent.unwritten ? 'unwritten' : 'written'
      if (!f.read && f.found !== 'written') inHandle(s, allocate(s, { from: f.pos, to }, f.pos < s.inode.i_size))
      return ret(answer(s, f))
    },
  ),
])

interface End {
  readonly submitted: number
}

const ext4IomapEnd = procedure<Ext4World, End>('ext4_iomap_end', source, [
  flow<End>((f) => (f.submitted > 0 ? ret(0) : undefined)),
  step(
    'nothing_submitted',
    'nothing of this mapping was submitted: -ENOTBLK',
    { row: 'ext4 1.4 D13', code: 'if (flags & (IOMAP_WRITE | IOMAP_DIRECT) && written == 0) return -ENOTBLK' },
    () => ret(ENOTBLK),
  ),
])

export const mapProcedures = [ext4IomapBegin, ext4IomapEnd]
