/**
 * What a search of a scenario says, searched once where nothing that it looks at is different: a search is a function of its system, and of a
 * kernel a system sees only what it looks up. So two patch sets that differ in what nobody looks up have one verdict; which those are is
 * noted while searching. That a search says the same twice is engine/search.test.ts.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { canonical } from '../base/plain.ts'
import { watched } from '../engine/programs.ts'
import { search } from '../engine/search.ts'
import type { Verdict } from '../engine/view.ts'
import { compareVersions } from '../kernel/releases.ts'
import { stage, type Asked } from '../scenarios/run.ts'
import type { Scenario } from '../scenarios/scenario.ts'

const kernelFolder = join(import.meta.dirname, '../kernel')

/** The releases with which the models compare that of the kernel. Nothing else of it is looked at but its name, in messages. */
const turns: readonly string[] = readdirSync(kernelFolder, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts'))
  .flatMap((path) => {
    const text = readFileSync(join(kernelFolder, path), 'utf8')
    return [...text.matchAll(/compareVersions\([\w.]*\brelease, '([^']+)'\)/g)].flatMap(([, version]) => version ?? [])
  })

interface Known {
  /** The patches that were looked up, and whether they were there. */
  readonly looked: ReadonlyMap<string, boolean>
  readonly verdict: Verdict
}

const known = new WeakMap<Scenario, Map<string, Known[]>>()

/** The verdict of a whole search. */
export function verdictOf(scenario: Scenario, asked: Asked = {}): Verdict {
  const { kernel, settings } = stage(scenario, asked)
  const place = canonical([settings, turns.map((version) => compareVersions(kernel.release, version) >= 0)])
  const all = known.get(scenario) ?? new Map<string, Known[]>()
  known.set(scenario, all)
  const here = all.get(place) ?? []
  all.set(place, here)
  const found = here.find(({ looked }) => [...looked].every(([id, on]) => (kernel.patches[id] === true) === on))
  if (found) return found.verdict
  // What the staging looks up, and then what a step, a guard or an oracle does.
  const staging = new Set<string>()
  const system = scenario.stage({ ...kernel, patches: watched(kernel.patches, (id) => staging.add(id)) }, settings)
  const { graph, verdict } = search({ ...system, world: { ...system.world, kernel } })
  const ids = new Set([...staging, ...graph.machine.consulted])
  here.push({ looked: new Map([...ids].map((id) => [id, kernel.patches[id] === true])), verdict })
  return verdict
}
