/** The calls that the timeline draws are those that the runs of every scenario make. */
import { describe, expect, it } from 'vitest'
import { callsOf } from '../engine/calls.ts'
import type { CallView } from '../engine/view.ts'
import { loadScenario, scenarioIds } from './registry.ts'
import { run, stage } from './run.ts'

const within = (call: CallView, n: number): boolean => call.from < n && (call.to === null || n <= call.to)

describe.each(scenarioIds)('the calls of %s', (id) => {
  it('hold every step in one call of its procedure, inside one of each of its callers', async () => {
    const scenario = await loadScenario(id)
    for (const named of Object.keys(scenario.schedules)) {
      const { trace } = run(stage(scenario, {}), { named })
      const calls = callsOf(trace)
      for (const { n, task, procedure, depth } of trace.views()) {
        const stack = calls.filter((call) => call.task === task && within(call, n))
        expect(
          stack.map((call) => call.depth),
          `${named}, step ${n}`,
        ).toEqual(Array.from({ length: depth + 1 }, (_, i) => i))
        expect(stack.at(-1)?.procedure, `${named}, step ${n}`).toBe(procedure)
      }
    }
  })

  it('nest: none outlives its caller, and none has a step before it is entered', async () => {
    const scenario = await loadScenario(id)
    const { trace } = run(stage(scenario, {}), { named: Object.keys(scenario.schedules)[0] ?? '' })
    const calls = callsOf(trace)
    for (const [i, call] of calls.entries()) {
      expect(call.first ?? Infinity).toBeGreaterThan(call.from)
      const caller = calls.slice(0, i).findLast(({ task, depth }) => task === call.task && depth === call.depth - 1)
      if (call.depth === 0) continue
      expect(caller?.from ?? Infinity).toBeLessThanOrEqual(call.from)
      expect(caller?.to ?? Infinity).toBeGreaterThanOrEqual(call.to ?? Infinity)
    }
  })

  it('have an end in a run that has one, but for tasks that need not finish', async () => {
    const scenario = await loadScenario(id)
    const { trace } = run(stage(scenario, {}), { named: Object.keys(scenario.schedules)[0] ?? '' })
    if (trace.end !== 'final') return
    const must = (letter: string): boolean => trace.machine.task(trace.state, letter)?.must ?? false
    expect(callsOf(trace).filter(({ task, to }) => to === null && must(task))).toEqual([])
  })
})
