/** What bcachefs shows of its file to the oracles that judge every file system. */
import { everywhere, type Shown } from '../oracles/shown.ts'
import { visible } from './folios.ts'
import { layoutOf } from './outcome.ts'
import type { BcachefsWorld } from './world.ts'

export const shown: Shown<BcachefsWorld> = {
  content: visible,
  layout: layoutOf,
  idle: (s) => s.mapping.locked.length === 0,
  quiet: (s) => s.mapping.locked.length === 0 && !s.mapping.runs.some((run) => run.dirty || run.writeback),
  worked: () => [everywhere],
  // No power failure is modelled here.
  isDown: () => false,
  mounts: () => 0,
  watch: { content: ['mapping', 'btree'], layout: ['btree'], quiet: ['mapping'], mounts: [] },
  lanes: { content: 'reads', layout: 'disk' },
}
