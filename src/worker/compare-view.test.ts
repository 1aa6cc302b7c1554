import { describe, expect, it } from 'vitest'
import { scenarioIds } from '../scenarios/catalog.ts'
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

/** What a row shows of a side: the step that it takes there, or null while it stands still. */
const taken = (view: CompareView, row: number, side: 'left' | 'right') => {
  const at = view.rows[row]?.[side] ?? 0
  return at === view.rows[row - 1]?.[side] ? null : (view[side].steps[at - 1] ?? null)
}
const named = (step: CompareView['left']['steps'][number]) => `${step.task} ${step.procedure}.${step.label}`

describe.each(scenarioIds)('%s beside its fix', (id) => {
  const views = async (): Promise<readonly CompareView[]> => {
    const { card } = await loadScenario(id)
    return [await compared(id, [], [card.fix]), await compared(id, [card.fix], [])]
  }

  it('loses no step: every row leads one side or both exactly one step on, to both ends', async () => {
    for (const { rows, left, right } of await views()) {
      expect(rows[0]).toEqual({ left: 0, right: 0 })
      expect(rows.at(-1)).toEqual({ left: left.steps.length, right: right.steps.length })
      for (const [i, row] of rows.slice(1).entries()) {
        const by = [row.left - (rows[i]?.left ?? 0), row.right - (rows[i]?.right ?? 0)]
        expect(['0 1', '1 0', '1 1']).toContain(by.join(' '))
      }
    }
  })

  it('has the same step of both sides in a row where both move, but where they part', async () => {
    for (const view of await views()) {
      const unlike = [...view.rows.keys()].filter((i) => {
        const [left, right] = [taken(view, i, 'left'), taken(view, i, 'right')]
        return left && right && i !== view.diverged?.row && named(left) !== named(right)
      })
      expect(unlike).toEqual([])
    }
  })

  it('shows in the row at which the two part what is said of it: both steps, or one and who waits', async () => {
    for (const view of await views()) {
      const { diverged } = view
      if (!diverged) throw new Error('the fix makes no difference')
      for (const [side, says] of [
        ['left', diverged.here],
        ['right', diverged.there],
      ] as const) {
        const step = taken(view, diverged.row, side)
        const waits = view[side].steps[(view.rows[diverged.row]?.[side] ?? 0) - 1]?.blocked ?? view[side].initial.blocked
        const shown = step ? [`${step.task} in ${step.procedure}(): ${step.says}`] : waits.map(({ task, on }) => `${task} waits for ${on}`)
        expect(
          shown.some((one) => says?.startsWith(one)),
          `${side}: ${says ?? 'over'}; shown: ${shown.join('; ')}`,
        ).toBe(true)
      }
      // The timelines mark the same two steps.
      expect([view.left.diverged?.n, view.right.diverged?.n]).toEqual([diverged.left, diverged.right])
    }
  })

  it('goes wrong on the side without the fix alone, and is the same comparison seen from the other side', async () => {
    const [from, back] = await views()
    const broken = (run?: CompareView['left']): number =>
      run?.violations.filter(({ oracle }) => run.oracles.some((one) => one.id === oracle && one.kind === 'verdict')).length ?? 0
    expect([broken(from?.left), broken(back?.right)].every((count) => count > 0)).toBe(true)
    expect([broken(from?.right), broken(back?.left)]).toEqual([0, 0])
    expect([back?.left.choices, back?.right.choices]).toEqual([from?.right.choices, from?.left.choices])
    expect([back?.diverged?.left, back?.diverged?.right]).toEqual([from?.diverged?.right, from?.diverged?.left])
    expect([back?.diverged?.here, back?.diverged?.there]).toEqual([from?.diverged?.there, from?.diverged?.here])
  })
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
  expect(diverged).toMatchObject({ row: at, left: at, right: at, here: expect.stringMatching(/^A in /) as unknown })
  expect(rows.at(-1)).toEqual({ left: left.steps.length, right: right.steps.length })
  expect([left.end, right.end]).toEqual(['final', 'final'])
})
