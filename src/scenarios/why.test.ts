/** The windows that are found, against what the reports and the facts say of each race. No scenario says them. */
import { describe, expect, it } from 'vitest'
import { parseSchedule } from '../engine/schedule.ts'
import { search } from '../engine/search.ts'
import type { StepRef, WhyView } from '../engine/why/view.ts'
import { wordsOf } from '../narrate/why.ts'
import { loadScenario } from './registry.ts'
import { run, stage } from './run.ts'
import { whyOf } from './why.ts'

const maxStates = 100_000

async function asked(id: string): Promise<WhyView> {
  const staged = stage(await loadScenario(id))
  const schedule = { named: staged.scenario.card.schedules[0]?.name ?? '' }
  const choices = parseSchedule(run(staged, schedule).trace.choices)
  return whyOf(staged, search(staged.system, { maxStates }), choices, maxStates, wordsOf(staged.scenario.happened))
}

const name = (step: StepRef | null | undefined): string => (step ? `${step.task} ${step.procedure}.${step.label}#${step.nth}` : 'nothing')

describe('what tells violating schedules from the others', () => {
  it.each([
    [
      'dio-short-read',
      'the submitter drops its reference after the bio was submitted and before the bio drops its own (direct-io C.3, "The race")',
      ['S __iomap_dio_rw.submit_bio#1', 'S __iomap_dio_rw.drop_ref#1', 's iomap_dio_bio_end_io.put_ref#1'],
    ],
    [
      'fsync-overlap',
      'the items change after one leaf was copied and before the next search (fsync log, 885f46d87f29)',
      [
        'A copy_inode_items_to_log.copy_items#1',
        'bdv btrfs_finish_ordered_io.drop_extents#1',
        'A copy_inode_items_to_log.search_forward#2',
      ],
    ],
    [
      'fsync-torn',
      'the items change after the last search for items to copy and before the scan for holes passes (fsync log, 885f46d87f29)',
      ['A copy_inode_items_to_log.search_forward#2', 'bdv btrfs_finish_ordered_io.drop_extents#1', 'A btrfs_log_holes.find_hole#1'],
    ],
    [
      'dio-csum',
      'the guest stores after the checksum was computed and before the device reads (direct-io B)',
      ['A btrfs_dio_submit_io.csum_one_bio#1', 'G memset.store_to_buffer#1', 'a submit_bio.dma#1'],
    ],
    [
      'bcachefs-lockless',
      "B's append falls between A's reading of i_size and A's truncate_pagecache()",
      ['A __bch2_buffered_write.eof_argument#1', 'B __bch2_buffered_write.update#1', 'A truncate_pagecache.wait_for_locked#1'],
    ],
  ])('%s: %s', { timeout: 60_000 }, async (id, _says, expected) => {
    const { answer, window, doom, says, groups } = await asked(id)
    expect([answer, window?.exact, window?.alternatives.length]).toEqual(['some', true, 1])
    const [found] = window?.alternatives ?? []
    expect([name(found?.opens), name(found?.inside), name(found?.closes)]).toEqual(expected)
    // The documented run is one of them, and that is where it is lost or most of it.
    expect(found?.here.holds).toBe(true)
    expect(doom?.jump?.to).toBeGreaterThan(0.9)
    expect(says).toMatch(/^Violates exactly when /)
    expect(groups.some(({ violates }) => violates.length > 0)).toBe(true)
  })

  it(
    'is shut by the mmap lock in the fixed fsync: the writer waits for it (885f46d87f29 takes i_mmap_lock)',
    { timeout: 60_000 },
    async () => {
      const fix = (await asked('fsync-overlap')).window?.alternatives[0]?.fix
      expect([fix?.patch, fix?.how, fix?.waits]).toEqual(['885f46d87f29', 'impossible', { task: 'B', on: 'i_mmap_lock', heldBy: ['A'] }])
    },
  )

  it('groups ends by what a user sees, and loses no schedule', { timeout: 60_000 }, async () => {
    const { groups, schedules, violating } = await asked('dio-csum')
    const sum = (of: WhyView['groups']): bigint => of.reduce((all, { share }) => all + BigInt(share?.part ?? 0), 0n)
    expect(String(sum(groups))).toBe(schedules)
    expect(String(sum(groups.filter(({ violates }) => violates.length > 0)))).toBe(violating)
    expect(groups.map(({ violates }) => violates.length > 0)).toEqual([true, false, false])
  })
})
