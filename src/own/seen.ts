/** A recorded program of several tasks for readers: every outcome that the model has, and how often a real kernel had it. */
import { AuthorError } from '../base/assert.ts'
import { size } from '../base/range.ts'
import { Machine } from '../engine/machine.ts'
import { parseSchedule, printSchedule } from '../engine/schedule.ts'
import type { Letter } from '../engine/view.ts'
import type { State } from '../engine/state.ts'
import { idOf } from '../scene/id.ts'
import { fused } from './fused.ts'
import { agrees, sceneOfLitmus, type DataRun, type Judged, type LitmusOutcome, type Returned } from './litmus.ts'
import { stageScene } from './system.ts'

/** One outcome; `seen` is the number of rounds that ended so. */
export interface SeenOutcome {
  readonly says: string
  readonly seen: number
  /** A schedule of the model that ends so; null = it has none. */
  readonly sample: string | null
}

export interface SeenProgram {
  readonly id: string
  readonly kind: string
  /** The scene, as links name it. */
  readonly scene: string
  /** Every interleaving was searched. */
  readonly complete: boolean
  /** Seen ones first, the more often the earlier. */
  readonly outcomes: readonly SeenOutcome[]
}

/** `61` is a letter, `00` zeros; a torn block has several. */
const value = (hex: string): string =>
  hex
    .split('+')
    .map((one) =>
      one === '00'
        ? 'zeros'
        : /^[46][1-9a-f]$|^[57][0-9a]$/.test(one)
          ? String.fromCharCode(Number.parseInt(one, 16))
          : one === '..'
            ? '..'
            : `0x${one}`,
    )
    .join('+')

const runs = (data: readonly DataRun[]): string =>
  data.length === 0 ? 'nothing' : data.map(([from, length, hex]) => `[${size(from)}, ${size(from + length)}) ${value(hex)}`).join(' ')

function call([returned, error, found]: Returned): string {
  if (error !== null) return error
  return found === undefined ? size(returned) : `${size(returned)} (${runs(found)})`
}

/** What a user sees at the end: results, size, content, holes. */
export function outcomeInWords({ rets, size: bytes, data, map }: LitmusOutcome): string {
  const tasks = Object.entries(rets).map(([task, returns]) => `${task} ${returns.map(call).join(', ')}`)
  const holes = map.filter(([kind]) => kind === 'H').map(([, from, to]) => `[${size(from)}, ${size(to)})`)
  return `${tasks.join('; ')}; size ${size(bytes)}: ${runs(data)}${holes.length === 0 ? '' : `; holes ${holes.join(' ')}`}`
}

/**
 * The schedule step by step, as a link has it: the search that found it took some steps together with those before them. And the state in
 * which it ends.
 */
export function inSingleSteps(machine: Machine<never>, sample: string): { readonly schedule: string; readonly end: State } {
  let state = machine.initial
  const choices: Letter[] = []
  const take = (letter: Letter): boolean => {
    const next = machine.step(state, machine.slotFor(letter))
    if (!(next instanceof Int32Array)) return false
    state = next
    choices.push(letter)
    return true
  }
  for (const letter of parseSchedule(sample)) {
    if (!take(letter)) throw new AuthorError(`${machine.system.name}: ${letter} cannot take a step of ${sample}`)
    for (let at = machine.at(state, letter); at && fused.has(`${at.procedure}.${at.label}`); at = machine.at(state, letter))
      if (!take(letter)) break
  }
  return { schedule: printSchedule(choices), end: state }
}

/** The program with each step by itself. */
export function machineOf(program: Judged['program']): Machine<never> {
  const staged = stageScene(sceneOfLitmus(program))
  if (!('system' in staged)) throw new AuthorError(`${program.id}: ${staged.map(({ message }) => message).join('; ')}`)
  return new Machine({ ...staged.system, oracles: [] } as never)
}

/** Torn blocks apart, an outcome of the model agrees with one of the kernel, and what both have is told once. */
export function seenProgram({ program, complete, possible }: Judged): SeenProgram {
  const rounds = (one: LitmusOutcome): number =>
    program.outcomes.filter((other) => agrees(other, one)).reduce((sum, { count }) => sum + count, 0)
  const machine = machineOf(program)
  const model = possible.map((one): SeenOutcome => ({
    says: outcomeInWords(one),
    seen: rounds(one),
    sample: inSingleSteps(machine, one.sample).schedule,
  }))
  const only = program.outcomes
    .filter((one) => !possible.some((other) => agrees(one, other)))
    .map((one): SeenOutcome => ({ says: outcomeInWords(one), seen: one.count, sample: null }))
  return {
    id: program.id,
    kind: program.kind,
    scene: idOf(sceneOfLitmus(program)),
    complete,
    outcomes: [...model, ...only].sort((a, b) => b.seen - a.seen || (a.says < b.says ? -1 : 1)),
  }
}
