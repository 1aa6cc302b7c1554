/** `ops`: recorded sequences of file operations, run on the model of btrfs; one line at a time, however long the file is. */
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { InputError } from '../base/assert.ts'
import { addScores, compare, levels, playLike, type Comparison, type Disagreement } from '../kernel/btrfs/ops/compare.ts'
import { parseRecord, type Recorded } from '../kernel/btrfs/ops/record.ts'
import { refusalOf, type Played } from '../kernel/btrfs/ops/sequence.ts'
import { parse, print, printJson, type Command } from './options.ts'
import { contentOf } from './recording.ts'

/** A line that could not be read, or that the model does not take. */
interface Problem {
  readonly line: number
  readonly id: string | null
  readonly says: string
}

interface Tally {
  scores: Comparison['levels']
  readonly kernels: Set<string>
  /** What was resolved beside what a recording names. */
  readonly notes: Set<string>
  readonly disagreements: Disagreement[]
  readonly damaged: Problem[]
  readonly refused: Problem[]
}

/** Tells on the error stream, so that standard output has the answer alone. */
const complain = (file: string, { line, id, says }: Problem): void =>
  void process.stderr.write(`lockstep: ${file} line ${line}${id === null ? '' : ` (${id})`}: ${says}\n`)

export const ops: Command = {
  takes: '<file.jsonl[.gz]>',
  says: 'Runs recorded sequences of file operations on the model of btrfs, one line a sequence. A damaged line, or one that the model does not take, is told on the error stream, and the next one goes on. "-" reads the standard input.',
  options: ['compare', 'json'],
  run: playFile,
}

async function playFile(args: readonly string[]): Promise<number> {
  const { values, positionals } = parse(ops, args)
  const [file, extra] = positionals
  if (file === undefined) throw new InputError('which recording? Name a file of sequences, .jsonl or .jsonl.gz')
  if (extra !== undefined) throw new InputError(`one recording at a time: leave "${extra}" out`)
  if (values.json && !values.compare) throw new InputError('every line is JSON already: --json goes with --compare')
  const tally: Tally = { scores: {}, kernels: new Set(), notes: new Set(), disagreements: [], damaged: [], refused: [] }
  for await (const [number, line] of linesOf(file, tally)) {
    const done = playLine(file, number, line, tally)
    if (!done) continue
    if (values.compare) tallyUp(tally, done.record, done.played)
    else if (!process.stdout.write(`${JSON.stringify(ownFormat(done.record, done.played))}\n`)) await once(process.stdout, 'drain')
  }
  for (const note of tally.notes) process.stderr.write(`lockstep: ${file}: ${note}\n`)
  if (values.compare) report(file, tally, values.json === true)
  if (tally.disagreements.length > 0) return 1
  return tally.damaged.length > 0 ? 2 : 0
}

/** The lines of a file with their numbers, unpacked if it is packed. A file that ends too early is damage after its last line. */
async function* linesOf(file: string, tally: Tally): AsyncGenerator<[number, string]> {
  const source = await contentOf(file)
  let number = 0
  try {
    for await (const line of createInterface({ input: source, crlfDelay: Infinity })) {
      number++
      if (line.trim() !== '') yield [number, line]
    }
    if (source.errored) throw source.errored
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error
    const problem = { line: number + 1, id: null, says: `the file cannot be read on: ${error.message}` }
    tally.damaged.push(problem)
    complain(file, problem)
  }
}

/** Runs one line; what is wrong with it is noted and told, and the next one goes on. */
function playLine(file: string, line: number, text: string, tally: Tally): { readonly record: Recorded; readonly played: Played } | null {
  let id: string | null = null
  try {
    const record = parseRecord(text)
    id = record.id
    tally.kernels.add(record.kernel)
    if (record.kernelSays !== null) tally.notes.add(record.kernelSays)
    return { record, played: playLike(record) }
  } catch (error) {
    const refusal = refusalOf(error)
    const problem = { line, id, says: refusal ?? whatIsWrong(error) }
    tally[refusal === null ? 'damaged' : 'refused'].push(problem)
    complain(file, problem)
    return null
  }
}

/** What is wrong with a line; where it is the model that failed, that it is not the line. */
function whatIsWrong(error: unknown): string {
  if (error instanceof InputError) return error.message
  return `the model failed, which is a mistake of lockstep itself: ${error instanceof Error ? error.message : String(error)}`
}

/** A sequence as a recording would have it. */
const ownFormat = (record: Recorded, { steps, final, after }: Played) => ({
  id: record.id,
  kernel: record.kernel,
  steps,
  ...(final ? { final } : {}),
  ...(after ? { after } : {}),
})

function tallyUp(tally: Tally, record: Recorded, played: Played): void {
  const { levels: scores, first } = compare(record, played)
  tally.scores = addScores(tally.scores, scores)
  if (first) tally.disagreements.push(first)
}

function report(file: string, tally: Tally, json: boolean): void {
  const { scores, disagreements, damaged, refused } = tally
  const kernel = [...tally.kernels].join(', ')
  if (json) {
    printJson({ file, kernel, levels: scores, firstDisagreements: disagreements, refused, damaged })
    return
  }
  print(`${file} on ${kernel || 'no kernel'}`)
  for (const level of levels) {
    const score = scores[level]
    if (score)
      print(
        `  ${level.padEnd(11)} ${score.sequences.join(' of ').padStart(10)} sequences ${score.steps.join(' of ').padStart(14)} ${level === 'final' || score.steps[1] === score.sequences[1] ? 'states' : 'steps'}`,
      )
  }
  if (refused.length > 0) print(`  not modelled: ${refused.length} sequences`)
  if (damaged.length > 0) print(`  damaged: ${damaged.length} lines`)
  for (const { id, step, says } of disagreements) print(`  ${id}${step === null ? '' : ` step ${step}`}: ${says}`)
}
