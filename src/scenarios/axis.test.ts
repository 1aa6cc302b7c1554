/** What is drawn agrees with the axis it is drawn on: nothing of a file lies past the end of its strip. */
import { expect, it } from 'vitest'
import { range } from '../base/range.ts'
import { Machine } from '../engine/machine.ts'
import { Trace } from '../engine/trace.ts'
import { picturesOf } from '../worker/trace-view.ts'
import { countable } from './card.ts'
import { loadScenario, scenarioIds } from './registry.ts'
import { stage } from './run.ts'

it.each(scenarioIds)('%s draws all of its file, with any setting', async (id) => {
  const scenario = await loadScenario(id)
  const choices = [{}, ...scenario.card.settings.flatMap((setting) => countable(setting).map((value) => ({ [setting.name]: value })))]
  const outside = new Set<string>()
  for (const settings of choices) {
    const trace = new Trace(new Machine(stage(scenario, { settings }).system))
    trace.finish()
    for (const state of trace.states)
      for (const picture of picturesOf(scenario, trace, state))
        if (picture.kind === 'extent-strip')
          for (const lane of picture.lanes)
            for (const { from, to } of lane.spans)
              if (to > picture.axis.to)
                outside.add(`${JSON.stringify(settings)}: ${lane.id} ${range(from, to)} on an axis that ends at ${picture.axis.to}`)
  }
  expect([...outside]).toEqual([])
})
