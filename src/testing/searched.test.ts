// A verdict that is taken for another's is the one that a search of its own gives. Short: of three scenarios, one on each file system; `LONG=1`: of all.
import { expect, it } from 'vitest'
import { search } from '../engine/search.ts'
import { loadScenario, scenarioIds } from '../scenarios/registry.ts'
import { patchSets, stage } from '../scenarios/run.ts'
import { verdictOf } from './searched.ts'

const ids = process.env['LONG'] === '1' ? scenarioIds : (['dio-short-read', 'ext4-position', 'bcachefs-offset'] as const)

it.each(ids)('%s: on every patch set the remembered verdict is that of a search', { timeout: 120_000 }, async (id) => {
  const scenario = await loadScenario(id)
  for (const asked of patchSets(scenario))
    expect({ asked, verdict: verdictOf(scenario, asked) }).toEqual({ asked, verdict: search(stage(scenario, asked).system).verdict })
})
