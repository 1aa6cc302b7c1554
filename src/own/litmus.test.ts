import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { parseScene } from '../scene/parse.ts'
import { printScene } from '../scene/print.ts'
import { agrees, impossible, judgeLitmus, readLitmus, sceneOfLitmus, type LitmusOutcome } from './litmus.ts'

/** 240 programs of two tasks on btrfs 6.1.192, each run some hundreds of times, with every outcome that was seen. */
const programs = gunzipSync(readFileSync(join(import.meta.dirname, 'recorded', 'btrfs-litmus.jsonl.gz')))
  .toString('utf8')
  .trim()
  .split('\n')
  .map(readLitmus)
const long = process.env['LONG'] === '1'
/** An ordinary run takes every twelfth. */
const some = programs.filter((_, i) => long || i % 12 === 0)

test.each(some.map((program) => [`${program.id} (${program.kind})`, program] as const))(
  'every outcome that a real kernel had in %s is among those of the model, and none of those is impossible',
  { timeout: 120_000 },
  (_name, program) => {
    const { missing, possible } = judgeLitmus(program, 20_000)
    expect(missing).toEqual([])
    expect(possible.filter(impossible)).toEqual([])
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

test('a read that says more than it put into its buffer is impossible', () => {
  const of = (length: number): LitmusOutcome => ({ rets: { A: [[8192, null, [[0, length, '61']]]] }, size: 8192, data: [], map: [] })
  expect(impossible(of(4096))).toBe(true)
  expect(impossible(of(8192))).toBe(false)
})
