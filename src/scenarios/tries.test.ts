/**
 * How often the bugs themselves were tried on real kernels, for the page "How far to trust this". Each try is replayed by a
 * test beside its scenario; here they are only counted. `npm run generate` writes them anew.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { align, parseFunctionGraph } from '../narrate/read/function-graph.ts'
import csum from './dio-csum/recorded.json' with { type: 'json' }
import reads from './dio-short-read/recorded.json' with { type: 'json' }
import overlap from './fsync-overlap/recorded.json' with { type: 'json' }
import torn from './fsync-torn/recorded.json' with { type: 'json' }
import { loadNotes, loadScenario, scenarioIds } from './registry.ts'
import { run, stage } from './run.ts'

const kernels = ['6.1.170', '6.1.192', '6.12.117', '6.1.192-rk'] as const
const root = join(import.meta.dirname, '../..')
const file = join(root, 'src/app/trust/bugs.json')

const appends = (kernel: string): number =>
  readFileSync(join(import.meta.dirname, 'append-hole/recorded', `${kernel}.jsonl`), 'utf8')
    .trim()
    .split('\n').length
const of = (rows: readonly { readonly kernel: string }[], kernel: string): number => rows.filter((row) => row.kernel === kernel).length

const tries = [
  {
    scenario: 'append-hole',
    what: 'writes, appending or not, from buffers present in part: result, position, size, map, content',
    counts: kernels.map(appends),
  },
  {
    scenario: 'dio-csum',
    what: 'series of direct writes while another thread changed the buffer: can a read fail?',
    counts: kernels.map((kernel) => of(csum.rows, kernel)),
  },
  {
    scenario: 'fsync-overlap',
    what: 'fsyncs that raced with a mapped store, 600 extents: result, and the file after a power cut',
    counts: kernels.map((kernel) => of(overlap, kernel)),
  },
  {
    scenario: 'fsync-torn',
    what: 'the same with a punched hole: the log tree on the disk, and the file after its replay',
    counts: kernels.map((kernel) => of(torn, kernel)),
  },
  {
    scenario: 'dio-short-read',
    what: 'series of reads through io_uring, preadv2() with and without NOWAIT: full or short',
    counts: kernels.map((kernel) => of(reads, kernel)),
  },
]

/** Runs that enter the functions they share with a recorded function graph in its order. */
async function graphs(): Promise<{ scenario: string; kernel: string; file: string; calls: number }[]> {
  const found = []
  for (const id of scenarioIds) {
    const scenario = await loadScenario(id)
    for (const { kernel, asked, schedule, trace: recorded } of (await loadNotes(scenario.card.id)).recordings) {
      if (recorded?.kind !== 'function graph') continue
      const { trace } = run(stage(scenario, asked), schedule ?? { named: scenario.card.schedules[0]?.name ?? '' })
      trace.finish()
      const graph = parseFunctionGraph(readFileSync(join(root, 'public/recordings', recorded.file), 'utf8'))
      const { pairs, outOfOrder } = align(trace.views(), graph, recorded.tasks, Object.keys(recorded.leftOut ?? {}))
      expect(outOfOrder).toEqual([])
      found.push({ scenario: id, kernel, file: recorded.file, calls: pairs.length })
    }
  }
  return found
}

it('the page names every try that was recorded, and every trace that a run lies along', async () => {
  const now = { kernels, tries, graphs: await graphs() }
  if (process.env['UPDATE'] === '1') writeFileSync(file, `${JSON.stringify(now, null, 1)}\n`)
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(now)
  expect(now.graphs.length).toBeGreaterThanOrEqual(6)
})
