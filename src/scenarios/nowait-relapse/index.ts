/** Stages a NOWAIT direct read within one extent. Source: facts direct-io C.4 P3; section 0, last three switches. */
import { draw } from '../../kernel/btrfs/draw.ts'
import type { BtrfsWorld } from '../../kernel/btrfs/world.ts'
import { compareVersions } from '../../kernel/releases.ts'
import { happenedToRead, lengthOf, stageRead } from '../read.ts'
import { defineScenario, until } from '../scenario.ts'
import { card } from './card.ts'

export const scenario = defineScenario<BtrfsWorld>({
  card,
  stage: (kernel, setting) => stageRead(card.id, kernel, setting),
  schedules: {
    bug: [until('S', 'io_read.queued'), until('s', 'io_complete_rw.ki_complete')],
    full: [until('S', '__iomap_dio_rw.submit_bio'), until('s', 'iomap_dio_bio_end_io.put_ref')],
  },
  beats: [
    {
      id: 'mapped',
      says: 'One mapping covers all of the request, so the check for short mappings has nothing to object to.',
      at: (step) => step.label === 'map_extent',
      stands: ['7'],
    },
    {
      id: 'pin',
      says: 'The first page of the buffer is there, the second is not: one page is pinned.',
      at: (step) => step.label === 'pin_pages',
      stands: ['3'],
    },
    {
      id: 'submit',
      says: 'A bio of 4K is submitted for a request of 8K.',
      at: (step) => step.label === 'submit_bio',
      stands: ['4'],
    },
    {
      id: 'remap',
      says: 'The rest is mapped again: a mapping of 4K for a rest of 4K passes the check as well.',
      at: (step) => step.label === 'map_extent',
      stands: ['7'],
    },
    { id: 'efault', says: 'Pinning the second page fails with -EFAULT.', at: (step) => step.label === 'pin_pages', stands: ['2'] },
    {
      id: 'classify',
      says: 'A part is submitted, so the error is taken back; but a NOWAIT request is not made to wait.',
      at: (step) => step.label === 'classify',
      stands: ['5'],
    },
    {
      id: 'queued',
      says: 'The submitter lets go: -EIOCBQUEUED, with half of the request never submitted.',
      at: (step) => step.label === 'drop_ref',
      stands: ['6'],
    },
    {
      id: 'cqe',
      says: 'When the part is done, ki_complete() is called as if it were all.',
      at: (step) => step.label === 'ki_complete',
      stands: ['6'],
    },
    { id: 'printed', says: 'The program has half of what it asked for.', at: (step) => step.label === 'print', stands: ['1'] },
  ],
  windows: [
    {
      id: 'race',
      task: 'S',
      opens: '__iomap_dio_rw.submit_bio',
      closes: '__iomap_dio_rw.drop_ref',
      says: 'the bio may end here: then the submitter drops the last reference and reads the rest',
    },
  ],
  draw: (s) => draw(s, { axis: { from: 0, to: lengthOf(s.setting) }, log: false, owners: {} }),
  happened: happenedToRead,
  unavailable: (release) => (compareVersions(release, '5.13') < 0 ? 'not modelled: direct reads are modelled from 5.13 on' : null),
  notes: async () => (await import('./notes.ts')).notes,
  statesAtMost: 2000,
})
