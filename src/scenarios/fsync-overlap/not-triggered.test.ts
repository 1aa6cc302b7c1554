/** What does not trigger the race, where no setting stages it. Rows: `fsync-log-tree 9` in src/kernel/facts/fsync-log-tree.md. */
import { describe, expect, it } from 'vitest'
import { K, M } from '../../base/range.ts'
import { Machine } from '../../engine/machine.ts'
import { search } from '../../engine/search.ts'
import type { System, TaskDeclaration } from '../../engine/system.ts'
import { Trace } from '../../engine/trace.ts'
import type { Verdict } from '../../engine/view.ts'
import { durabilityOracles, fsyncOracles } from '../../kernel/btrfs/fsync/oracles.ts'
import { btrfsSystem, inodeItems, stageExtents, stageWorld, T, type StagedExtent } from '../../kernel/btrfs/stage.ts'
import type { BtrfsWorld } from '../../kernel/btrfs/world.ts'
import { cleanRun, setCache } from '../../kernel/mm/cache.ts'
import { choose, resolveRelease } from '../../kernel/releases.ts'
import { addStores, addWrite } from '../../kernel/vfs/stage.ts'

const kernel = choose(resolveRelease('5.16').release, [], ['885f46d87f29']).kernel
const page = 4 * K

/** Section 1.3, scenario 1 and 2: the file as the truncate, or the punch, of the running transaction has left it. */
const trimmed: readonly StagedExtent[] = [
  { offset: 0, length: 640 * K, stamp: 'D' },
  { offset: 640 * K, length: 128 * K, stamp: 'E', diskLength: 132 * K },
]
const punched: readonly StagedExtent[] = [
  { offset: 0, length: 512 * K, stamp: 'X' },
  { offset: 512 * K, length: 512 * K, stamp: 'Y' },
]

interface Staged {
  readonly extents: readonly StagedExtent[]
  /** Extents from here on are punched out in the running transaction. */
  readonly until?: number
  readonly size: number
  readonly nodatacow?: boolean
}

/** The world before A calls fsync. */
function worldOf({ extents, until = Infinity, size, nodatacow = false }: Staged): BtrfsWorld {
  const { items, data, next } = stageExtents(extents)
  const kept = [...inodeItems(size), ...items.filter(({ offset }) => offset < until)]
  const world = stageWorld({
    kernel,
    setting: {},
    size,
    noHoles: true,
    nodatacow,
    nodatasum: nodatacow,
    leaves: [{ id: 'N', generation: T, items: kept, room: 50 }],
    committed: [...inodeItems(size), ...items],
    data,
    nextData: next,
  })
  world.calls['A'] = { text: 'fsync(fd)', returned: null }
  return world
}

const fsync: TaskDeclaration = { letter: 'A', name: 'fsync(fd)', must: true, procedure: 'fsync', locals: { file: 'fd' } }
const power: TaskDeclaration = { letter: 'P', name: 'power failure', must: false, procedure: 'power_failure', locals: {} }
const flusher: TaskDeclaration = {
  letter: 'F',
  name: 'memory pressure',
  must: false,
  procedure: 'flusher',
  locals: { why: 'memory pressure' },
}

/** B stores to the page at `from` and calls sync_file_range(). */
function storeAt(world: BtrfsWorld, from: number, was: string): TaskDeclaration {
  const to = from + page
  setCache(world.mapping, from, to, [cleanRun({ from, to, stamp: was })])
  return addStores(world, 'B', [{ from, to, stamp: 'Z' }], true)
}

const systemOf = (world: BtrfsWorld, tasks: readonly TaskDeclaration[]): System<BtrfsWorld> =>
  btrfsSystem('not triggered', world, tasks, [...fsyncOracles, ...durabilityOracles])

const violated = (verdict: Verdict): string[] =>
  verdict.oracles.filter(({ kind, violatingSchedules }) => kind === 'verdict' && violatingSchedules !== '0').map(({ id }) => id)

/** Takes steps of a task up to and with this one. */
function until(trace: Trace<BtrfsWorld>, task: string, label: string): void {
  for (let done = false; !done;) {
    const at = trace.machine.at(trace.state, task)
    expect(trace.take(task), `${task} on its way to ${label}`).toBeNull()
    done = at?.label === label
  }
}

