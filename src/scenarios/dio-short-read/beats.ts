/** The story of a read of which nobody comes back for the rest. Numbers are those of the seed's list of steps. */
import type { BtrfsWorld } from '../../kernel/btrfs/world.ts'
import { type Beat, type Window } from '../beat.ts'
import {
  allocated,
  claimed,
  cqe,
  efault,
  completed,
  faultsDisabled,
  lastRef,
  mapped,
  nextMapped,
  pinnedFirst,
  printed,
  queued,
  race,
  submittedPart,
} from '../read-moments.ts'

export const beats: readonly Beat<BtrfsWorld>[] = [
  faultsDisabled(['1']),
  allocated(['2']),
  ...mapped('map', ['3']),
  pinnedFirst(['4']),
  ...submittedPart(['5']),
  nextMapped('map-next', ['6']),
  efault(['7']),
  ...claimed(['8']),
  ...queued(['9']),
  ...lastRef(['10']),
  completed(['11']),
  cqe(['12']),
  ...printed(['13']),
]

export const windows: readonly Window<BtrfsWorld>[] = [race]
