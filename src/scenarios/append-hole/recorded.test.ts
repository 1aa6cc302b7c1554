/** Every recorded append, replayed on the model of the same kernel: every interleaving ends as the real kernel did. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { search } from '../../engine/search.ts'
import type { Outcome } from '../../engine/view.ts'
import { btrfsSystem, inodeItems, stageExtents, stageWorld, T } from '../../kernel/btrfs/stage.ts'
import { addWrite } from '../../kernel/vfs/stage.ts'
import { PAGE } from '../../kernel/mm/world.ts'
import { choose, resolveRelease } from '../../kernel/releases.ts'
import { join as joinRuns } from '../../kernel/lib/runs.ts'

interface Line {
  readonly case: string
  readonly before: number
  readonly len: number
  readonly populated: number
  readonly via: 'write O_APPEND' | 'pwrite, no append' | 'pwritev2 RWF_APPEND'
  readonly oflags: 'O_DIRECT' | 'O_DIRECT|O_DSYNC' | 'buffered'
  readonly buffer: 'memfd' | 'anonymous'
  readonly ret: number
  readonly pos: number
  readonly size: number
  readonly map: readonly (readonly ['D' | 'H', number, number])[]
  readonly data: readonly (readonly [number, number, string])[]
  readonly verdict: 'ok' | 'HOLE' | 'LOST'
}

const kernels = ['6.1.170', '6.1.192', '6.12.117', '6.1.192-rk']
const linesOf = (kernel: string): Line[] =>
  readFileSync(join(import.meta.dirname, 'recorded', `${kernel}.jsonl`), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line)

/** Bytes of the recordings by stamp of the model. */
const byte: Readonly<Record<string, string>> = { X: '11', A: 'ab', '0': '00' }

function replayed(kernel: string, line: Line): readonly Outcome[] {
  const { items, data, next } = stageExtents(line.before > 0 ? [{ offset: 0, length: line.before, stamp: 'X' }] : [])
  const all = [...inodeItems(line.before), ...items]
  const world = stageWorld({
    kernel: choose(resolveRelease(kernel).release, [], []).kernel,
    setting: {},
    size: line.before,
    noHoles: true,
    leaves: [{ id: 'N', generation: T, items: all, room: 100 }],
    committed: all,
    data,
    nextData: next,
  })
  const task = addWrite(world, {
    letter: 'A',
    length: line.len,
    resident: line.populated / PAGE,
    filled: line.buffer === 'memfd',
    append: line.via !== 'pwrite, no append',
    dsync: line.oflags.includes('O_DSYNC'),
    buffered: line.oflags === 'buffered',
  })
  const { verdict } = search(btrfsSystem(`${line.case} on ${kernel}`, world, [task], []))
  expect([verdict.complete, verdict.deadlocks]).toEqual([true, 0])
  return verdict.outcomes
}

/** An outcome in the words of the recordings. */
function asRecorded(outcome: Outcome, line: Line): Pick<Line, 'ret' | 'pos' | 'size' | 'map' | 'data' | 'verdict'> {
  const pieces = (outcome.layout ?? []).map(({ from, to, kind }) => ({ from, to, kind: kind === 'data' ? ('D' as const) : ('H' as const) }))
  const map = joinRuns(pieces, (a, b) => a.kind === b.kind).map(({ from, to, kind }) => [kind, from, to] as const)
  const data = (outcome.content ?? []).map(([from, to, stamp]) => [from, to - from, byte[stamp] ?? stamp] as const)
  const size = outcome.size ?? 0
  const lost = line.buffer === 'memfd' && data.some(([from, , value]) => from >= line.before && value !== 'ab')
  return {
    ret: outcome.returns['A'] ?? 0,
    // pwrite() takes its own position and leaves the file's where it is: at 0 here.
    pos: line.via === 'write O_APPEND' ? Number(outcome.pos) : 0,
    size,
    map,
    data,
    verdict: size > line.before + line.len ? 'HOLE' : lost ? 'LOST' : 'ok',
  }
}

describe.each(kernels)('on %s', (kernel) => {
  it.each(linesOf(kernel).map((line) => [line.case, line] as const))('%s', (_name, line) => {
    const outcomes = replayed(kernel, line).map((outcome) => asRecorded(outcome, line))
    const { ret, pos, size, map, data, verdict } = line
    expect(outcomes.length).toBeGreaterThan(0)
    for (const outcome of outcomes) expect(outcome).toEqual({ ret, pos, size, map, data, verdict })
  })
})

it('are 16 cases on each of four kernels; 12 of them make a hole on the one without fixes, 4 lose data on 6.1.170', () => {
  const count = (kernel: string, verdict: Line['verdict']): number => linesOf(kernel).filter((line) => line.verdict === verdict).length
  expect(kernels.map((kernel) => linesOf(kernel).length)).toEqual([16, 16, 16, 16])
  expect(kernels.map((kernel) => [count(kernel, 'HOLE'), count(kernel, 'LOST')])).toEqual([
    [0, 4],
    [0, 0],
    [0, 0],
    [12, 1],
  ])
})
