import { expect, it } from 'vitest'
import { partedBetween, partedInWords } from './parted.ts'

it('says up to where a run is the one it follows, what it does then, and what the other does', () => {
  const waits = { n: 9, task: 'B', says: 'B waits for i_mmap_lock, held by A', instead: 'B in btrfs_page_mkwrite(): locks the page' }
  expect(partedInWords(waits, 'the documented run')).toBe(
    'Not the documented run any more after step 8. Here: B waits for i_mmap_lock, held by A. There: B in btrfs_page_mkwrite(): locks the page.',
  )
  expect(partedInWords({ ...waits, n: 1, instead: null }, 'the run "late"')).toBe(
    'Not the run "late" any more from the start. Here: B waits for i_mmap_lock, held by A. There: the run is over.',
  )
})

it('says at which choice a schedule cannot go on', () => {
  expect(partedInWords({ n: 3, task: 'B', says: 'at choice 3: B has finished' }, 'the documented run')).toBe(
    'This order of steps cannot be followed at choice 3: B has finished.',
  )
})

it('says of two sides where they part, in the steps of each', () => {
  const says = { here: 'B locks the page', there: 'B waits for i_mmap_lock' }
  expect(partedBetween({ row: 8, left: 8, right: 9, ...says })).toBe(
    'The two part after step 7 on the left, after step 8 on the right. Left: B locks the page. Right: B waits for i_mmap_lock.',
  )
  expect(partedBetween({ row: 8, left: 8, right: 8, here: null, there: 'R reads' })).toBe(
    'The two part after step 7. Left: the run is over. Right: R reads.',
  )
})
