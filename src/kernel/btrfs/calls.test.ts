/** Calls one after the other on the whole model: what a user sees of each. */
import { describe, expect, it } from 'vitest'
import { alignUp, K } from '../../base/range.ts'
import { Machine } from '../../engine/machine.ts'
import { Trace } from '../../engine/trace.ts'
import type { Outcome } from '../../engine/view.ts'
import { choose, resolveRelease } from '../releases.ts'
import { btrfsSystem, inodeItems, stageExtents, stageWorld, T } from './stage.ts'
import { addWrite, filledBuffer } from '../vfs/stage.ts'
import type { BtrfsWorld } from './world.ts'

interface Write {
  readonly at: number
  readonly count: number
  /** How much of the buffer is in the page table. */
  readonly present?: number
}

/** A file of `size` bytes of `X`, committed. */
function file(kernel: string, size: number): BtrfsWorld {
  const { items, data, next } = stageExtents(size > 0 ? [{ offset: 0, length: alignUp(size, 4096), stamp: 'X' }] : [])
  const all = [...inodeItems(size), ...items]
  return stageWorld({
    kernel: choose(resolveRelease(kernel).release, [], []).kernel,
    setting: {},
    size,
    noHoles: true,
    leaves: [{ id: 'N', generation: T, items: all, room: 100 }],
    committed: all,
    data,
    nextData: next,
  })
}

/** Lets the tasks run, the first one as far as it can before the next one, and looks at the end. */
function finish(world: BtrfsWorld, calls: readonly (readonly [procedure: string, locals: object])[]): Outcome {
  const tasks = calls.map(([procedure, locals], i) => ({ letter: 'ABCDEF'[i] ?? '', name: procedure, must: true, procedure, locals }))
  const machine = new Machine(btrfsSystem('calls', world, tasks, []))
  const trace = new Trace(machine)
  trace.finish()
  expect(trace.end).toBe('final')
  const state = machine.world(trace.state)
  expect([state.ordered, state.bios, state.io_tree, state.locks.i_rwsem.mode]).toEqual([[], {}, { locked: [], delalloc: [] }, 'free'])
  expect(state.mapping.runs.filter((run) => run.dirty || run.writeback)).toEqual([])
  return machine.outcome(trace.state)
}

/** Direct writes to a file of `size` bytes of `X`. */
function write(kernel: string, size: number, ...writes: Write[]): Outcome {
  const world = file(kernel, size)
  const tasks = writes.map(({ at, count, present = count }, i) => {
    const buffer = { ...filledBuffer(count, 'ABCDEF'[i] ?? ''), present: [{ from: 0, to: present }] }
    return addWrite(world, { letter: 'ABCDEF'[i] ?? '', at, length: count, buffer })
  })
  return finish(
    world,
    tasks.map(({ procedure, locals }) => [procedure, locals]),
  )
}

