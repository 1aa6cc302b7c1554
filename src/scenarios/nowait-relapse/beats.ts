/** The story of a check that was right for the wrong reason. */
import type { BtrfsWorld } from '../../kernel/btrfs/world.ts'
import { type Beat, type Window } from '../beat.ts'
import { claimed, cqe, efault, mapped, nextMapped, pinnedFirst, printed, queued, race, submittedPart } from '../read-moments.ts'

export const beats: readonly Beat<BtrfsWorld>[] = [
  ...mapped('mapped', ['7']),
  pinnedFirst(['3']),
  ...submittedPart(['4']),
  nextMapped('remap', ['7']),
  efault(['2']),
  ...claimed(['5']),
  ...queued(['6']),
  cqe(['6']),
  ...printed(['1']),
]

export const windows: readonly Window<BtrfsWorld>[] = [race]
