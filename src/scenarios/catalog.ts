/** Every scenario, in the order in which a newcomer should meet them. One line a scenario: the name of its folder. */
import type { Card } from './card.ts'
import { cards } from './cards.generated.ts'

export const scenarioIds = [
  'append-hole',
  'append-unlock',
  'append-same-fd',
  'append-relapse',
  'lost-prefix',
  'lost-fsync',
  'dio-csum',
  'fsync-overlap',
  'fsync-torn',
  'bcachefs-lockless',
  'bcachefs-restart',
  'bcachefs-offset',
  'dio-short-read',
  'nowait-relapse',
  'dio-mmap-deadlock',
  'ext4-position',
  'ext4-osync-size',
] as const

/** Their cards: words only. Home has those that it shows itself (`app/home/facets.ts`), a scenario's page its own card. */
export const catalog: readonly Card[] = scenarioIds.map((id) => cards[id])
