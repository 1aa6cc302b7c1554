/** How fast the engine searches one system, and what a state costs in memory. */
import { search } from '../engine/search.ts'
import type { World } from '../engine/procedure.ts'
import type { System } from '../engine/system.ts'
import { atLeast, budgets, type Measured } from './budgets.ts'

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
  readonly statesPerSecond: Measured
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
): Omit<SearchReport, 'growth'> {
  const times: number[] = []
  const began = performance.now()
  const since = (start: number): number => performance.now() - start
  let last = search(make(), { maxStates })
  if (since(began) > SECONDS_MAX * 1000) times.push(since(began))
  while (since(began) < SECONDS_MAX * 1000 && (times.length < RUNS || since(began) < SECONDS_MIN * 1000)) {
    const start = performance.now()
    last = search(make(), { maxStates })
    times.push(since(start))
  }
  const { verdict, graph } = last
  const sorted = times.toSorted((a, b) => a - b)
  const seconds = (sorted[Math.floor(sorted.length / 2)] ?? 0) / 1000
  return {
    scenario,
    kernel,
    settings,
    complete: verdict.complete,
    states: verdict.states,
    transitions: verdict.transitions,
    schedules: verdict.schedules,
    runs: times.length,
    seconds: Math.round(seconds * 10_000) / 10_000,
    statesPerSecond: atLeast(Math.round(verdict.states / seconds), budgets.statesPerSecond, 'states/s'),
    bytesPerState: graph.bytesPerState,
  }
}
