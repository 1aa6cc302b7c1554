/**
 * A named schedule is followed as far as it can be, whatever the kernel, the patches and the settings. Every run is too many for
 * each time: by default a sample, with LONG=1 all single settings on every release and all pairs on the default one.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { catalog } from './catalog.ts'
import { countable, type Card } from './card.ts'
import { loadScenario } from './registry.ts'
import { flips, refusalToFlip, run, stage, type Asked } from './run.ts'
import type { Scenario } from './scenario.ts'

const long = process.env['LONG'] === '1'

type Settings = Readonly<Record<string, string>>

/** Each setting with each value that is not its default. */
const singles = (card: Card): Settings[] =>
  card.settings.flatMap((setting) =>
    countable(setting)
      .filter((value) => value !== setting.default)
      .map((value) => ({ [setting.name]: value })),
  )

function* pairs(card: Card): Generator<Settings> {
  const all = singles(card)
  for (const [i, one] of all.entries())
    for (const other of all.slice(i + 1)) if (Object.keys(one)[0] !== Object.keys(other)[0]) yield { ...one, ...other }
}

/** What became of the run, in words; an error is a failure of the model. */
function follow(scenario: Scenario, asked: Asked, named: string): string {
  const { trace } = run(stage(scenario, asked), { named })
  // Every state it came to can be drawn and spoken of.
  trace.views()
  return trace.end
}

describe.each(catalog.map(({ id }) => id))('the named schedules of %s', (id) => {
  const card = catalog.find((one) => one.id === id) as Card

  it('are followed with any setting, patch and release, to an end', async () => {
    const scenario = await loadScenario(id)
    const patch = fc.constantFrom(null, ...card.patches.map((one) => one.id))
    const any = fc.tuple(
      fc.constantFrom(...card.kernels),
      fc.constantFrom<Settings>({}, ...singles(card), ...pairs(card)),
      patch,
      fc.constantFrom(...card.schedules.map(({ name }) => name)),
    )
    fc.assert(
      fc.property(any, ([kernel, settings, id, name]) => {
        const flipped = id !== null && refusalToFlip(stage(scenario, { kernel }), [], id) === null ? [id] : []
        return follow(scenario, { kernel, settings, ...flips(kernel, flipped) }, name) !== 'open'
      }),
      { numRuns: long ? 500 : 24 },
    )
  })

  it.runIf(long)(
    'are followed with every setting on every release, and the documented one with every pair of settings',
    async () => {
      const scenario = await loadScenario(id)
      for (const kernel of card.kernels)
        for (const settings of [{}, ...singles(card)])
          for (const { name } of card.schedules) expect(follow(scenario, { kernel, settings }, name)).not.toBe('open')
      for (const settings of pairs(card)) expect(follow(scenario, { settings }, card.schedules[0]?.name ?? '')).not.toBe('open')
    },
    600_000,
  )
})
