/**
 * Red is what the report complains of. The runs are those that the cards document; what is marked at their end is written
 * down by hand from the facts in the scenario's `expected.ts`, and every objection points at something that is drawn.
 */
import { describe, expect, it } from 'vitest'
import { search } from '../engine/search.ts'
import { parseSchedule } from '../engine/schedule.ts'
import { replay, type Trace } from '../engine/trace.ts'
import { Machine } from '../engine/machine.ts'
import { markedTasks, withMarks, type Mark } from '../picture/mark.ts'
import { damagedParts } from '../testing/damage.ts'
import { picturesOf } from '../worker/trace-view.ts'
import type { Expected } from './expected.ts'
import { loadScenario, scenarioIds } from './registry.ts'
import { originalOf, patchSets, stage } from './run.ts'
import type { Scenario } from './scenario.ts'

/** What is seen of these marks in state i. */
function seen(scenario: Scenario, trace: Trace, i: number, marks: readonly Mark[]): string[] {
  const state = trace.states[i]
  if (!state) throw new Error(`there is no state ${i}`)
  return [...damagedParts(withMarks(picturesOf(scenario, trace, state), marks)), ...markedTasks(marks).map((task) => `task ${task}`)]
}

/** What is wanted is runs in which oracles object, of which a part of a search has some; a verdict would need all of it. */
const enough = 12_000

describe.each(scenarioIds)('%s', (id) => {
  it('marks at the end of its documented run what the report complains of, and nothing else', async () => {
    const scenario = await loadScenario(id)
    const trace = originalOf(scenario, scenario.card.schedules[0]?.name ?? '')
    const { expected } = (await import(`./${id}/expected.ts`)) as { readonly expected: Expected }
    const { marks = { seen: [] } } = expected
    // Of a question nothing need be.
    expect(marks.seen.length > 0 || scenario.card.asks !== undefined).toBe(true)
    expect(seen(scenario, trace, trace.length, trace.marks(trace.length))).toEqual(marks.seen)
    expect(seen(scenario, trace, 0, trace.marks(0))).toEqual([])
  })

  it('points at something that is drawn whenever a verdict oracle objects, on its default kernel and with each patch flipped', async () => {
    const scenario = await loadScenario(id)
    const unseen: string[] = []
    const objected = new Set<string>()
    for (const asked of patchSets(scenario)) {
      if (asked.kernel !== scenario.card.defaultKernel) continue
      const { system } = stage(scenario, asked)
      for (const { id: oracle, kind, shortest } of search(system, { maxStates: enough }).verdict.oracles) {
        if (kind !== 'verdict' || shortest === null) continue
        objected.add(oracle)
        const { trace } = replay(new Machine(system), parseSchedule(shortest))
        const verdicts = trace.machine.oracles.flatMap((one) => (one.kind === 'verdict' ? [one.id] : []))
        const objections = trace.violations.filter((objection) => verdicts.includes(objection.oracle))
        expect(objections.map((objection) => objection.oracle)).toContain(oracle)
        for (const { oracle: by, says, marks, step } of objections)
          if (seen(scenario, trace, step, marks).length === 0) unseen.push(`${by} at ${step} of ${shortest}: ${says}`)
      }
    }
    expect(unseen).toEqual([])
    expect(objected.size > 0 || scenario.card.asks !== undefined).toBe(true)
  })
})

it('marks the lost bytes of bcachefs-lockless from the step that loses them, before anybody is told', async () => {
  const scenario = await loadScenario('bcachefs-lockless')
  const trace = originalOf(scenario, 'bug')
  const at = trace.infos.findIndex(({ violations }) => violations.some(({ oracle }) => oracle === 'P2')) + 1
  expect(trace.infos[at - 1]).toMatchObject({ task: 'A' })
  const bytes = (i: number): string[] => seen(scenario, trace, i, trace.marks(i)).filter((part) => part.startsWith('reads'))
  expect([bytes(at - 1), bytes(at)]).toEqual([[], ['reads [8M, 8256K) 64K (zeros)']])
})
