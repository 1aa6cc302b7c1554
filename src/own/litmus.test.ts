import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { btrfsProcedures } from '../kernel/btrfs/stage.ts'
import { parseScene } from '../scene/parse.ts'
import { printScene } from '../scene/print.ts'
import { fusedOfWriters } from './btrfs/fused.ts'
import { agrees, impossible, judgeLitmus, readLitmus, sceneOfLitmus, widest, type LitmusOutcome } from './litmus.ts'

const read = (file: string) =>
  gunzipSync(readFileSync(join(import.meta.dirname, 'recorded', file)))
    .toString('utf8')
    .trim()
    .split('\n')
    .map(readLitmus)
/** 240 programs of two tasks on btrfs 6.1.192, each run some hundreds of times, with every outcome that was seen; the same on 6.12.117. */
const programs = read('btrfs-litmus.jsonl.gz')
const newer = read('btrfs-litmus-6.12.jsonl.gz')
/** 29 written by hand, for races that were seen or suspected. */
const directed = [...read('btrfs-litmus-directed.jsonl.gz'), ...read('btrfs-litmus-6.12-directed.jsonl.gz')]
const long = process.env['LONG'] === '1'
/**
 * An ordinary run takes a few of each; of those by hand, 5, 16, 22 and 23 on 6.1: a write that is copied page after page, pages that are
 * dropped while they are looked for by two calls, and i_size after the unlock.
 */
const some = [
  ...programs.filter((_, i) => long || i % 24 === 0),
  // 99: reads that end before a page that was not uptodate yet, and nowhere a size that the file had.
  ...newer.filter(({ id }, i) => long || i % 60 === 12 || id === 'l11-099'),
  ...directed.filter(({ id, release }) => long || (release === '6.1.192' && ['ld-05', 'ld-16', 'ld-22', 'ld-23'].includes(id))),
]

test.each(some.map((program) => [`${program.id} (${program.kind}) on ${program.release}`, program] as const))(
  'every outcome that a real kernel had in %s is among those of the model, which are all there are, and none of those is impossible',
  { timeout: 120_000 },
  (_name, program) => {
    const { missing, possible, complete } = judgeLitmus(program, 100_000)
    expect(missing).toEqual([])
    expect(possible.filter(impossible)).toEqual([])
    expect(complete).toBe(true)
  },
)

test('steps that are taken together are steps of btrfs', () => {
  const all = new Set(btrfsProcedures.flatMap(({ name, rows }) => rows.map(({ label }) => `${name}.${label}`)))
  expect([...fusedOfWriters].filter((one) => !all.has(one.replace(/>.*/, '')))).toEqual([])
})

/** Short ones of many kinds; of those that only write 5 and 212, and 238 on 6.12. */
const both = [
  ...programs.filter((_, i) => (long ? i % 7 === 1 : [5, 6, 10, 49, 206, 212].includes(i))),
  ...newer.filter((_, i) => i === 238),
]

test.each(both.map((program) => [`${program.id} (${program.kind}) on ${program.release}`, program] as const))(
  '%s has the same outcomes whether steps are taken together or one by one',
  { timeout: 120_000 },
  (_name, program) => {
    const [together, single] = [judgeLitmus(program, 100_000), judgeLitmus(program, 200_000, 'single')]
    const outcomes = ({ possible }: typeof single) => possible.map((one) => JSON.stringify({ ...one, sample: '' })).sort()
    expect(single.complete).toBe(true)
    expect(outcomes(together)).toEqual(outcomes(single))
  },
)

/** The writes of two tasks, block by block: a block that both write is left by whoever comes last, whatever happens to the others. */
const meeting: readonly (readonly [string, number])[] = [['l11-214', 4], ...(long ? [['l11-157', 5] as const] : [])]
test.each(meeting)(
  '%s, in which %i blocks are written by both tasks, ends with each of them as either left it',
  { timeout: 120_000 },
  (id, blocks) => {
    for (const program of [...programs, ...newer].filter((one) => one.id === id)) {
      const { possible, complete } = judgeLitmus(program, 60_000)
      expect(complete).toBe(true)
      expect(new Set(possible.map(({ data }) => JSON.stringify(data))).size).toBe(2 ** blocks)
    }
  },
)

test('every program is a scene that can be printed, sent and read back', () => {
  for (const program of programs) {
    const scene = sceneOfLitmus(program)
    const { problems, scene: read } = parseScene(printScene(scene))
    expect(problems).toEqual([])
    expect(printScene(read)).toBe(printScene(scene))
  }
})

test('a block that was torn agrees with each of its values, and with no other', () => {
  const of = (hex: string): LitmusOutcome => ({ rets: { A: [[4096, null]] }, size: 4096, data: [[0, 4096, hex]], map: [['D', 0, 4096]] })
  expect(agrees(of('61+41'), of('61'))).toBe(true)
  expect(agrees(of('61+41'), of('41'))).toBe(true)
  expect(agrees(of('61+41'), of('58'))).toBe(false)
  expect(agrees(of('61'), of('41'))).toBe(false)
})

test('of two mixtures the wider one is told, and what is none stays', () => {
  const [old, narrow, wide] = ['61', '61', '41+61'].map((hex, i): LitmusOutcome => ({
    rets: {
      A: [
        [
          12288,
          null,
          [
            [0, 4096, i === 0 ? '61' : '41+61'],
            [4096, 8192, hex],
          ],
        ],
      ],
    },
    size: 0,
    data: [],
    map: [],
  })) as [LitmusOutcome, LitmusOutcome, LitmusOutcome]
  expect(widest([old, narrow, wide])).toEqual([old, wide])
  expect(widest([old, narrow])).toEqual([old, narrow])
})

test('a read that says more than it put into its buffer is impossible', () => {
  const of = (length: number): LitmusOutcome => ({ rets: { A: [[8192, null, [[0, length, '61']]]] }, size: 8192, data: [], map: [] })
  expect(impossible(of(4096))).toBe(true)
  expect(impossible(of(8192))).toBe(false)
})
