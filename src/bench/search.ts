/** How fast the engine searches one system, and what a state costs in memory. */
import { reduce } from '../engine/reduce.ts'
import { search, type SearchResult } from '../engine/search.ts'
import type { World } from '../engine/procedure.ts'
import type { System } from '../engine/system.ts'
import { atLeast, budgets, type Measured } from './budgets.ts'

/** What can happen, without how often. */
interface VerdictReport {
  readonly complete: boolean
  readonly states: number
  readonly mended: number
  /** As in the report of the full search. */
  readonly growth: number | null
  /** To the verdict, in a machine of its own. */
  readonly seconds: number
  readonly cpuSeconds: number
}

export interface SearchReport {
  readonly scenario: string
  readonly kernel: string
  readonly settings: Readonly<Record<string, string>>
  /** How many times the states of the same scenario with one less of what its setting counts; null where nothing is counted. */
  readonly growth: number | null
  readonly complete: boolean
  readonly states: number
  readonly transitions: number
  readonly schedules: string | null
  readonly runs: number
  /** Of the median run; building the verdict is part of it. */
  readonly seconds: number
  /** Of the processor, collecting garbage included: what a search costs where other processes run as well. */
  readonly cpuSeconds: number
  readonly statesPerCpuSecond: Measured
  /** The same asked of the reduced search. */
  readonly verdict: VerdictReport
  /** Vectors, hash table, parents and edges; not the memoised steps, which are few. */
  readonly bytesPerState: number
}

const RUNS = 5
/** Small scenarios are searched again and again, large ones once: the clock is too coarse for the former. */
const SECONDS_MIN = 0.5
/** Beyond this the first run, which warms the others up, is the measurement. */
const SECONDS_MAX = 10

/** Searches the system several times and reports the median. */
export function measureSearch<W extends World>(
  scenario: string,
  kernel: string,
  settings: Readonly<Record<string, string>>,
  make: () => System<W>,
  maxStates: number,
): SearchReport {
  const walls: number[] = []
  const cpus: number[] = []
  const measure = (): SearchResult<W> => {
    const [found, wall, used] = timed(() => search(make(), { maxStates }))
    walls.push(wall)
    cpus.push(used)
    return found
  }
  const began = performance.now()
  const seconds = (): number => (performance.now() - began) / 1000
  let last = measure()
  if (seconds() < SECONDS_MAX) {
    walls.length = 0
    cpus.length = 0
    do last = measure()
    while (seconds() < SECONDS_MAX && (walls.length < RUNS || seconds() < SECONDS_MIN))
  }
  const { verdict, graph } = last
  const [decided, wall, used] = timed(() => reduce(make(), { maxStates }))
  const cpu = median(cpus)
  return {
    scenario,
    kernel,
    settings,
    complete: verdict.complete,
    states: verdict.states,
    transitions: verdict.transitions,
    schedules: verdict.schedules,
    growth: null,
    verdict: {
      complete: decided.complete,
      states: decided.states,
      mended: decided.mended,
      growth: null,
      seconds: fine(wall),
      cpuSeconds: fine(used),
    },
    runs: walls.length,
    seconds: fine(median(walls)),
    cpuSeconds: fine(cpu),
    statesPerCpuSecond: atLeast(Math.round(verdict.states / cpu), budgets.statesPerSecond, 'states/s'),
    bytesPerState: graph.bytesPerState,
  }
}

/** What it answers, and how long that took: on the clock, and of the processor. */
function timed<T>(run: () => T): readonly [answer: T, seconds: number, cpuSeconds: number] {
  const [start, used] = [performance.now(), process.cpuUsage()]
  const answer = run()
  const { user, system } = process.cpuUsage(used)
  return [answer, (performance.now() - start) / 1000, (user + system) / 1e6]
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
const fine = (value: number): number => Math.round(value * 10_000) / 10_000
