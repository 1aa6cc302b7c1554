/** What home shows is what the model computes: the file is made anew with UPDATE=1, and held to the runs in any case. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { brotliCompressSync } from 'node:zlib'
import { same } from '../../base/plain.ts'
import { catalog } from '../../scenarios/catalog.ts'
import type { Expected } from '../../scenarios/expected.ts'
import { hurtsOf, searched, type Hurts } from '../../scenarios/hurts.ts'
import { loadScenario } from '../../scenarios/registry.ts'
import { releaseOf } from '../../kernel/releases.ts'
import { firstRuns } from '../../store/first-runs.ts'
import { damagedParts } from '../../testing/damage.ts'
import { broken, damagedLead, facetsOf, storyOf } from '../../testing/shown.ts'
import type { TraceView } from '../../worker/protocol.ts'
import type { Facets, Story } from './shown.ts'

const file = join(import.meta.dirname, 'shown.generated.json')
const only = process.env['ONLY'] ?? ''
const FIRST = 'append-hole'

interface Shown {
  readonly story: Story
  readonly scenarios: Readonly<Record<string, Facets>>
}

const recorded: Shown | null = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Shown) : null

const cardOf = (id: string) => catalog.find((card) => card.id === id)!
const runOf = (id: string): TraceView => firstRuns[id]!.trace

/** The line of releases takes a search of each. It is made when asked for, and follows from the facts at other times (`hurts.test.ts`). */
async function hurts(id: string): Promise<Hurts> {
  const scenario = await loadScenario(id)
  if (process.env['UPDATE'] === '1' && (only === '' || only === id || !recorded?.scenarios[id]))
    return hurtsOf(scenario, searched(scenario))
  const { expected } = (await import(`../../scenarios/${id}/expected.ts`)) as { readonly expected: Expected }
  return hurtsOf(scenario, (version) => expected.violates((patch) => releaseOf(version).patches.includes(patch)))
}

async function make(): Promise<Shown> {
  const scenarios = await Promise.all(catalog.map(async (card) => [card.id, facetsOf(card, runOf(card.id), await hurts(card.id))] as const))
  return { story: storyOf(cardOf(FIRST), runOf(FIRST)), scenarios: Object.fromEntries(scenarios) }
}

/** One line a scenario: a change of one is seen as that. */
function write({ story, scenarios }: Shown): void {
  const lines = Object.entries(scenarios).map(([id, one]) => ` ${JSON.stringify(id)}: ${JSON.stringify(one)}`)
  writeFileSync(file, `{"story": ${JSON.stringify(story)},\n"scenarios": {\n${lines.join(',\n')}\n}}\n`)
}

const now = await make()
if (process.env['UPDATE'] === '1' && !(recorded && same(recorded, now))) write(now)

it('the file is what the model computes now; if it is not, `npm run generate` makes it anew', { timeout: 300_000 }, () => {
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(JSON.parse(JSON.stringify(now)))
})

it('all of it is small enough for a first visit', () => {
  expect(brotliCompressSync(readFileSync(file)).length).toBeLessThan(9_000)
})

describe.each(catalog)('the picture on the card of $id', (card) => {
  const run = runOf(card.id)
  const { picture, step } = now.scenarios[card.id]!

  it('is of the step at which a rule is broken for the first time, and marks what is marked in the lead picture there, and no more', () => {
    expect(step).toBe(Math.min(...broken(run).map((rule) => rule.step)))
    expect(damagedParts([picture])).not.toEqual([])
    expect(damagedParts([picture])).toEqual(damagedParts([damagedLead(card, run, step)]))
  })

  it('marks, where it is of the end of the run, what the report complains of', async () => {
    if (step < run.steps.length) return
    const { expected } = (await import(`../../scenarios/${card.id}/expected.ts`)) as { readonly expected: Expected }
    for (const part of damagedParts([picture])) expect(expected.marks?.seen).toContain(part)
  })
})

describe('the story that is played', () => {
  it('has the moments of the run that its scenario opens with, in their order: eleven beats and the damage', () => {
    const run = runOf(FIRST)
    expect(now.story.moments.filter(({ says }) => says !== '')).toHaveLength(11)
    expect(now.story.moments.map(({ step }) => step)).toEqual([0, 3, 9, 10, 12, 13, 17, 19, 21, 28, 34, 40, 45])
    expect(now.story.moments.filter((moment) => moment.broken !== null).map(({ step }) => step)).toEqual([run.steps.length])
  })

  it('has the same lanes and offsets in every moment, so that nothing moves but what the run moves', () => {
    const places = now.story.moments.map(({ picture: { axis, lanes, markers } }) => [
      axis,
      lanes.map(({ id }) => id),
      markers.map(({ id }) => id),
    ])
    for (const place of places) expect(place).toEqual(places[0])
  })
})
