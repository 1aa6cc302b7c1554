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
import { firstRuns } from '../../store/run/first-runs.ts'
import { damagedParts } from '../../testing/damage.ts'
import { broken, damagedLead, facetsOf, namedOf, storyOf } from '../../testing/shown.ts'
import type { TraceView } from '../../worker/protocol.ts'
import type { Facets } from './facets.ts'
import type { AllNamed } from './named.ts'
import type { Story } from './story.ts'

const fileOf = (name: string): string => join(import.meta.dirname, `${name}.generated.json`)
const files = { story: fileOf('story'), facets: fileOf('facets'), named: fileOf('named') }
const only = process.env['ONLY'] ?? ''
const FIRST = 'append-hole'

interface Shown {
  readonly story: Story
  readonly facets: Readonly<Record<string, Facets>>
  readonly named: AllNamed
}

const read = (file: string): unknown => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {})
const recorded = { story: read(files.story), facets: read(files.facets), named: read(files.named) } as Shown

const cardOf = (id: string) => catalog.find((card) => card.id === id)!
const runOf = (id: string): TraceView => firstRuns[id]!.trace

/** The line of releases takes a search of each. It is made when asked for, and follows from the facts at other times (`hurts.test.ts`). */
async function hurts(id: string): Promise<Hurts> {
  const scenario = await loadScenario(id)
  if (process.env['UPDATE'] === '1' && (only === '' || only === id || !recorded.facets[id])) return hurtsOf(scenario, searched(scenario))
  const { expected } = (await import(`../../scenarios/${id}/expected.ts`)) as { readonly expected: Expected }
  return hurtsOf(scenario, (version) => expected.violates((patch) => releaseOf(version).patches.includes(patch)))
}

async function make(): Promise<Shown> {
  const all = await Promise.all(catalog.map(async (card) => [card.id, facetsOf(card, runOf(card.id), await hurts(card.id))] as const))
  const named = Object.fromEntries(catalog.map((card) => [card.id, namedOf(card, runOf(card.id))]))
  return { story: storyOf(cardOf(FIRST), runOf(FIRST)), facets: Object.fromEntries(all), named }
}

/** One line a moment or a scenario: a change of one is seen as that. */
const lines = (all: readonly string[]): string => `\n${all.join(',\n')}\n`

const byScenario = (all: Readonly<Record<string, unknown>>): string =>
  `{${lines(Object.entries(all).map(([id, one]) => `${JSON.stringify(id)}:${JSON.stringify(one)}`))}}\n`

function write({ story: { moments, ...rest }, facets, named }: Shown): void {
  const head = JSON.stringify(rest).slice(0, -1)
  writeFileSync(files.story, `${head},"moments":[${lines(moments.map((one) => JSON.stringify(one)))}]}\n`)
  writeFileSync(files.facets, byScenario(facets))
  writeFileSync(files.named, byScenario(named))
}

const now = await make()
if (process.env['UPDATE'] === '1' && !same(recorded, now)) write(now)

it('the files are what the model computes now; if they are not, `npm run generate` makes them anew', { timeout: 300_000 }, () => {
  expect({ story: read(files.story), facets: read(files.facets), named: read(files.named) }).toEqual(JSON.parse(JSON.stringify(now)))
})

it('what comes with the page is small enough for a first visit', () => {
  expect(brotliCompressSync(readFileSync(files.story)).length).toBeLessThan(2_000)
  expect(brotliCompressSync(readFileSync(files.facets)).length).toBeLessThan(4_000)
})

describe.each(catalog)('the picture on the card of $id', (card) => {
  const run = runOf(card.id)
  const { picture, step } = now.facets[card.id]!

  it('is of the step at which a rule is broken for the first time, and marks what is marked in the lead picture there, and no more', () => {
    const asked = card.asks !== undefined && broken(run).length === 0
    expect(step).toBe(asked ? run.steps.length : Math.min(...broken(run).map((rule) => rule.step)))
    expect(damagedParts([picture]).length > 0).toBe(!asked)
    expect(damagedParts([picture])).toEqual(asked ? [] : damagedParts([damagedLead(card, run, step)]))
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
    expect(now.story.moments.filter(({ by, says }) => by !== null && says !== '')).toHaveLength(11)
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
