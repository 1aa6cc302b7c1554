/** Stages a NOWAIT direct read into a buffer of which the first page is present. Source: facts direct-io section 3 (C.1, C.2). */
import { draw } from '../../kernel/btrfs/draw.ts'
import { happenedToRead, lengthOf, stageRead } from '../read.ts'
import { defineScenario, until } from '../scenario.ts'
import { beats, windows } from './beats.ts'
import { card } from './card.ts'

export const scenario = defineScenario({
  card,
  stage: (kernel, setting) => stageRead(card.id, kernel, setting),
  schedules: {
    bug: [until('S', 'io_read.queued'), until('s', 'io_complete_rw.ki_complete')],
    full: [until('S', '__iomap_dio_rw.submit_bio'), until('s', 'iomap_dio_bio_end_io.put_ref')],
  },
  beats,
  windows,
  draw: (s) => draw(s, { axis: { from: 0, to: lengthOf(s.setting) }, log: false, owners: {} }),
  happened: happenedToRead,
  statesAtMost: 2000,
})
