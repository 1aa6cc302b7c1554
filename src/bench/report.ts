/** What `npm run bench` measures, part by part, as one document. */
import { cpus, loadavg } from 'node:os'
import { run, stage } from '../scenarios/run.ts'
import type { Scenario } from '../scenarios/scenario.ts'
import type { PageReport } from './page.ts'
import { busy, scalesOf, walked } from './scales.ts'
import { measureSearch, type SearchReport } from './search.ts'
import type { Resumed } from './resume.ts'
import type { Walked } from './steps.ts'
import type { Asked } from './verdicts.ts'
import type { TwinReport } from './twin/compare.ts'

/** What there is to measure. */
export const parts = ['search', 'page', 'steps', 'resume', 'twin', 'all'] as const
export type Part = (typeof parts)[number]

interface Report {
  readonly node: string
  readonly machine: string
  readonly cores: number
  /** Processes that wanted to run in the last minute, before and after: more than the cores, and the times are those of a shared machine. */
  readonly load: readonly [before: number, after: number]
  readonly search: readonly SearchReport[]
  readonly twin: TwinReport | null
  readonly page: PageReport | null
}

/** The most states that one measurement visits: seconds, not minutes. */
const STATES_MAX = 1_000_000

const folders = import.meta.glob<{ scenario: Scenario }>('../scenarios/[a-z]*/index.ts')

/** Measures a part, or all of them, of the scenarios named, or of all. */
export async function report(part: Part, named: readonly string[]): Promise<Report> {
  const wants = (one: string): boolean => part === 'all' || part === one
  const before = loadavg()[0] ?? 0
  const browses = wants('page') || part === 'steps' || part === 'resume'
  const scenarios = wants('search') || browses ? await load(named) : []
  const search = wants('search') ? scenarios.flatMap(searchReports) : []
  const twin = wants('twin') ? await twinReport() : null
  const page = browses ? await pageReport(scenarios, part) : null
  return {
    node: process.version,
    machine: `${process.platform} ${process.arch} ${cpus()[0]?.model.trim() ?? ''}`,
    cores: cpus().length,
    load: [before, loadavg()[0] ?? 0],
    search,
    twin,
    page,
  }
}

async function twinReport(): Promise<TwinReport> {
  const { compareTwins } = await import('./twin/compare.ts')
  const found = compareTwins(process.argv[1] ?? '', process.env['LOCKSTEP_MODELS'] ?? '')
  if (found.spin === null)
    console.error('bench: spin or gcc is not installed (Debian: apt-get install spin gcc); the twin is measured alone')
  for (const says of found.disagreements) console.error(`bench: the twins disagree: ${says}`)
  if (found.disagreements.length > 0) process.exitCode = 1
  return found
}

/** The pages of the scenarios; the browser comes only with what needs it. */
async function pageReport(scenarios: readonly Scenario[], part: Part): Promise<PageReport | null> {
  const dist = process.env['LOCKSTEP_DIST']
  if (!dist) return null
  const { measurePage } = await import('./page.ts')
  const long = await busyPlace()
  const whole = part === 'page' || part === 'all'
  return measurePage(dist, {
    visited: part === 'resume' ? null : scenarios.map(({ card }) => card.id),
    walked: part === 'resume' ? null : [...walkedOf(scenarios), long],
    busy: whole ? long : null,
    asked: whole ? asked(scenarios) : null,
    resumed: part === 'steps' ? null : resumed(scenarios),
  })
}

/** The runs whose steps are measured, as far as they were asked for: of many pictures, of large ones, of many steps. */
function walkedOf(scenarios: readonly Scenario[]): Walked[] {
  return scenarios.filter(({ card }) => walked.includes(card.id)).map(({ card }) => ({ scenario: card.id, segments: '' }))
}

/** Every scenario on every release of its line, the default one first, and a large place. */
function asked(scenarios: readonly Scenario[]): Asked[] {
  return scenarios.map(({ card }) => {
    const rev = `r${card.rev}`
    const kernels = [card.defaultKernel, ...card.kernels.filter((kernel) => kernel !== card.defaultKernel)]
    const places = kernels.map((kernel) => ({ place: kernel, segments: `${rev}/k${kernel}`, large: false }))
    const many = card.settings.find(({ name, values }) => name === 'appenders' && values.includes('2'))
    return {
      scenario: card.id,
      places: many ? [...places, { place: 'appenders=2', segments: `${rev}/oappenders-2`, large: true }] : places,
    }
  })
}

/** A step deep in the documented run of every scenario, and one as deep in that on another release. */
function resumed(scenarios: readonly Scenario[]): Resumed[] {
  return scenarios.map((scenario) => {
    const { id, rev, kernels, defaultKernel, schedules } = scenario.card
    const first = schedules[0]
    const deepOn = (kernel: string): number => {
      const { trace } = run(stage(scenario, { kernel }), first ? { named: first.name } : { choices: '' })
      return Math.floor((trace.states.length * 2) / 3)
    }
    const other = kernels.findLast((kernel) => kernel !== defaultKernel) ?? defaultKernel
    return { scenario: id, own: `r${rev}/${deepOn(defaultKernel)}`, other: `r${rev}/k${other}/${deepOn(other)}` }
  })
}

async function busyPlace(): Promise<Walked> {
  const { scenario: id, settings } = busy
  const scenario = (await loadAll()).find(({ card }) => card.id === id)
  if (!scenario) throw new Error(`there is no scenario ${id} any more to measure the page with`)
  // Says which value is gone, before a page does.
  stage(scenario, { settings })
  return {
    scenario: id,
    segments: [`r${scenario.card.rev}`, ...Object.entries(settings).map(([name, value]) => `o${name}-${value}`)].join('/'),
  }
}

async function loadAll(): Promise<Scenario[]> {
  return Promise.all(Object.values(folders).map(async (open) => (await open()).scenario))
}

/** The scenarios named, or all. */
async function load(wanted: readonly string[]): Promise<Scenario[]> {
  const all = await loadAll()
  const unknown = wanted.filter((id) => !all.some(({ card }) => card.id === id))
  if (unknown.length > 0) {
    console.error(`bench: there is no scenario ${unknown.join(', ')}; there are ${all.map(({ card }) => card.id).join(', ')}`)
    process.exit(2)
  }
  return wanted.length === 0 ? all : all.filter(({ card }) => wanted.includes(card.id))
}

interface Counted {
  readonly complete: boolean
  readonly states: number
}

/** How many times as many states there are with one more of what is counted; null where one of the two is not complete. */
const growthOf = (less: Counted | null, more: Counted): number | null =>
  less?.complete && more.complete ? Math.round((more.states / less.states) * 10) / 10 : null

/** A scenario on its default kernel: with its default settings, and with those that make it larger. */
function searchReports(scenario: Scenario): SearchReport[] {
  const { card } = scenario
  const known = new Map<string, SearchReport>()
  for (const { settings, from } of scalesOf(card)) {
    const one = measureSearch(card.id, card.defaultKernel, settings, () => stage(scenario, { settings }).system, STATES_MAX)
    const less = from && known.get(JSON.stringify(from))
    known.set(JSON.stringify(settings), {
      ...one,
      growth: growthOf(less ?? null, one),
      verdict: { ...one.verdict, growth: growthOf(less?.verdict ?? null, one.verdict) },
    })
  }
  return [...known.values()]
}
