/**
 * What the page says of recorded programs. `LONG=1 UPDATE=1` searches all of them and writes its tables; an ordinary run holds some rows to
 * the model, and the sums to the rows.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { sceneOfId, idOf } from '../scene/id.ts'
import { parseSchedule } from '../engine/schedule.ts'
import { parseScene } from '../scene/parse.ts'
import { printScene } from '../scene/print.ts'
import { judgeLitmus, readLitmus, sceneOfLitmus, seenBy, type LitmusOutcome } from './litmus.ts'
import { machineOf, outcomeInWords, seenProgram, type SeenProgram } from './seen.ts'

const long = process.env['LONG'] === '1'
const update = long && process.env['UPDATE'] === '1'
const recorded = join(import.meta.dirname, 'recorded')
const page = (name: string): string => join(import.meta.dirname, '../app/trust', name)
/** Programs that have more states than these would be completed by drawn schedules; none has. */
const MAX_STATES = 60_000
/** Of each recording an ordinary run searches one program in so many. */
const EVERY = 120

const files = readdirSync(recorded)
  .filter((name) => name.endsWith('.jsonl.gz'))
  .sort((a, b) => a.length - b.length)
  .map((name) => ({
    file: name.replace('.jsonl.gz', ''),
    programs: gunzipSync(readFileSync(join(recorded, name)))
      .toString('utf8')
      .trim()
      .split('\n')
      .map(readLitmus),
  }))

interface OfFile {
  readonly file: string
  readonly programs: readonly SeenProgram[]
}

const sums = ({ file, programs }: OfFile) => {
  const outcomes = programs.flatMap((one) => one.outcomes)
  return {
    file,
    kernel: files.find((one) => one.file === file)?.programs[0]?.release,
    programs: programs.length,
    seen: files.find((one) => one.file === file)?.programs.reduce((sum, one) => sum + one.outcomes.length, 0),
    missing: outcomes.filter(({ sample }) => sample === null).length,
    possible: outcomes.filter(({ sample }) => sample !== null).length,
    complete: programs.filter(({ complete }) => complete).length,
  }
}

const write = (name: string, value: unknown): void => writeFileSync(page(name), `${JSON.stringify(value)}\n`)

test('the tables of the page are what the model says of every program', { timeout: 1_500_000 }, () => {
  if (update) {
    const all = files.map(({ file, programs }) => ({ file, programs: programs.map((one) => seenProgram(judgeLitmus(one, MAX_STATES))) }))
    write('litmus-programs.json', all)
    write('litmus.json', all.map(sums))
  }
  const all = JSON.parse(readFileSync(page('litmus-programs.json'), 'utf8')) as OfFile[]
  expect(all.map(({ file }) => file)).toEqual(files.map(({ file }) => file))
  expect(JSON.parse(readFileSync(page('litmus.json'), 'utf8'))).toEqual(all.map(sums))
  const judged = files.flatMap(({ programs }, i) =>
    programs.flatMap((program, n) => ((long && !update) || n % EVERY === 7 ? [{ row: all[i]?.programs[n], program }] : [])),
  )
  for (const { row, program } of judged) expect(row).toEqual(seenProgram(judgeLitmus(program, MAX_STATES)))
})

test('the scene that a row opens is the recorded program', () => {
  const all = JSON.parse(readFileSync(page('litmus-programs.json'), 'utf8')) as OfFile[]
  for (const [i, { programs }] of files.entries())
    for (const [n, program] of programs.entries())
      expect(printScene(sceneOfId(all[i]?.programs[n]?.scene ?? ''))).toBe(printScene(sceneOfLitmus(program)))
})

test('the schedule of a row ends as the row says, step by step as a link has it', { timeout: 300_000 }, () => {
  const all = JSON.parse(readFileSync(page('litmus-programs.json'), 'utf8')) as OfFile[]
  for (const [i, { programs }] of files.entries())
    for (const [n, program] of programs.entries()) {
      if (!long && n % EVERY !== 11) continue
      const machine = machineOf(program)
      for (const { says, sample } of all[i]?.programs[n]?.outcomes ?? []) {
        if (sample === null) continue
        let state = machine.initial
        for (const letter of parseSchedule(sample)) state = machine.step(state, machine.slotFor(letter)) as typeof state
        expect({ id: program.id, final: machine.isFinal(state) }).toEqual({ id: program.id, final: true })
        expect(outcomeInWords(seenBy(program)(machine.world(state)).after as unknown as LitmusOutcome)).toBe(says)
      }
    }
})

test('an outcome in words names results, size, content and holes; a torn block has both of its values', () => {
  expect(
    outcomeInWords({
      rets: {
        A: [[4096, null]],
        B: [
          [
            8192,
            null,
            [
              [0, 4096, '61'],
              [4096, 4096, '61+00'],
            ],
          ],
          [-1, 'EIO'],
        ],
      },
      size: 8192,
      data: [[0, 8192, '5b']],
      map: [
        ['D', 0, 4096],
        ['H', 4096, 8192],
      ],
    }),
  ).toBe('A 4K; B 8K ([0, 4K) a [4K, 8K) a+zeros), EIO; size 8K: [0, 8K) 0x5b; holes [4K, 8K)')
})

interface Crashed {
  readonly id: string
  readonly kernel: string
  readonly steps: readonly { readonly cmd: string; readonly fiemap?: readonly (readonly number[])[] }[]
  readonly after: { readonly fiemap: readonly (readonly number[])[] }
}

/** What was predicted, by its scene and its sequence. */
const predictions = [
  {
    name: 'punched-comes-back',
    id: 'DB prediction',
    says: 'a preallocation behind the end of the file that was punched, and the punch synced, is there again.',
  },
  {
    name: 'preallocation-cut',
    id: 'DC prediction',
    says: 'what was preallocated behind the end of the file is cut off when the log is replayed.',
  },
]

const unwritten = 2048
const runsOf = (fiemap: readonly (readonly number[])[]): string =>
  fiemap
    .map(
      ([from = 0, , length = 0, flags = 0]) => `[${from / 1024}K, ${(from + length) / 1024}K) ${flags & unwritten ? 'unwritten' : 'data'}`,
    )
    .join(', ')

test('what the model had predicted is what two kernels then did, and its scene asks the same commands', () => {
  const records = readFileSync(join(recorded, 'predicted.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Crashed)
  const rows = predictions.map(({ name, id, says }) => {
    const mine = records.filter((one) => one.id === id)
    const { scene, problems } = parseScene(readFileSync(join(import.meta.dirname, `../scene/examples/${name}.lockstep`), 'utf8'))
    expect(problems).toEqual([])
    const tellings = [...new Set(mine.map(({ steps, after }) => `${runsOf(steps.at(-1)?.fiemap ?? [])} / ${runsOf(after.fiemap)}`))]
    // Both kernels did the same.
    expect(tellings).toHaveLength(1)
    const [before = '', after = ''] = tellings[0]?.split(' / ') ?? []
    expect(after).not.toBe(before)
    return {
      name,
      scene: idOf(scene),
      says,
      commands: mine[0]?.steps.map(({ cmd }) => cmd),
      before,
      after,
      kernels: mine.map(({ kernel }) => /(\d+\.\d+\.\d+)-\d/.exec(kernel.replace(/^.*?#/, ''))?.[1] ?? /\d+\.\d+\.\d+/.exec(kernel)?.[0]),
    }
  })
  if (process.env['UPDATE'] === '1') write('predicted.json', rows)
  expect(JSON.parse(readFileSync(page('predicted.json'), 'utf8'))).toEqual(rows)
})
