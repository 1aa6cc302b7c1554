/** The card of every folder here, made by `npm run generate`. */
import { card as appendHole } from './append-hole/card.ts'
import { card as appendRelapse } from './append-relapse/card.ts'
import { card as appendSameFd } from './append-same-fd/card.ts'
import { card as appendUnlock } from './append-unlock/card.ts'
import { card as bcachefsLockless } from './bcachefs-lockless/card.ts'
import { card as bcachefsOffset } from './bcachefs-offset/card.ts'
import { card as bcachefsRestart } from './bcachefs-restart/card.ts'
import { card as dioCsum } from './dio-csum/card.ts'
import { card as dioMmapDeadlock } from './dio-mmap-deadlock/card.ts'
import { card as dioShortRead } from './dio-short-read/card.ts'
import { card as ext4OsyncSize } from './ext4-osync-size/card.ts'
import { card as ext4Position } from './ext4-position/card.ts'
import { card as fsyncOverlap } from './fsync-overlap/card.ts'
import { card as fsyncTorn } from './fsync-torn/card.ts'
import { card as lostFsync } from './lost-fsync/card.ts'
import { card as lostPrefix } from './lost-prefix/card.ts'
import { card as nowaitRelapse } from './nowait-relapse/card.ts'

export const cards = {
  'append-hole': appendHole,
  'append-relapse': appendRelapse,
  'append-same-fd': appendSameFd,
  'append-unlock': appendUnlock,
  'bcachefs-lockless': bcachefsLockless,
  'bcachefs-offset': bcachefsOffset,
  'bcachefs-restart': bcachefsRestart,
  'dio-csum': dioCsum,
  'dio-mmap-deadlock': dioMmapDeadlock,
  'dio-short-read': dioShortRead,
  'ext4-osync-size': ext4OsyncSize,
  'ext4-position': ext4Position,
  'fsync-overlap': fsyncOverlap,
  'fsync-torn': fsyncTorn,
  'lost-fsync': lostFsync,
  'lost-prefix': lostPrefix,
  'nowait-relapse': nowaitRelapse,
} as const
