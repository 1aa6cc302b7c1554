import { describe, expect, it } from 'vitest'
import { loadScenario } from '../scenarios/registry.ts'
import { stage } from '../scenarios/run.ts'
import { handle } from './serve.ts'
import { plugView } from './plug-view.ts'
import type { FromWorker, PlugView, RunChoice } from './protocol.ts'

async function views(id: string, steps: number, settings: Record<string, string> = {}): Promise<PlugView[]> {
  const scenario = await loadScenario(id)
  const staged = stage(scenario, { settings })
  const choice: RunChoice = { scenario: id, kernel: scenario.card.defaultKernel, toggles: [], settings, schedule: { named: 'bug' } }
  return Array.from({ length: steps + 1 }, (_, step) => plugView(staged, choice, step)).filter((view) => view !== null)
}

describe('a power failure in words', () => {
  it('is told by the moment at which the file was so, and by what is wrong where it never was', async () => {
    const all = await views('fsync-torn', 44)
    expect(all[12]?.says).toBe(
      'A power failure after step 12 leaves the file as of the last commit, before this run. Nothing was promised yet.',
    )
    expect(all[12]?.noticed).toBe('Nobody would complain.')
    const broken = all.find(({ verdict }) => verdict === 'broken')
    // The hole was punched by [512K, 1M), and Y came back at the page that the store went to.
    expect(broken?.says).toMatch(
      /^A power failure after step 41 leaves the file as none of the 2 versions that it may be: \[640K, 644K\) holds Y\./,
    )
    expect(broken?.promises).toEqual([
      expect.stringMatching(/^A's fsync\(fd\) has returned 0: the file has to be as it was at some time since step 1,/),
    ])
    expect(broken?.versions.at(-1)?.says).toMatch(/^as of step 14 \(until step 41\), after B's retry_store in store\(\)$/)
    expect(broken?.noticed).toBe('Nobody would notice but a program that knows what should be there.')
    expect(all.at(-1)?.says).toMatch(/^The power failed at step 44; it leaves the file as none of the 2 versions/)
  })

  it('marks what is wrong, and only that, on an axis that both strips share', async () => {
    for (const view of await views('fsync-torn', 44)) {
      const damaged = view.left.lanes.flatMap(({ spans }) => spans).filter((span) => span.damaged)
      expect(damaged.map(({ from, to, label }) => ({ from, to, label }))).toEqual(
        view.verdict === 'broken' ? [{ from: 640 * 1024, to: 644 * 1024, label: 'Y' }] : [],
      )
      expect(view.legal.axis).toEqual(view.left.axis)
      expect(view.legal.lanes).toHaveLength(view.versions.length)
    }
  })

  it('says so where the end of the file is missing', async () => {
    const all = await views('ext4-osync-size', 26)
    const broken = all.find(({ verdict }) => verdict === 'broken')
    expect(broken?.says).toContain('it is 0 long, and [0, 1M) is missing')
    expect(broken?.left.markers).toMatchObject([{ id: 'i_size', at: 0, damaged: true }])
  })

  it('counts the versions that it does not draw, and draws the one that is left', async () => {
    const last = (await views('ext4-position', 300, { writes: '16', before: '64K' })).at(-1)
    expect(last?.versions.length).toBeLessThanOrEqual(5)
    expect(last?.versions.some(({ match, nearest }) => match || nearest)).toBe(true)
  })
})

it('is null for a file system of which the model does not know it', async () => {
  const replies: FromWorker[] = []
  const run: RunChoice = { scenario: 'bcachefs-lockless', kernel: '6.9', toggles: [], settings: {}, schedule: { named: 'bug' } }
  await handle({ kind: 'plug', id: 3, run, step: 4 }, (reply) => void replies.push(reply))
  expect(replies).toEqual([{ kind: 'plug', id: 3, plug: null }])
})
