import { expect, it } from 'vitest'
import { loadScenario } from '../scenarios/registry.ts'
import { flips, stage } from '../scenarios/run.ts'
import { compareView } from './compare-view.ts'
import type { CompareView, RunChoice } from './protocol.ts'

async function compared(id: string, left: readonly string[], right: readonly string[]): Promise<CompareView> {
  const scenario = await loadScenario(id)
  const kernel = scenario.card.defaultKernel
  const choice = (toggles: readonly string[]): RunChoice => ({ scenario: id, kernel, toggles, settings: {}, schedule: { named: 'bug' } })
  const staged = (toggles: readonly string[]) => stage(scenario, flips(kernel, toggles))
  return compareView(staged(left), choice(left), staged(right), choice(right))
}

const fix = '885f46d87f29'

it('replays the bug on the side that has it, from whichever side one looks', async () => {
  const [from, back] = [await compared('fsync-overlap', [], [fix]), await compared('fsync-overlap', [fix], [])]
  expect(back.left.choices).toBe(from.right.choices)
  expect(back.right.choices).toBe(from.left.choices)
  expect(back.right.violations.map(({ oracle }) => oracle)).toContain('O1')
  expect(back.left.violations).toEqual([])
})

it('says of both directions that they part in the same place: where the fix makes the store wait (fsync-log-tree 7.1)', async () => {
  const [from, back] = [await compared('fsync-overlap', [], [fix]), await compared('fsync-overlap', [fix], [])]
  expect(from.diverged).toMatchObject({ left: 8, right: 9, there: 'B waits for i_mmap_lock, held by A' })
  expect(back.diverged).toMatchObject({ left: 9, right: 8, here: 'B waits for i_mmap_lock, held by A' })
  // What the timelines of the two sides mark is the same step as the sentence names.
  expect([from.left.diverged?.n, from.right.diverged?.n]).toEqual([8, 9])
})

it('says who waits also where the other side takes the same lock and does not wait', async () => {
  // The fix alone switched off: the series that it needs stays, so that both sides take i_mmap_lock in the page fault.
  const { card } = await loadScenario('fsync-overlap')
  const needs = card.patches.find(({ id }) => id === fix)?.needs ?? []
  expect((await compared('fsync-overlap', [fix], needs)).diverged).toMatchObject({
    here: 'B waits for i_mmap_lock, held by A',
    there: 'B in btrfs_page_mkwrite(): takes i_mmap_lock for reading',
  })
})

it('does not stop for a step that only one kernel has: append-hole parts where the lock is kept, not where the flag is set', async () => {
  const { diverged, right } = await compared('append-hole', [], ['939b656bc8ab'])
  const step = right.steps[(diverged?.right ?? 0) - 1]
  expect(right.steps.some(({ label }) => label === 'set_private')).toBe(true)
  expect(step?.label).toBe('fault_in')
  expect(diverged?.there).toContain('with the inode lock held')
})

it('leads both sides to their ends, a row at a time for the one that moves', async () => {
  const { rows, left, right } = await compared('bcachefs-lockless', [], ['e3e694094091'])
  expect(rows[0]).toEqual({ left: 0, right: 0 })
  expect(rows.at(-1)).toEqual({ left: left.steps.length, right: right.steps.length })
  for (const [i, row] of rows.slice(1).entries()) {
    const before = rows[i] ?? row
    expect(row.left + row.right).toBeGreaterThan(before.left + before.right)
    expect(row.left - before.left).toBeLessThanOrEqual(1)
  }
})

it('lays two lines of one kernel side by side from where they part', async () => {
  const scenario = await loadScenario('fsync-torn')
  const kernel = scenario.card.defaultKernel
  const staged = stage(scenario, { kernel })
  const choice = (named: string): RunChoice => ({ scenario: 'fsync-torn', kernel, toggles: [], settings: {}, schedule: { named } })
  const { left, right, rows, diverged } = compareView(staged, choice('bug'), staged, choice('late'))
  // Both let B store after step 6; then A copies the leaf first in one, and B starts writeback first in the other.
  const labels = [left, right].map(({ steps }) => steps.map(({ task, label }) => `${task} ${label}`))
  const at = diverged?.row ?? 0
  expect(labels[0]?.slice(0, at - 1)).toEqual(labels[1]?.slice(0, at - 1))
  expect(labels[0]?.[at - 1]).toBe('A start_transaction')
  expect(labels[1]?.[at - 1]).not.toBe('A start_transaction')
  expect(diverged).toMatchObject({ row: at, left: at, right: at, here: expect.stringMatching(/^A: /) as unknown })
  expect(rows.at(-1)).toEqual({ left: left.steps.length, right: right.steps.length })
  expect([left.end, right.end]).toEqual(['final', 'final'])
})
