/**
 * A link is a promise: what it refers to may not change under its revision. When this fails, either the change was not
 * meant, or the scenario needs a new revision and an upgrader. Until the first release, with every revision at 1, the
 * record is made anew by `npm run generate`.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { fingerprintOf, type Fingerprint } from './fingerprint.ts'
import { loadScenario, scenarioIds } from './registry.ts'

const file = join(import.meta.dirname, 'revisions.json')
const now = Object.fromEntries(await Promise.all(scenarioIds.map(async (id) => [id, fingerprintOf(await loadScenario(id))] as const)))
if (process.env['UPDATE'] === '1') writeFileSync(file, `${JSON.stringify(now, null, 1)}\n`)
const recorded = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, Fingerprint>) : {}

it.each(scenarioIds)('%s still means what links to its revision meant; if it may not, `npm run generate` records it anew', (id) => {
  expect(now[id]).toEqual(recorded[id])
})
