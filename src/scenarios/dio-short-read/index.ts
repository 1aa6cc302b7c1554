/** Stages a NOWAIT direct read into a buffer of which the first page is present. Source: facts direct-io section 3 (C.1, C.2). */
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
      id: 'partial',
      says: 'btrfs disables page faults and lets iomap keep a partial result.',
      at: (step) => step.label === 'again',
      stands: ['1'],
    },
    {
      id: 'alloc',
      says: "iomap allocates the dio: one reference, the submitter's, and nothing submitted.",
      at: (step) => step.label === 'alloc_dio',
      stands: ['2'],
    },
    { id: 'map', says: 'The first mapping is one page: the first extent.', at: (step) => step.label === 'map_extent', stands: ['3'] },
    {
      id: 'pin',
      says: 'The first page of the buffer is in the page table: it can be pinned without a fault.',
      at: (step) => step.label === 'pin_pages',
      stands: ['4'],
    },
    {
      id: 'submit',
      says: 'A bio for the first 4K is submitted: it holds a second reference.',
      at: (step) => step.label === 'submit_bio',
      stands: ['5'],
    },
    { id: 'map-next', says: 'The second mapping is the second extent.', at: (step) => step.label === 'map_extent', stands: ['6'] },
    {
      id: 'efault',
      says: 'The second page of the buffer is not in the page table: pinning it fails with -EFAULT.',
      at: (step) => step.label === 'pin_pages',
      stands: ['7'],
    },
    {
      id: 'classify',
      says: 'A part is submitted, so the error is taken back; but a NOWAIT request is not made to wait.',
      at: (step) => step.label === 'classify',
      stands: ['8'],
    },
    {
      id: 'queued',
      says: 'The submitter drops its reference and returns -EIOCBQUEUED. The second half was never submitted.',
      at: (step) => step.label === 'drop_ref',
      stands: ['9'],
    },
    {
      id: 'last-ref',
      says: 'The bio ends and drops the last reference: nobody waits, so it completes the dio.',
      at: (step) => step.label === 'put_ref',
      stands: ['10'],
    },
    {
      id: 'complete',
      says: 'The dio ends with 4096 bytes, and ki_pos moves by as much.',
      at: (step) => step.label === 'complete',
      stands: ['11'],
    },
    {
      id: 'cqe',
      says: 'ki_complete() posts a completion event with res = 4096: final.',
      at: (step) => step.label === 'ki_complete',
      stands: ['12'],
    },
    { id: 'printed', says: 'The program has half of what it asked for.', at: (step) => step.label === 'print', stands: ['13'] },
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
