/**
 * The common oracles over a file that is nothing but content and a map: what they need of a file system is no more than a
 * reader. Each beside its neighbour that is right. Ids and wordings: the facts of each file system.
 */
import { describe, expect, it } from 'vitest'
import { K } from '../../base/range.ts'
import { objectionOf, type Objection, type Oracle } from '../../engine/oracle.ts'
import { freeLock } from '../lib/locks.ts'
import { clip, type Piece, type Run } from '../lib/runs.ts'
import { operation, type History, type Operation } from '../vfs/history.ts'
import { acknowledged, promisesKept } from './acknowledged.ts'
import { appendOracles } from './appends.ts'
import { fsyncPromises } from './durability.ts'
import { noBug } from './locks.ts'
import { openFile } from '../vfs/world.ts'
import { positionMoves, successiveWrites } from './position.ts'
import { everywhere, type FileWorld, type Shown } from './shown.ts'
import { writeOracles } from './writes.ts'

/** A file in memory, which says when it is busy and when it was mounted. */
interface Plainfile extends FileWorld, History {
  runs: Run[]
  busy: boolean
  down: boolean
  mounts: number
}

const shown: Shown<Plainfile> = {
  content: (s, from, to) => clip(s.runs, from, Math.min(to, s.inode.i_size)),
  layout: (s) =>
    s.runs.map((run): Piece => ({ ...run, kind: run.stamp === '0' ? 'hole' : 'data', stamp: run.stamp === '0' ? null : run.stamp })),
  idle: (s) => !s.busy,
  quiet: (s) => !s.busy,
  worked: () => [everywhere],
  isDown: (s) => s.down,
  mounts: (s) => s.mounts,
  watch: { content: ['runs'], layout: ['runs'], quiet: ['busy'], mounts: ['mounts'] },
  lanes: { content: 'reads', layout: 'map' },
}

function file(content: readonly (readonly [from: number, to: number, stamp: string])[], more: Partial<Plainfile> = {}): Plainfile {
  const runs = content.map(([from, to, stamp]) => ({ from, to, stamp }))
  return {
    runs,
    busy: false,
    down: false,
    mounts: 0,
    ops: {},
    files: {},
    inode: { ino: 12, i_size: runs.at(-1)?.to ?? 0, i_dio_count: 0 },
    locks: { i_rwsem: freeLock() },
    kiocbs: {},
    calls: {},
    buffers: {},
    mapping: { runs: [], locked: [], fresh: [], writable: [], held: [] },
    ...more,
  }
}

/** What an oracle makes of a run: its objection to the last step, or to the last state. */
function judge(oracle: Oracle<Plainfile>, ...states: readonly [Plainfile, ...Plainfile[]]): Objection | null {
  const last = states.at(-1) ?? states[0]
  if (oracle.shape === 'always' || oracle.shape === 'finally') return objectionOf(oracle.judge(last))
  let memory = structuredClone('over' in oracle ? oracle.over.start : oracle.start) as never
  let found: Objection | null = null
  for (const [i, after] of states.slice(1).entries()) {
    const before = states[i] ?? after
    if (oracle.shape === 'monitor') found = objectionOf(oracle.observe(memory, before, after, { task: 'A' }))
    else {
      const old = memory
      memory = structuredClone(memory)
      for (const note of oracle.over.notes) note.follow(memory, before, after, { task: 'A' })
      found = objectionOf(
        oracle.shape === 'lasting'
          ? oracle.judge(memory, after)
          : oracle.judge({ before: old, after: memory }, before, after, { task: 'A' }),
      )
    }
  }
  return found
}

const wrote = (from: number, to: number, stamp: string, after: string[] = []): Operation => ({
  ...operation(stamp, 'write', from, to),
  invoked: true,
  returned: to - from,
  after,
})
const synced = (after: string[]): Operation => ({ ...operation('S', 'sync', 0, 0), invoked: true, returned: 0, after })
const part = (from: number, to: number) => ({ from, to })

describe('what was acknowledged', () => {
  const P1 = acknowledged('P1', shown)
  it('is found, or the bytes that are not are marked, all of them', () => {
    const ops = { A: wrote(0, 16 * K, 'A') }
    expect(judge(P1, file([[0, 16 * K, 'A']], { ops }))).toBeNull()
    const torn: (readonly [number, number, string])[] = [
      [0, 4 * K, 'X'],
      [4 * K, 8 * K, 'A'],
      [8 * K, 16 * K, '0'],
    ]
    expect(judge(P1, file(torn, { ops }))).toEqual({
      says: "A's write of [0, 4K) was acknowledged, but a read finds X there",
      marks: [
        { in: 'reads', part: part(0, 4 * K) },
        { in: 'reads', part: part(8 * K, 16 * K) },
      ],
    })
  })
  it('is not found past the end of the file: then the end is wrong too', () => {
    expect(judge(P1, file([[0, 4 * K, 'A']], { ops: { A: wrote(0, 8 * K, 'A') } }))?.marks).toEqual([
      { in: 'reads', part: part(4 * K, 8 * K) },
      { in: 'marker', part: 'i_size' },
    ])
  })
  it('may be overwritten by a write that was not over before, and a sync changes nothing', () => {
    const B = wrote(0, 4 * K, 'B')
    expect(judge(P1, file([[0, 4 * K, 'B']], { ops: { A: wrote(0, 4 * K, 'A'), B } }))).toBeNull()
    expect(judge(P1, file([[0, 4 * K, 'X']], { ops: { A: wrote(0, 4 * K, 'A'), S: synced([]) } }))).not.toBeNull()
  })
})