/** Section 5.2: B's store is written back and finished between A's copy of the extents and its scan for holes. */
function betweenCopyAndScan(trace: Trace<BtrfsWorld>): void {
  until(trace, 'A', 'wait_ordered_range')
  until(trace, 'B', 'retry_store')
  until(trace, 'A', 'release_path')
  until(trace, 'A', 'search_forward')
  until(trace, 'B', 'submit_pages')
  until(trace, 'bd', 'end_writeback')
  until(trace, 'bdv', 'remove_ordered')
}

describe('a kernel without 885f46d87f29 is right', () => {
  it('where a store in place changes no item: NODATACOW (fsync-log-tree 9.10)', () => {
    const world = worldOf({ extents: trimmed, size: 768 * K, nodatacow: true })
    const { verdict } = search(systemOf(world, [fsync, storeAt(world, 764 * K, 'E')]))
    expect(verdict).toMatchObject({ complete: true, violating: '0', deadlocks: 0 })
    const logs = verdict.outcomes.map(({ log }) => JSON.stringify(log?.map(([offset, , , , length]) => [offset, length])))
    expect(new Set(logs)).toEqual(new Set(['[[0,655360],[655360,131072]]']))
  })

  it('and the same store to a file that is not NODATACOW is not (fsync-log-tree 5.1)', () => {
    const world = worldOf({ extents: trimmed, size: 768 * K })
    const { verdict } = search(systemOf(world, [fsync, storeAt(world, 764 * K, 'E')]))
    expect(violated(verdict)).toEqual(['O1', 'O6'])
  })

  it.each([
    ['buffered', true],
    ['direct', false],
  ])('where the write is %s: the inode lock keeps it out while the inode is logged (fsync-log-tree 9.11)', (_how, buffered) => {
    const world = worldOf({ extents: trimmed, size: 768 * K })
    const write = addWrite(world, { letter: 'B', length: page, resident: 1, filled: true, append: false, at: 764 * K, buffered })
    const { verdict } = search(systemOf(world, [fsync, write, ...(buffered ? [flusher] : [])]))
    expect(verdict).toMatchObject({ complete: true, violating: '0', deadlocks: 0 })
  })

  it('where the store lands in X and is done between copy and scan, also after a crash (fsync-log-tree 9.5)', () => {
    const world = worldOf({ extents: punched, until: 512 * K, size: M })
    const trace = new Trace(new Machine(systemOf(world, [fsync, storeAt(world, 128 * K, 'X'), power])))
    betweenCopyAndScan(trace)
    until(trace, 'A', 'return')
    const log = trace.machine.outcome(trace.state).log?.map(([offset, kind, , , length]) => [offset, kind, length])
    expect(log).toEqual([
      [0, 'data', 512 * K],
      [512 * K, 'hole', 512 * K],
    ])
    until(trace, 'P', 'recover_log_trees')
    expect(trace.violations.map(({ oracle }) => oracle)).toEqual(['O8'])
  })

  it('but X being the last item of its leaf, the same store done before the next search is the overlap (fsync-log-tree 5.1)', () => {
    const world = worldOf({ extents: punched, until: 512 * K, size: M })
    const { verdict } = search(systemOf(world, [fsync, storeAt(world, 128 * K, 'X')]))
    expect(violated(verdict)).toEqual(['O1', 'O6'])
  })
})

it('a commit after the fsync throws the log away: the power may fail, and the file has the store (fsync-log-tree 9.13)', () => {
  const world = worldOf({ extents: punched, until: 512 * K, size: M })
  world.calls['K'] = { text: 'syncfs(fd)', returned: null }
  const commit: TaskDeclaration = { letter: 'K', name: 'syncfs(fd)', must: true, procedure: 'syncfs', locals: { after: null } }
  const trace = new Trace(new Machine(systemOf(world, [fsync, storeAt(world, 640 * K, '0'), commit, power])))
  betweenCopyAndScan(trace)
  until(trace, 'A', 'return')
  expect(trace.violations.map(({ oracle }) => oracle)).toContain('O4')
  until(trace, 'K', 'return')
  until(trace, 'P', 'recover_log_trees')
  expect(trace.violations.map(({ oracle }) => oracle).filter((oracle) => oracle === 'O2' || oracle === 'O3')).toEqual([])
  const layout = trace.machine.outcome(trace.state).layout?.map(({ from, to, source }) => [from / K, to / K, source])
  expect(layout).toEqual([
    [0, 512, 'X'],
    [512, 640, null],
    [640, 644, 'Z'],
    [644, 1024, null],
  ])
})
