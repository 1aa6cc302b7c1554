/** Lockstep and Spin on the same systems: the verdicts must agree, and the times are set side by side. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { atLeast, atMost, budgets, type Measured } from '../budgets.ts'
import type { Decided, Rate } from './child.ts'
import { compile, reduced, spinVersion, stateByState, type Pan, type PanRun, type Times } from './spin.ts'
import { searches } from './searches.ts'
import { twins, type Twin } from './twins.ts'

export interface TwinReport {
  /** Null when spin or gcc is not installed: then only our side is measured. */
  readonly spin: string | null
  readonly verdicts: readonly VerdictReport[]
  /** A full search without reduction, state by state the same on both sides. */
  readonly rate: RateReport
  /** With the most appenders, by variant: the time of our quickest answer by Spin's, both on the clock from start to answer; null without both. */
  readonly promised: Readonly<Record<string, Measured | null>>
  /** What the two sides say differently; must be empty. */
  readonly disagreements: readonly string[]
}

interface VerdictReport {
  readonly twin: string
  readonly tasks: number
  readonly variant: string
  readonly violated: boolean | null
  /** Compiling is part of both ways to the answer: to the first violation, and past every one. Partial-order reduction is on. */
  readonly spin: { readonly states: number; readonly compile: Times; readonly toFirst: Times; readonly toAll: Times } | null
  readonly lockstep: Readonly<Record<string, Ours>>
}

/** One of our searches. */
interface Ours {
  readonly complete: boolean
  readonly states: number
  readonly took: Times
  /** Our time by that of Spin: below 1 is quicker. Null without an answer to compare. */
  readonly byFirst: Times | null
  readonly byAll: Times | null
}

interface RateReport {
  readonly twin: string
  readonly tasks: number
  readonly variant: string
  readonly states: number
  readonly lockstep: { readonly statesPerCpuSecond: number; readonly bytesPerState: number }
  readonly spin: { readonly statesPerCpuSecond: number; readonly bytesPerState: number } | null
  /** Our rate by that of Spin. */
  readonly ratio: Measured | null
}

/** How many tasks: with one there is no race between tasks, and Spin needs half a minute for six. */
const TASKS = [2, 3, 4, 5]
/** A search that cannot answer with so many states is said to have none: seconds, not minutes. */
const STATES_MAX = 1_000_000
/** Up to here every state is compared; beyond, the verdict alone. */
const COUNTED_MAX = 3
/** In turns, so that what else the machine does hits both sides; the best run of each counts. */
const RATE = { twin: 'append', tasks: 4, variant: 'relock', turns: 4, runs: 8 } as const

const round = (value: number, digits = 0): number => Math.round(value * 10 ** digits) / 10 ** digits
const rounded = ({ wallMs, cpuMs }: Times): Times => ({ wallMs: round(wallMs), cpuMs: round(cpuMs) })
const sum = (a: Times, b: Times): Times => ({ wallMs: a.wallMs + b.wallMs, cpuMs: a.cpuMs + b.cpuMs })
const by = (a: Times, b: Times): Times => ({ wallMs: round(a.wallMs / b.wallMs, 3), cpuMs: round(a.cpuMs / b.cpuMs, 3) })

/** `main`: the program that answers as a process of its own. `folder`: where the Promela files are. */
export function compareTwins(main: string, folder: string): TwinReport {
  const version = spinVersion()
  const models = version === null ? null : folder
  const disagreements: string[] = []
  const objects: Objects = (where, says) => void disagreements.push(`${where}: ${says}`)
  const verdicts = twins.flatMap((twin) =>
    TASKS.flatMap((tasks) => twin.variants.map((variant) => compareVerdict(main, models, twin, tasks, variant, objects))),
  )
  return { spin: version, verdicts, rate: compareRate(main, models, objects), promised: promisedOf(verdicts), disagreements }
}

function promisedOf(verdicts: readonly VerdictReport[]): Record<string, Measured | null> {
  const most = verdicts.filter(({ twin, tasks }) => twin === 'append' && tasks === Math.max(...TASKS))
  return Object.fromEntries(
    most.map(({ variant, lockstep }) => {
      const ratios = Object.values(lockstep).flatMap(({ byAll }) => (byAll ? [byAll.wallMs] : []))
      return [variant, ratios.length > 0 ? atMost(Math.min(...ratios), budgets.verdictBySpin, 'of the time of Spin') : null]
    }),
  )
}

type Objects = (where: string, says: string) => void

/** Runs something with a verifier and removes that. */
function withPan<T>(pan: Pan, run: (pan: Pan) => T): T {
  try {
    return run(pan)
  } finally {
    pan.remove()
  }
}