describe('what was promised for after a power failure (facts of ext4: O4)', () => {
  const O4 = promisesKept('O4', shown)
  const lost = (ops: Record<string, Operation>, more: Partial<Plainfile> = {}) =>
    judge(O4, file([[0, 4 * K, 'A']], { ops, ...more }), file([], { ops, mounts: 1, ...more }))
  it('is a write that was over before a sync that returned 0 began', () => {
    expect(lost({ A: wrote(0, 4 * K, 'A'), S: synced(['A']) })?.says).toBe(
      "A's write of [0, 4K) was promised to be durable, but after the mount a read finds nothing there",
    )
  })
  it('is no write without a sync, none that ended after the sync began, and none if the sync failed', () => {
    expect(lost({ A: wrote(0, 4 * K, 'A') })).toBeNull()
    expect(lost({ A: wrote(0, 4 * K, 'A'), S: synced([]) })).toBeNull()
    expect(lost({ A: wrote(0, 4 * K, 'A'), S: { ...synced(['A']), returned: -5 } })).toBeNull()
  })
  it('is an O_DSYNC write by itself', () => {
    const kiocbs = { A: { ki_pos: 4 * K, append: false, direct: true, dsync: true as const } }
    expect(lost({ A: wrote(0, 4 * K, 'A') }, { kiocbs })).not.toBeNull()
  })
  it('is judged by the mount and by nothing before it', () => {
    const ops = { A: wrote(0, 4 * K, 'A'), S: synced(['A']) }
    expect(judge(O4, file([[0, 4 * K, 'A']], { ops }), file([], { ops }))).toBeNull()
  })
})

describe('a file position', () => {
  const write = (f_pos: number, returned: number | null, lock: string | null): Plainfile =>
    file([[0, 8 * K, 'A']], {
      files: { fd: { ...openFile(), f_pos, f_pos_lock: lock } },
      calls: { A: { text: 'write(fd, buf, 4096)', returned } },
    })
  it('moves by what write(2) returns (facts of ext4: O1)', () => {
    const O1 = positionMoves<Plainfile>('O1')
    expect(judge(O1, write(0, null, 'A'), write(4 * K, 4 * K, null))).toBeNull()
    expect(judge(O1, write(0, null, 'A'), write(0, 4 * K, null))).toEqual({
      says: "A's write() returned 4K, but the file position of fd moved by 0",
      marks: [{ in: 'file:fd', part: 'f_pos' }],
    })
    expect(judge(O1, write(0, null, 'A'), write(0, -22, null))).toBeNull()
  })
  it('is where the bytes end that an O_APPEND write has put elsewhere (facts of ext4: O1)', () => {
    const O1 = positionMoves<Plainfile>('O1')
    const append = (f_pos: number, returned: number | null, lock: string | null): Plainfile => ({
      ...write(f_pos, returned, lock),
      kiocbs: { A: { ki_pos: f_pos, append: true, direct: true } },
      ops: { A: wrote(64 * K, 68 * K, 'A') },
    })
    expect(judge(O1, append(0, null, 'A'), append(68 * K, 4 * K, null))).toBeNull()
    expect(judge(O1, append(0, null, 'A'), append(4 * K, 4 * K, null))?.says).toBe(
      "A's write() returned 4K, but the file position of fd is 4K, not 68K, where its bytes end",
    )
  })
  it('that stays lets the next write land on the last one (facts of ext4: O3)', () => {
    const O3 = successiveWrites<Plainfile>('O3', shown, ['A', 'B'])
    const at = (b: number): Plainfile => file([[0, b + 4 * K, 'B']], { ops: { A: wrote(0, 4 * K, 'A'), B: wrote(b, b + 4 * K, 'B') } })
    expect(judge(O3, at(4 * K))).toBeNull()
    expect(judge(O3, at(0))).toEqual({
      says: 'two writes in a row went to [0, 4K) and [0, 4K)',
      marks: [{ in: 'reads', part: part(0, 4 * K) }],
    })
    const short = { ...at(4 * K), inode: { ino: 12, i_size: 4 * K, i_dio_count: 0 } }
    expect(judge(O3, short)).toEqual({ says: 'the writes add up to 8K, but i_size is 4K', marks: [{ in: 'marker', part: 'i_size' }] })
  })
})

