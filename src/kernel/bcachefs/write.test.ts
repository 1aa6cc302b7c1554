/** Expectations cite their row of the facts: `3.1 F7` is in src/kernel/facts/bcachefs-buffered-write.md. */
import { describe, expect, it } from 'vitest'
import { K, M } from '../../base/range.ts'
import { Machine } from '../../engine/machine.ts'
import type { TaskDeclaration } from '../../engine/system.ts'
import { Trace } from '../../engine/trace.ts'
import { choose, resolveRelease } from '../releases.ts'
import { cannotGet, get, put } from './pcl.ts'
import { addTruncate, mayTask } from '../vfs/stage.ts'
import { addWrite, bcachefsSystem, cache, stageWorld } from './stage.ts'
import type { BcachefsWorld, TwoStateLock } from './world.ts'

interface File {
  readonly kernel?: string
  readonly size: number
  readonly cached?: boolean
}

/** A file of data `O` on a release, and what is done to it: by A from the start, then by whoever is left. */
function play(file: File, tasks: (s: BcachefsWorld) => TaskDeclaration[], first: readonly [string, string][] = []): Trace<BcachefsWorld> {
  const { kernel } = choose(resolveRelease(file.kernel ?? '6.7').release, [], [])
  const btree = file.size > 0 ? [{ from: 0, to: file.size, kind: 'data' as const, stamp: 'O' }] : []
  const world = stageWorld({ kernel, setting: {}, size: file.size, btree })
  if (file.cached) cache(world, 0, file.size)
  const trace = new Trace(new Machine(bcachefsSystem('test', world, tasks(world))))
  for (const [task, label] of first) {
    do expect(trace.take(task)).toBeNull()
    while (trace.infos.at(-1)?.label !== label)
  }
  trace.finish()
  expect(trace.end).toBe('final')
  return trace
}

const end = (trace: Trace<BcachefsWorld>): BcachefsWorld => trace.machine.world(trace.state)
const labels = (trace: Trace<BcachefsWorld>): string[] => trace.infos.map(({ label }) => label)
const content = (trace: Trace<BcachefsWorld>): unknown => trace.machine.outcome(trace.state).content
const migration = (from: number, to: number): TaskDeclaration => mayTask('M', 'page migration', 'migrate_pages', { buffer: 'A', from, to })

describe('getting folios (3.1 F1)', () => {
  it('creates missing ones within the first MiB after the position only: those that begin before it', () => {
    const trace = play({ size: 4 * M }, (s) => [addWrite(s, { letter: 'A', at: M + 2 * K, length: 1310720 })])
    const got = trace.infos.filter(({ label }) => label === 'get_folios').map(({ says }) => says)
    // The folio at 2M begins 2K before 1M + 2K + 1M, the next one after it.
    expect(got[0]).toContain('has the folios [1M, 2052K) locked; at 2052K there is none')
    expect(got).toHaveLength(2)
  })

  it('goes on over folios that are cached, however far', () => {
    const trace = play({ size: 4 * M, cached: true }, (s) => [addWrite(s, { letter: 'A', at: M, length: 2 * M })])
    expect(labels(trace).filter((label) => label === 'get_folios')).toHaveLength(1)
  })

  it('blocks on the first folio that somebody else has locked, with those before it locked', () => {
    const trace = play(
      { kernel: '6.9', size: 128 * K, cached: true },
      (s) => [addWrite(s, { letter: 'A', at: 0, length: 64 * K }), addWrite(s, { letter: 'B', at: 32 * K, length: 32 * K })],
      [
        ['B', 'get_folios'],
        ['A', 'get_folios'],
      ],
    )
    const blocked = trace.views().flatMap((step) => step.blocked)
    expect(blocked).toContainEqual({ task: 'A', on: 'folio lock [32K, 36K)', heldBy: ['B'] })
    expect(content(trace)).toEqual([
      [0, 65536, 'A'],
      [65536, 131072, 'O'],
    ])
  })
})

describe('folios written in part (3.1 F3, F4)', () => {
  it('the first and the last are read from disk where they lie below i_size', () => {
    const trace = play({ size: 64 * K }, (s) => [addWrite(s, { letter: 'A', at: 2 * K, length: 8 * K })])
    expect(content(trace)).toEqual([
      [0, 2048, 'O'],
      [2048, 10240, 'A'],
      [10240, 65536, 'O'],
    ])
  })

  it('the last one behind i_size is zeroed', () => {
    const trace = play({ size: 64 * K }, (s) => [addWrite(s, { letter: 'A', at: 64 * K, length: 2 * K })])
    expect(end(trace).mapping.runs.map(({ from, to, stamp }) => [from, to, stamp])).toEqual([
      [65536, 67584, 'A'],
      [67584, 69632, '0'],
    ])
  })
})

