/** Pages that leave the page table of a process. Source: facts bcachefs-buffered-write 2 M, 5. */
import { range, type Range } from '../../base/range.ts'
import { procedure, ret, step, type World } from '../../engine/procedure.ts'
import type { Letter } from '../../engine/view.ts'
import { must } from '../lib/must.ts'
import { cutOut } from '../lib/runs.ts'
import type { MmWorld } from './world.ts'

export interface Migrate extends Range {
  /** Whose buffer; the range is in bytes of it. */
  readonly buffer: Letter
}

/** Page migration, NUMA balancing, reclaim: pages of a user buffer are not mapped for a moment; a fault brings them back. */
const migrate = procedure<World & MmWorld, Migrate>('migrate_pages', { file: 'mm/migrate.c', at: 'v6.9' }, [
  step(
    'unmap',
    (_s, f) => `page migration unmaps ${range(f.from, f.to)} of ${f.buffer}'s buffer for a moment`,
    { row: 'bcachefs-buffered-write 2 M', fn: 'migrate_folio_unmap', code: 'try_to_migrate(src, 0)' },
    (s, f) => {
      const buffer = must(s.buffers[f.buffer])
      buffer.present = cutOut(buffer.present, f.from, f.to)
      return ret()
    },
  ),
])

export interface Munmap {
  readonly buffer: Letter
}

/** Another thread of the writing program unmaps the buffer for good. */
const munmap = procedure<World & MmWorld, Munmap>('munmap', { file: 'mm/mmap.c', at: 'v6.9' }, [
  step(
    'munmap',
    (_s, f) => `another thread unmaps ${f.buffer}'s buffer for good`,
    { row: 'bcachefs-buffered-write 5', fn: 'do_vmi_munmap', code: 'do_vmi_munmap(&vmi, mm, start, len, &uf, unlock)' },
    (s, f) => {
      const buffer = must(s.buffers[f.buffer])
      buffer.present = []
      buffer.unmapped = true
      return ret()
    },
  ),
])

export const unmapProcedures = [migrate, munmap]