describe('a direct write', () => {
  it('that is aligned goes straight to the disk', () => {
    const outcome = write('6.1', 0, { at: 0, count: 8 * K })
    expect(outcome).toMatchObject({ returns: { A: 8192 }, size: 8192, pos: 8192, content: [[0, 8192, 'A']] })
    expect(outcome.layout).toEqual([{ from: 0, to: 8192, kind: 'data', source: 'A' }])
  })

  it('into the middle of a file leaves its neighbours alone and the size as it is', () => {
    const outcome = write('6.1', 32 * K, { at: 8 * K, count: 8 * K })
    expect(outcome).toMatchObject({ returns: { A: 8192 }, size: 32 * K, pos: 16 * K })
    expect(outcome.content).toEqual([
      [0, 8 * K, 'X'],
      [8 * K, 16 * K, 'A'],
      [16 * K, 32 * K, 'X'],
    ])
  })

  it('beyond the end leaves a hole that reads as zeros', () => {
    const outcome = write('6.1', 8 * K, { at: 16 * K, count: 4 * K })
    expect(outcome.layout?.map(({ kind }) => kind)).toEqual(['data', 'hole', 'data'])
    expect(outcome.content).toEqual([
      [0, 8 * K, 'X'],
      [8 * K, 16 * K, '0'],
      [16 * K, 20 * K, 'A'],
    ])
  })

  it('that is not aligned succeeds through the page cache and is flushed (direct-io A.3 A7, A24)', () => {
    const outcome = write('6.1', 0, { at: 0, count: 5000 })
    expect(outcome).toMatchObject({ returns: { A: 5000 }, size: 5000, pos: 5000, content: [[0, 5000, 'A']] })
    expect(outcome.layout).toEqual([{ from: 0, to: 5000, kind: 'data', source: 'A' }])
  })

  it('to a part of a page keeps the rest of the page, on the disk as well', () => {
    const outcome = write('6.1', 12 * K, { at: 4196, count: 100 })
    const expected = [
      [0, 4196, 'X'],
      [4196, 4296, 'A'],
      [4296, 12 * K, 'X'],
    ]
    expect(outcome.content).toEqual(expected)
    expect(outcome.layout?.map(({ from, to, source }) => [from, to, source])).toEqual(expected)
  })

  it('over two borders of pages, not aligned at either end', () => {
    const outcome = write('6.1', 12 * K, { at: 100, count: 8 * K })
    expect(outcome.layout?.map(({ from, to, source }) => [from, to, source])).toEqual([
      [0, 100, 'X'],
      [100, 100 + 8 * K, 'A'],
      [100 + 8 * K, 12 * K, 'X'],
    ])
  })

  // Before 6.4 the part that was written is lost: b73a6fd1b1ef, direct-io A.5 row 3.
  it.each(['6.4', '6.11', '7.2'])('from a buffer of which 16K are present is whole on %s when it does not append', (kernel) => {
    const outcome = write(kernel, 128 * K, { at: 0, count: 64 * K, present: 16 * K })
    expect(outcome).toMatchObject({ returns: { A: 65536 }, size: 128 * K, pos: 65536 })
    expect(outcome.content).toEqual([
      [0, 64 * K, 'A'],
      [64 * K, 128 * K, 'X'],
    ])
  })

  it('from a buffer of which 16K are present loses these on 6.1.170, as recorded: map [H 0 16384] [D 16384 65536], all bytes returned', () => {
    const outcome = write('6.1.170', 0, { at: 0, count: 64 * K, present: 16 * K })
    expect(outcome).toMatchObject({ returns: { A: 65536 }, size: 65536 })
    expect(outcome.layout).toEqual([
      { from: 0, to: 16384, kind: 'hole', source: null },
      { from: 16384, to: 65536, kind: 'data', source: 'A' },
    ])
  })

  it('and is whole on 6.1.192, as recorded', () => {
    const outcome = write('6.1.192', 0, { at: 0, count: 64 * K, present: 16 * K })
    expect(outcome).toMatchObject({ returns: { A: 65536 }, size: 65536, content: [[0, 65536, 'A']] })
    expect(outcome.layout).toEqual([{ from: 0, to: 65536, kind: 'data', source: 'A' }])
  })

  it('after another one, on 7.2 through the page cache, sees what that one wrote', () => {
    const outcome = write('7.2', 0, { at: 0, count: 12 * K }, { at: 4 * K, count: 4 * K })
    expect(outcome.content).toEqual([
      [0, 4 * K, 'A'],
      [4 * K, 8 * K, 'B'],
      [8 * K, 12 * K, 'A'],
    ])
  })
})

describe('writeback of a part of what is dirty', () => {
  /** A file of 16K in the page cache, clean. */
  const cached = (): BtrfsWorld => {
    const world = file('6.1', 16 * K)
    world.mapping.runs = [{ from: 0, to: 16 * K, stamp: 'X', dirty: false, writeback: false }]
    return world
  }
  const store = (from: number, to: number, stamp: string) =>
    ['mmap_writer', { stores: [{ from: from * K, to: to * K, stamp }], sync: false }] as const
  const sync = (from: number, to: number) => ['sync_file_range', { from: from * K, to: to * K }] as const
  const layout = (outcome: Outcome): string | undefined =>
    outcome.layout?.map(({ from, to, source }) => `${from / K}K-${to / K}K ${source}`).join(', ')

  it('allocates to the end of the delalloc range but writes only the pages asked for; the rest follows into the same extent', () => {
    expect(layout(finish(cached(), [store(4, 12, 'Z'), sync(4, 8), sync(8, 12)]))).toBe('0K-4K X, 4K-12K Z, 12K-16K X')
  })

  it('does not lose a later store beside the pages that were left: they belong to two ordered extents', () => {
    const outcome = finish(cached(), [store(4, 12, 'Z'), sync(4, 8), store(12, 16, 'V'), sync(8, 16)])
    expect(layout(outcome)).toBe('0K-4K X, 4K-12K Z, 12K-16K V')
  })

  it('takes whole pages, whatever bytes it is asked for', () => {
    expect(layout(finish(cached(), [store(4, 12, 'Z'), ['sync_file_range', { from: 5000, to: 9000 }]]))).toBe(
      '0K-4K X, 4K-12K Z, 12K-16K X',
    )
  })
})
