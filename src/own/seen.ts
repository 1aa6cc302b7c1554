/** A recorded program of several tasks for readers: every outcome that the model has, and how often a real kernel had it. */
import { AuthorError } from '../base/assert.ts'
import { size } from '../base/range.ts'
import { Machine } from '../engine/machine.ts'
import { idOf } from '../scene/id.ts'
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
  const model = possible.map((one): SeenOutcome => ({ says: outcomeInWords(one), seen: rounds(one), sample: one.sample }))
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
