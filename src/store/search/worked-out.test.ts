/**
 * What was worked out before is what the worker answers: `npm run generate` writes it, and in any case it has a row for each place that it
 * should have, and each row that is looked at says what the worker says. A short run looks at some, a long one (`LONG=1`) at all.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { canonical } from '../../base/plain.ts'
import { catalog } from '../../scenarios/catalog.ts'
import type { Card } from '../../scenarios/card.ts'
import { loadScenario } from '../../scenarios/registry.ts'
import { flips, refusalToFlip, stage } from '../../scenarios/run.ts'
import { KEPT_STATES } from '../../worker/limits.ts'
import type { FromWorker, VerdictView } from '../../worker/protocol.ts'
import { handle } from '../../worker/serve.ts'
import { home, type Place } from '../place/place.ts'
import { answerKey, workedOut, type WorkedOut } from './worked-out.ts'

const only = process.env['ONLY'] ?? ''
const writes = process.env['UPDATE'] === '1'
const all = process.env['LONG'] === '1'
/** Of so many rows a short run looks at one; another one of each scenario, as their lengths differ. */
const ONE_OF = 23

/** Each release as shipped and with one patch flipped; each value of each setting, where the page opens and there with the fix flipped. */
async function placesOf(card: Card): Promise<Place[]> {
  const scenario = await loadScenario(card.id)
  const start = home(card)
  const places: Place[] = [start]
  const flipped = (kernel: string, ids: readonly string[], settings: Place['settings']): void => {
    const { toggles } = start
    const shipped = stage(scenario, { kernel, settings, ...flips(kernel, kernel === start.kernel ? toggles : []) })
    for (const id of ids)
      if (!toggles.includes(id) && refusalToFlip(shipped, [], id) === null) places.push({ ...start, kernel, toggles: [id], settings })
  }
  for (const kernel of card.kernels) {
    places.push({ ...start, kernel, toggles: [] })
    flipped(
      kernel,
      card.patches.map(({ id }) => id),
      {},
    )
  }
  for (const { name, values, default: usual } of card.settings)
    for (const value of values.filter((one) => one !== usual)) {
      const settings = { [name]: value }
      places.push({ ...start, settings })
      if (card.fix !== '') flipped(start.kernel, [card.fix], settings)
    }
  return [...new Map(places.map((place) => [answerKey(place), place])).values()]
}

async function asked(place: Place): Promise<VerdictView> {
  const replies: FromWorker[] = []
  await handle({ kind: 'verdict', id: 1, run: place, maxStates: KEPT_STATES }, (reply) => replies.push(reply))
  const reply = replies.at(-1)
  if (reply?.kind !== 'verdict') throw new Error(`${place.scenario} has no verdict at ${answerKey(place)}: ${canonical(reply)}`)
  return reply.verdict
}

/** One line an answer and a place: a change of one is seen as that. */
function write(file: string, { answers, places }: WorkedOut): void {
  const rows = Object.entries(places).map(([key, at]) => `${JSON.stringify(key)}:${at}`)
  writeFileSync(file, `{"answers":[\n${answers.map((one) => canonical(one)).join(',\n')}\n],\n"places":{\n${rows.join(',\n')}\n}}\n`)
}

async function workOut(places: readonly Place[]): Promise<WorkedOut> {
  const answers = new Map<string, { readonly at: number; readonly answer: VerdictView }>()
  const rows: [string, number][] = []
  for (const place of places) {
    const answer = await asked(place)
    const text = canonical(answer)
    const known = answers.get(text) ?? { at: answers.size, answer }
    answers.set(text, known)
    rows.push([answerKey(place), known.at])
  }
  return { answers: [...answers.values()].map(({ answer }) => answer), places: Object.fromEntries(rows) }
}

describe.each(catalog.filter(({ id }) => only === '' || id === only).map((card) => [card.id, card] as const))('%s', (id, card) => {
  const file = join(import.meta.dirname, '../../scenarios', id, 'verdicts.json')

  it('was worked out for every release, patch and setting, as the worker answers', { timeout: 600_000 }, async () => {
    const places = await placesOf(card)
    if (writes) return write(file, await workOut(places))
    if (!existsSync(file)) throw new Error(`${id} has no verdicts.json: run \`npm run generate ${id}\``)
    const kept = JSON.parse(readFileSync(file, 'utf8')) as WorkedOut
    expect(Object.keys(kept.places).sort()).toEqual(places.map(answerKey).sort())
    for (const place of places.filter((_, at) => all || at % ONE_OF === 1))
      expect({ place: answerKey(place), ...(await workedOut(place)) }).toEqual({ place: answerKey(place), ...(await asked(place)) })
  })
})

it('what was not worked out is null, and so is what has no file: the worker is asked', async () => {
  const start = home(catalog[0]!)
  expect(await workedOut({ ...start, kernel: '1.0' })).toBeNull()
  expect(await workedOut({ ...start, scenario: 'own/w1/p1' })).toBeNull()
})
