/** What a process of its own answers, so that its start can be timed and nothing is warm or shared. */
import { Graph } from '../../engine/graph.ts'
import { Machine } from '../../engine/machine.ts'
import { searches, type Answer } from './searches.ts'
import { twinNamed } from './twins.ts'

export interface Decided extends Answer {
  /** Processor time of the whole process, its start included. */
  readonly cpuMs: number
}

export interface Rate {
  readonly states: number
  readonly statesPerCpuSecond: number
  readonly bytesPerState: number
}

/** Decides one twin and says what the process has used. */
export function decide(search: string, name: string, n: number, variant: string, maxStates: number): Decided {
  const answer = searches[search]?.(twinNamed(name).make(n, variant), maxStates)
  if (!answer) throw new Error(`there is no search ${search}; there are ${Object.keys(searches).join(', ')}`)
  const { user, system } = process.cpuUsage()
  return { ...answer, cpuMs: (user + system) / 1000 }
}

/** Visits every state `runs` times, counting no schedules, as pan does; the best run. */
export function rate(name: string, n: number, variant: string, runs: number): Rate {
  let best: Rate | null = null
  for (let i = 0; i < runs; i++) {
    const graph = new Graph(new Machine(twinNamed(name).make(n, variant)))
    const began = process.cpuUsage()
    for (const _ of graph.explore({ maxStates: Infinity })) continue
    const { user, system } = process.cpuUsage(began)
    const statesPerCpuSecond = (graph.states / (user + system)) * 1e6
    if (!best || statesPerCpuSecond > best.statesPerCpuSecond)
      best = { states: graph.states, statesPerCpuSecond, bytesPerState: graph.bytesPerState }
  }
  if (!best) throw new Error('nothing was measured; ask for one run at least')
  return best
}
