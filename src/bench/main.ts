/** `npm run bench [-- search|page|all [scenario...]]`: one JSON document on stdout, each promise with its budget beside the value. */
import { cpus } from 'node:os'
import { stage } from '../scenarios/run.ts'
import type { Scenario } from '../scenarios/scenario.ts'
import { measurePage, type PageReport } from './page.ts'
import { measureSearch, type SearchReport } from './search.ts'

interface Report {
  readonly node: string
  readonly machine: string
  readonly cores: number
  readonly search: readonly SearchReport[]
  readonly page: PageReport | null
}

/** The most states that one measurement visits: seconds, not minutes. */
const STATES_MAX = 1_000_000

/** Settings that make a search large: a small one measures how quickly the engine warms up, not how quickly it searches. */
const large: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'append-hole': { appenders: '2' },
  'fsync-overlap': { flusher: 'reclaim', reader: 'on' },
}

const folders = import.meta.glob<{ scenario: Scenario }>('../scenarios/[a-z]*/index.ts')

const [part = 'all', ...wanted] = process.argv.slice(2)
if (!['all', 'search', 'page'].includes(part)) {
  console.error(`bench: "${part}" is no part; choose search, page or all, then scenarios`)
  process.exit(2)
}
process.stdout.write(JSON.stringify(await report(), null, 2) + '\n')

async function report(): Promise<Report> {
  const scenarios = await load()
  const [first] = scenarios
  const dist = process.env['LOCKSTEP_DIST']
  return {
    node: process.version,
    machine: `${process.platform} ${process.arch} ${cpus()[0]?.model.trim() ?? ''}`,
    cores: cpus().length,
    search: part === 'page' ? [] : scenarios.flatMap(searchReports),
    page: part === 'search' || !first || !dist ? null : await measurePage(dist, first.card.id),
  }
}

/** The scenarios named, or all. */
async function load(): Promise<Scenario[]> {
  const all = await Promise.all(Object.values(folders).map(async (open) => (await open()).scenario))
  const unknown = wanted.filter((id) => !all.some(({ card }) => card.id === id))
  if (unknown.length > 0) {
    console.error(`bench: there is no scenario ${unknown.join(', ')}; there are ${all.map(({ card }) => card.id).join(', ')}`)
    process.exit(2)
  }
  return wanted.length === 0 ? all : all.filter(({ card }) => wanted.includes(card.id))
}

/** A scenario on its default kernel: with its default settings, and with those that make it large. */
function searchReports(scenario: Scenario): SearchReport[] {
  const { card } = scenario
  const some = [{}, ...(large[card.id] ? [large[card.id] ?? {}] : [])]
  return some.map((settings) =>
    measureSearch(card.id, card.defaultKernel, settings, () => stage(scenario, { settings }).system, STATES_MAX),
  )
}
