/** Memory pressure: clean pages leave the page cache. Source: mm/vmscan.c v6.1, shrink_folio_list(). */
import { range, type Range } from '../../base/range.ts'
import { procedure, ret, step, type World } from '../../engine/procedure.ts'
import { cached, dropClean, writeProtect } from './cache.ts'
import type { MmWorld } from './world.ts'

/** Which pages it comes by. */
export type Reclaim = Range

const canGo = (s: MmWorld, part: Range): boolean => cached(s.mapping, part.from, part.to).some((run) => !run.dirty && !run.writeback)

/** kswapd comes by once: what is clean and not locked goes, and has to be read from disk again. */
const shrink = procedure<World & MmWorld, Reclaim>('shrink_folio_list', { file: 'mm/vmscan.c', at: 'v6.1' }, [
  step(
    'remove_mapping',
    (_s, f) => `memory pressure: the clean pages of ${range(f.from, f.to)} leave the page cache`,
    {
      row: 'v6.1 shrink_folio_list()',
      code: '__remove_mapping(mapping, folio, true, memcg)',
      when: (s, f) => (canGo(s, f) ? null : { on: 'a clean page', heldBy: [] }),
    },
    (s, f) => {
      // A clean page may still be in a page table: it is taken out of there first.
      for (const run of cached(s.mapping, f.from, f.to)) if (!run.dirty && !run.writeback) writeProtect(s.mapping, run)
      dropClean(s.mapping, f.from, f.to)
      return ret()
    },
  ),
])

export const reclaimProcedures = [shrink]