describe('after a power failure', () => {
  const fsync = (returned: number | null) => ({ S: { text: 'fsync(fd)', entered: true as const, returned } })
  const old = file([[0, 12 * K, 'X']], { calls: fsync(null) })
  const stored = file(
    [
      [0, 4 * K, 'Z'],
      [4 * K, 12 * K, 'X'],
    ],
    { calls: fsync(0) },
  )
  const found = (...content: readonly (readonly [number, number, string])[]): Plainfile => file(content, { calls: fsync(0), mounts: 1 })
  const [O2, O3] = fsyncPromises(shown, ['O2', 'O3']) as [Oracle<Plainfile>, Oracle<Plainfile>]
  const run = (oracle: Oracle<Plainfile>, after: Plainfile) => judge(oracle, old, old, stored, after)

  it('any version since fsync began is right', () => {
    for (const oracle of [O2, O3])
      for (const { runs } of [old, stored]) expect(run(oracle, { ...found(), runs, inode: old.inode })).toBeNull()
  })
  it('bytes that the file never held are marked, and those alone', () => {
    const after = found([0, 4 * K, 'Z'], [4 * K, 8 * K, 'X'], [8 * K, 12 * K, 'Y'])
    expect(run(O2, after)?.marks).toEqual([{ in: 'map', part: part(8 * K, 12 * K) }])
    expect(run(O3, after)?.marks).toEqual([{ in: 'map', part: part(8 * K, 12 * K) }])
  })
  it('a mixture of versions is marked where it differs from the latest of those it is most like', () => {
    const both = file(
      [
        [0, 4 * K, 'Z'],
        [4 * K, 8 * K, 'X'],
        [8 * K, 12 * K, 'W'],
      ],
      { calls: fsync(0) },
    )
    const mixed = found([0, 8 * K, 'X'], [8 * K, 12 * K, 'W'])
    expect(judge(O2, old, old, stored, both, mixed)).toBeNull()
    expect(judge(O3, old, old, stored, both, mixed)).toEqual({
      says: 'the file that the mount finds is none of the 3 versions since fsync began',
      marks: [{ in: 'map', part: part(0, 4 * K) }],
    })
  })
})

describe('an append (facts direct-io A.6)', () => {
  const [A_O1, A_O2, , A_O3] = appendOracles(shown, 0, noBug('none', '') as never)
  const call = (returned: number | null, held: boolean, runs: Parameters<typeof file>[0]): Plainfile =>
    file(runs, {
      kiocbs: { A: { ki_pos: 0, append: true, direct: true } },
      calls: { A: { text: 'write(fd, buf, 65536)', returned } },
      locks: { i_rwsem: held ? { mode: 'exclusive', holders: ['A'] } : freeLock() },
    })
  const end = (runs: Parameters<typeof file>[0], oracle: typeof A_O1) =>
    judge(oracle as Oracle<Plainfile>, call(null, false, []), call(null, true, []), call(64 * K, false, runs))
  it('lies at the size it found', () => {
    for (const oracle of [A_O1, A_O2, A_O3]) expect(end([[0, 64 * K, 'A']], oracle)).toBeNull()
  })
  it('behind a hole has the hole and the end of the file marked', () => {
    const behind: Parameters<typeof file>[0] = [
      [0, 64 * K, '0'],
      [64 * K, 128 * K, 'A'],
    ]
    const hole = [{ in: 'map', part: part(0, 64 * K) }]
    expect(end(behind, A_O1)?.marks).toEqual(hole)
    expect(end(behind, A_O2)?.marks).toEqual([{ in: 'marker', part: 'i_size' }])
    expect(end(behind, A_O3)?.marks).toEqual(hole)
  })
  it('is judged when its I/O is over, and its bytes have to stay', () => {
    const busy = { ...call(64 * K, false, []), busy: true }
    const start: [Plainfile, Plainfile] = [call(null, false, []), call(null, true, [])]
    expect(judge(A_O1 as Oracle<Plainfile>, ...start, busy)).toBeNull()
    const settled = call(64 * K, false, [[0, 64 * K, 'A']])
    expect(judge(A_O1 as Oracle<Plainfile>, ...start, settled, settled)).toBeNull()
    expect(judge(A_O1 as Oracle<Plainfile>, ...start, settled, call(64 * K, false, [[0, 64 * K, 'B']]))?.says).toBe(
      'A appended 64K, but its bytes are not at [0, 64K)',
    )
  })
})

describe('a write that does not append (W1)', () => {
  const state = (runs: Parameters<typeof file>[0], returned: number | null): Plainfile =>
    file(runs, { kiocbs: { A: { ki_pos: 0, append: false, direct: true } }, calls: { A: { text: 'pwrite', returned } } })
  it('is in the file, or what is not is marked', () => {
    const { kept: W1 } = writeOracles(shown, { kept: 'W1', durable: 'W2' })
    expect(judge(W1, state([], null), state([[0, 8 * K, 'A']], 8 * K))).toBeNull()
    const lost = state(
      [
        [0, 4 * K, '0'],
        [4 * K, 8 * K, 'A'],
      ],
      8 * K,
    )
    expect(judge(W1, state([], null), lost)).toEqual({
      says: 'A was told that 8K were written at 0, but [0, 4K) is a hole',
      marks: [{ in: 'map', part: part(0, 4 * K) }],
    })
  })
})
