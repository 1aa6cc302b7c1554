/**
 * A link is a promise: what it refers to may not change under its revision. When this fails, either the change was not
 * meant, or the scenario needs a new revision and an upgrader (src/store/link/upgrade.ts). What was not published yet is
 * recorded anew by `npm run generate` (see src/testing/promises.ts).
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { grown, mayWrite } from '../testing/promises.ts'
import { fingerprintOf, type Fingerprint } from './fingerprint.ts'
import { loadScenario, scenarioIds } from './registry.ts'

const file = join(import.meta.dirname, 'revisions.json')
/** By scenario and revision: `append-hole r1`. */
type Revisions = Readonly<Record<string, Fingerprint>>
const recorded = (): Revisions => (existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Revisions) : {})

const now = await Promise.all(
  scenarioIds.map(async (id) => {
    const fingerprint = fingerprintOf(await loadScenario(id))
    return [`${id} r${fingerprint.rev}`, fingerprint] as [string, Fingerprint]
  }),
)
if (mayWrite)
  writeFileSync(file, `${JSON.stringify(Object.fromEntries(grown(Object.entries(recorded()), now, ([key]) => key)), null, 1)}\n`)
const known = recorded()

it.each(now)('%s still means what links to it meant', (key, fingerprint) => {
  expect(fingerprint, `${key}: give the scenario a new revision and write an upgrader, or take the change back`).toEqual(known[key])
})
