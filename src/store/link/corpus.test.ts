/** Links as they stand in mails, with the caption that each must show for ever (see src/testing/promises.ts). */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { InputError } from '../../base/assert.ts'
import { catalog } from '../../scenarios/catalog.ts'
import { countable, type Card } from '../../scenarios/card.ts'
import { loadScenario } from '../../scenarios/registry.ts'
import type { Scenario } from '../../scenarios/scenario.ts'
import { flips, run, stage, type Asked, type Staged } from '../../scenarios/run.ts'
import { grown, mayWrite } from '../../testing/promises.ts'
import { encode } from './encode.ts'
import { parse } from './link.ts'
import { home, runOf, type Place } from '../place/place.ts'

interface Entry {
  readonly link: string
  readonly caption: string
}

/** The caption of the step that a link leads to. */
async function captionOf(link: string): Promise<string> {
  const [scenario = '', fragment = ''] = link.split('/#/')
  const parsed = parse(fragment, scenario, catalog)
  if ('problem' in parsed) return `refused: ${parsed.problem.says}`
  const choice = runOf(parsed.place)
  const staged = stageOr(await loadScenario(scenario), {
    kernel: choice.kernel,
    ...flips(choice.kernel, choice.toggles),
    settings: choice.settings,
  })
  if (typeof staged === 'string') return `refused: ${staged}`
  const info = run(staged, choice.schedule).trace.infos[parsed.place.step - 1]
  return info ? `${info.task}: ${info.says}` : 'nothing has run yet'
}

/** The staged scenario, or why it cannot be had: a patch that contradicts another one, say. */
function stageOr(scenario: Scenario, asked: Asked): Staged | string {
  try {
    return stage(scenario, asked)
  } catch (error) {
    if (error instanceof InputError) return error.message
    throw error
  }
}

/** A spread of places: every schedule on the default kernel and with the fix, each kernel, each setting's last value, and all of it at once. */
function* places(card: Card): Generator<Place> {
  const at = home(card)
  for (const { name } of card.schedules) for (const step of [1, 13, 30]) yield { ...at, schedule: { named: name }, step }
  for (const kernel of card.kernels) yield { ...at, kernel, step: 12 }
  for (const { id } of card.patches) yield { ...at, toggles: [id], step: 15 }
  // In short: a patch, a setting, a schedule and a view at once do not fit otherwise.
  const [toggle, setting, schedule] = [card.patches.at(-1), card.settings.at(-1), card.schedules.at(-1)]
  if (toggle && setting && schedule)
    yield {
      ...at,
      kernel: card.kernels.at(-1) ?? at.kernel,
      toggles: [toggle.id],
      settings: { [setting.name]: countable(setting).at(-1) ?? '' },
      schedule: { named: schedule.name },
      step: 11,
      talk: true,
    }
  for (const setting of card.settings) yield { ...at, settings: { [setting.name]: countable(setting).at(-1) ?? '' }, step: 9 }
}

const file = join(import.meta.dirname, 'corpus.json')
const recorded = (): readonly Entry[] => (existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Entry[]) : [])
if (mayWrite) {
  const links = catalog.flatMap((card) => [...places(card)].map((place) => `${card.id}/#/${encode(place, catalog)}`))
  const entries: Entry[] = []
  for (const link of new Set(links)) entries.push({ link, caption: await captionOf(link) })
  writeFileSync(
    file,
    `${JSON.stringify(
      grown(recorded(), entries, ({ link }) => link),
      null,
      1,
    )}\n`,
  )
}
const corpus = recorded()

it(
  'every link shows the step that it showed when it was published; before that `npm run generate` records it anew, from then on the scenario needs a new revision and an upgrader',
  { timeout: 240_000 },
  async () => {
    expect(corpus.length).toBeGreaterThan(20)
    const now = await Promise.all(corpus.map(async ({ link }) => ({ link, caption: await captionOf(link) })))
    expect(now).toEqual(corpus)
  },
)
