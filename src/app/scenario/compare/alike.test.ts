/** What a comparison leaves out is the same on both sides in every row, and the pictures that are left are of the same moments. */
import { expect, it } from 'vitest'
import type { Picture } from '../../../picture/picture.ts'
import { loadScenario } from '../../../scenarios/registry.ts'
import { flips, stage } from '../../../scenarios/run.ts'
import { picturesAt } from '../../../store/run/frames.ts'
import { compareView } from '../../../worker/compare-view.ts'
import type { CompareView, RunChoice, TraceView } from '../../../worker/protocol.ts'
import { withoutAlike } from './alike.ts'

async function besideItsFix(id: string): Promise<{ readonly compare: CompareView; readonly leads: readonly string[] }> {
  const scenario = await loadScenario(id)
  const { defaultKernel: kernel, fix, leads } = scenario.card
  const choice = (toggles: readonly string[]): RunChoice => ({ scenario: id, kernel, toggles, settings: {}, schedule: { named: 'bug' } })
  const staged = (toggles: readonly string[]) => stage(scenario, flips(kernel, toggles))
  return { compare: compareView(staged([]), choice([]), staged([fix]), choice([fix])), leads }
}

const pictureOf = (trace: TraceView, step: number, id: string): Picture | null =>
  picturesAt(trace, step).find((one) => one.id === id) ?? null

/** The parts of a picture that could be missed, as text. */
function partsOf(picture: Picture | null): string[] {
  switch (picture?.kind) {
    case 'extent-strip':
      return [...picture.lanes.filter(({ spans }) => spans.length > 0), ...picture.markers].map((part) => JSON.stringify(part))
    case 'tree-leaf':
      return picture.leaves.flatMap((leaf) => leaf.items.map((item) => `${leaf.id} ${JSON.stringify(item)}`))
    case 'locks':
      return picture.rows.map((row) => JSON.stringify(row))
    case 'record':
      return picture.fields.map((field) => JSON.stringify(field))
    default:
      return [JSON.stringify(picture)]
  }
}

const scenarios = ['fsync-overlap', 'fsync-torn', 'dio-mmap-deadlock', 'append-same-fd', 'dio-csum']

it.each(scenarios)('%s: what is left out of a side stands on the other side too, in every row, and nothing damaged is', async (id) => {
  const { compare, leads } = await besideItsFix(id)
  const { traces } = withoutAlike(compare, leads)
  const missed: string[] = []
  const elsewhere: string[] = []
  for (const row of compare.rows)
    for (const lead of leads) {
      const whole = [pictureOf(compare.left, row.left, lead), pictureOf(compare.right, row.right, lead)].map(partsOf)
      const short = [pictureOf(traces[0], row.left, lead), pictureOf(traces[1], row.right, lead)].map(partsOf)
      for (const side of [0, 1] as const) {
        const gone = (whole[side] ?? []).filter((part) => !short[side]?.includes(part))
        missed.push(...gone)
        elsewhere.push(...gone.filter((part) => !whole[1 - side]?.includes(part)))
      }
    }
  expect(elsewhere).toEqual([])
  expect(missed.filter((part) => part.includes('"damaged":true'))).toEqual([])
  // Each of these has something to leave out, or the test tests nothing.
  expect(missed.length).toBeGreaterThan(0)
})

it('folds the items of a leaf into one line that counts them, and never one at which a cursor stands', async () => {
  const { compare, leads } = await besideItsFix('fsync-overlap')
  const { traces } = withoutAlike(compare, leads)
  const whole = [compare.left, compare.right] as const
  const found = { folded: 0, miscounted: 0, lost: 0 }
  for (const side of [0, 1] as const)
    for (let step = 0; step <= whole[side].steps.length; step++)
      for (const lead of leads) {
        const [before, after] = [pictureOf(whole[side], step, lead), pictureOf(traces[side], step, lead)]
        if (before?.kind !== 'tree-leaf' || after?.kind !== 'tree-leaf') continue
        for (const leaf of after.leaves) {
          const counted = leaf.items.map(({ key }) => Number(/^(\d+) items$/.exec(key)?.[1] ?? 1))
          const items = before.leaves.find(({ id }) => id === leaf.id)?.items.length
          found.folded += counted.filter((n) => n > 1).length
          found.miscounted += counted.reduce((sum, n) => sum + n, 0) === items ? 0 : 1
        }
        const at = after.cursor?.before ?? null
        // Before an item that is there still, or at the end of all: behind the leaf that was the last one before.
        const there =
          at === null
            ? after.leaves.at(-1)?.id === before.leaves.at(-1)?.id
            : after.leaves.some(({ items }) => items.some(({ id }) => id === at))
        found.lost += after.cursor && !there ? 1 : 0
      }
  expect(found.folded).toBeGreaterThan(0)
  expect(found).toMatchObject({ miscounted: 0, lost: 0 })
})

it('names the locks that nobody is seen to take: in the deadlock beside its fix i_mmap_lock and log_mutex stay free', async () => {
  const { compare, leads } = await besideItsFix('dio-mmap-deadlock')
  const { leftOut } = withoutAlike(compare, leads)
  expect(leftOut).toEqual(expect.arrayContaining(['i_mmap_lock', 'log_mutex']))
  // The inode lock is held for ever on one side, and io_tree is what A waits for.
  expect(leftOut.join()).not.toMatch(/inode lock|io_tree/)
})