describe('a copy with page faults disabled (3.1 F7)', () => {
  const short = (file: File, from: number): Trace<BcachefsWorld> =>
    play(file, (s) => [addWrite(s, { letter: 'A', at: from, length: 16 * K }), migration(8 * K, 16 * K)], [
      ['A', 'fault_in'],
      ['M', 'unmap'],
      ['A', 'unlock_folios'],
    ])
  const copied = (trace: Trace<BcachefsWorld>): (string | undefined)[] =>
    trace.infos.filter(({ label }) => label === 'copy').map(({ says }) => says.split(':')[0])

  it('stops before the first page that is not mapped, and the caller goes on from there (3.3 R4)', () => {
    const trace = short({ size: 64 * K, cached: true }, 0)
    expect(copied(trace)).toEqual(['copies only 8K', 'copies 8K from the user buffer with page faults disabled'])
    expect(content(trace)).toEqual([
      [0, 16384, 'A'],
      [16384, 65536, 'O'],
    ])
  })

  it('keeps a part of a folio that is uptodate', () => {
    expect(copied(short({ size: 64 * K, cached: true }, 2 * K))[0]).toBe('copies only 8K')
  })

  it('undoes a part of a folio that is not uptodate, below i_size: 2K of the last folio begun', () => {
    const trace = short({ size: 64 * K }, 2 * K)
    expect(copied(trace)[0]).toBe('copies only 6K')
    expect(content(trace)).toEqual([
      [0, 2048, 'O'],
      [2048, 18432, 'A'],
      [18432, 65536, 'O'],
    ])
  })

  it('leaves the folios that got nothing in the page cache, not uptodate, so that nobody reads them', () => {
    const trace = short({ size: 64 * K }, 0)
    const after = trace.machine.world(trace.states[labels(trace).indexOf('update') + 1]!)
    expect(after.mapping.fresh).toEqual([{ from: 8192, to: 16384 }])
    expect(after.mapping.runs.filter((run) => run.dirty)).toMatchObject([{ from: 0, to: 8192 }])
  })
})

describe('the clean-up behind i_size (3.1 F10)', () => {
  it('does what it was made for: a short extending write leaves folios behind i_size, and they are removed', () => {
    const trace = play(
      { size: 64 * K, cached: true },
      (s) => [addWrite(s, { letter: 'A', at: 64 * K, length: 16 * K }), migration(8 * K, 16 * K)],
      [
        ['A', 'fault_in'],
        ['M', 'unmap'],
        ['A', 'wait_for_locked'],
      ],
    )
    const skipped = trace.infos.find(({ label }) => label === 'skip_locked')
    expect(skipped?.says).toContain('removes [72K, 80K)')
    expect(trace.violations).toEqual([])
    expect(content(trace)).toEqual([
      [0, 65536, 'O'],
      [65536, 81920, 'A'],
    ])
  })

  it('is not entered by a write that is whole', () => {
    expect(labels(play({ size: 64 * K }, (s) => [addWrite(s, { letter: 'A', at: 64 * K, length: 16 * K })]))).not.toContain('eof_argument')
  })
})

describe('O_APPEND (3.2 L0, L1)', () => {
  const appending = (s: BcachefsWorld, letter: string): TaskDeclaration => {
    const task = addWrite(s, { letter, at: 0, length: 8 * K })
    s.kiocbs[letter] = { ki_pos: 0, append: true, direct: false }
    return task
  }

  it.each(['6.7', '6.9', '6.11'])('takes the inode lock and begins at i_size as it is then, on %s', (kernel) => {
    const trace = play({ kernel, size: 64 * K }, (s) => [appending(s, 'A'), appending(s, 'B')], [['B', 'inode_lock']])
    expect(trace.infos[0]?.says).toMatch(/^takes the inode lock/)
    expect(trace.violations).toEqual([])
    expect(content(trace)).toEqual([
      [0, 65536, 'O'],
      [65536, 73728, 'B'],
      [73728, 81920, 'A'],
    ])
  })
})

describe('a truncate', () => {
  it('removes dirty folios behind the new end, which is its right (section 8, P2)', () => {
    const trace = play({ size: 64 * K, cached: true }, (s) => [
      addWrite(s, { letter: 'A', at: 0, length: 16 * K }),
      addTruncate(s, 'B', 8 * K, { history: true }),
    ])
    expect(trace.violations).toEqual([])
    expect(content(trace)).toEqual([[0, 8192, 'A']])
  })
})

describe('the pagecache lock (section 2, pcl)', () => {
  const free = (): TwoStateLock => ({ mode: 'free', holders: [] })

  it('has many holders of one state, and never of both', () => {
    const pcl = free()
    get(pcl, 'add', 'B')
    get(pcl, 'add', 'A')
    expect(cannotGet(pcl, 'add')).toBeNull()
    expect(cannotGet(pcl, 'block')).toEqual({ on: 'pagecache lock', heldBy: ['A', 'B'] })
    expect(() => get(pcl, 'block', 'C')).toThrow('C takes a pagecache lock that A,B holds')
  })

  it('is free again when the last holder is gone', () => {
    const pcl = free()
    get(pcl, 'block', 'A')
    get(pcl, 'block', 'B')
    put(pcl, 'A')
    expect(cannotGet(pcl, 'add')).toEqual({ on: 'pagecache lock', heldBy: ['B'] })
    put(pcl, 'B')
    expect(pcl).toEqual(free())
    expect(() => put(pcl, 'B')).toThrow('B drops a pagecache lock it does not hold')
  })
})