function compareVerdict(main: string, models: string | null, twin: Twin, tasks: number, variant: string, objects: Objects): VerdictReport {
  const where = `${twin.name}, ${tasks} tasks, ${variant}`
  const model = models === null ? null : join(models, twin.model)
  const fix = twin.variants.indexOf(variant)
  const spin =
    model === null
      ? null
      : withPan(compile(model, tasks, fix, reduced), (pan) => {
          const [first, all] = [pan.run('first'), pan.run('all')]
          if (first.violated !== all.violated) objects(where, 'Spin contradicts itself')
          if (!all.complete) objects(where, 'Spin did not search everything')
          return { ...all, compile: pan.compiled, toFirst: sum(pan.compiled, first.took), toAll: sum(pan.compiled, all.took) }
        })
  const answers = Object.keys(searches).map(
    (search) => [search, answer<Decided>(main, ['decide', search, twin.name, tasks, variant, STATES_MAX])] as const,
  )
  for (const [search, { value }] of answers) {
    if (!value.complete || !spin) continue
    if (value.violated.length > 0 !== spin.violated)
      objects(where, `${search} says violated: ${value.violated.join(', ')}, Spin: ${spin.violated}`)
    if (value.stuck !== spin.stuck) objects(where, `${search} says stuck: ${value.stuck}, Spin: ${spin.stuck}`)
  }
  const full = answers[0]?.[1].value
  if (model !== null && full?.complete && tasks <= COUNTED_MAX)
    withPan(compile(model, tasks, fix, stateByState), (pan) => sameCounts(where, full, pan.run('all'), objects))
  return {
    twin: twin.name,
    tasks,
    variant,
    violated: spin ? spin.violated : full?.complete ? full.violated.length > 0 : null,
    spin: spin && { states: spin.states, compile: rounded(spin.compile), toFirst: rounded(spin.toFirst), toAll: rounded(spin.toAll) },
    lockstep: Object.fromEntries(
      answers.map(
        ([
          search,
          {
            wallMs,
            value: { complete, states, cpuMs },
          },
        ]): [string, Ours] => {
          const took = { wallMs, cpuMs }
          const compared = complete ? spin : null
          return [
            search,
            {
              complete,
              states,
              took: rounded(took),
              byFirst: compared && by(took, compared.toFirst),
              byAll: compared && by(took, compared.toAll),
            },
          ]
        },
      ),
    ),
  }
}

/** Both have one state for each of the other's. Spin counts entering the first state as a transition. */
function sameCounts(
  where: string,
  ours: { readonly states: number; readonly transitions: number },
  theirs: { readonly states: number; readonly transitions: number },
  objects: Objects,
): void {
  if (ours.states === theirs.states && ours.transitions + 1 === theirs.transitions) return
  objects(where, `${ours.states} states and ${ours.transitions} transitions here, ${theirs.states} and ${theirs.transitions} - 1 in Spin`)
}

function compareRate(main: string, models: string | null, objects: Objects): RateReport {
  const { twin: name, tasks, variant, turns, runs } = RATE
  const search = (): Rate => answer<Rate>(main, ['rate', name, tasks, variant, runs]).value
  const twin = twins.find((one) => one.name === name)
  const ours: Rate[] = []
  const theirs: PanRun[] = []
  if (models === null || !twin) ours.push(search())
  else
    withPan(compile(join(models, twin.model), tasks, twin.variants.indexOf(variant), stateByState), (pan) => {
      for (let turn = 0; turn < turns; turn++) {
        ours.push(search())
        for (let run = 0; run < runs; run++) theirs.push(pan.run('all'))
      }
    })
  const [{ states, bytesPerState } = { states: 0, bytesPerState: 0 }] = ours
  const rate = Math.max(...ours.map(({ statesPerCpuSecond }) => statesPerCpuSecond))
  const [first] = theirs
  const panRate = first ? (first.states / Math.min(...theirs.map(({ took }) => took.cpuMs))) * 1000 : null
  if (first && first.states !== states) objects(`${name}, ${tasks} tasks, ${variant}`, `${states} states here, ${first.states} in Spin`)
  return {
    twin: name,
    tasks,
    variant,
    states,
    lockstep: { statesPerCpuSecond: round(rate), bytesPerState },
    spin: first && panRate ? { statesPerCpuSecond: round(panRate), bytesPerState: round(first.bytes / first.states) } : null,
    ratio: panRate === null ? null : atLeast(round(rate / panRate, 2), budgets.rateBySpin, 'of the rate of Spin'),
  }
}

/**
 * Node reads the certificates that this names before it begins with a program, for 60 ms of processor time with those of Debian: a machine
 * that is behind somebody's proxy has them, and no search needs them.
 */
const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env

/** Starts the program anew and reads its answer. */
function answer<T>(main: string, args: readonly (string | number)[]): { readonly wallMs: number; readonly value: T } {
  const began = performance.now()
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args.map(String)], { encoding: 'utf8', env })
  const wallMs = performance.now() - began
  if (status !== 0) throw new Error(`${args.join(' ')} failed: ${stderr}`)
  return { wallMs, value: JSON.parse(stdout) as T }
}
