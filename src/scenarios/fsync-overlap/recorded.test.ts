/**
 * The same race on real kernels, with a file of 600 extents of 8K in a leaf of 186 items and more: what fsync returned and
 * the file after a power cut. `sleep_ms` slept in the log code of the build with the fixes taken out.
 */
import { expect, it } from 'vitest'
import { K } from '../../base/range.ts'
import { Machine } from '../../engine/machine.ts'
import { Trace } from '../../engine/trace.ts'
import { durabilityOracles, fsyncOracles } from '../../kernel/btrfs/fsync/oracles.ts'
import { btrfsSystem, inodeItems, stageExtents, stageWorld, T } from '../../kernel/btrfs/stage.ts'
import type { BtrfsWorld, Item } from '../../kernel/btrfs/world.ts'
import { addFsync, addPowerFailure, addStores } from '../../kernel/vfs/stage.ts'
import { choose, resolveRelease } from '../../kernel/releases.ts'
import recorded from './recorded.json' with { type: 'json' }

const extents = 600
/** The first leaf holds slots 0 to 185; the last of them covers [1499136, 1507328), and its second page is stored to. */
const inFirstLeaf = 186
const store = { from: 1503232, to: 1507328, stamp: 'Z' }

/** A file made in this transaction, not committed yet, as the recording program left it. */
function machine(kernel: string): Machine<BtrfsWorld> {
  const { items, data, next } = stageExtents(Array.from({ length: extents }, (_, i) => ({ offset: i * 8 * K, length: 8 * K, stamp: 'X' })))
  const all: Item[] = [...inodeItems(extents * 8 * K), ...items].map((item) => ('generation' in item ? { ...item, generation: T } : item))
  const world = stageWorld({
    kernel: choose(resolveRelease(kernel).release, [], []).kernel,
    setting: {},
    size: extents * 8 * K,
    noHoles: true,
    leaves: [
      { id: 'N', generation: T, items: all.slice(0, inFirstLeaf), room: 3 },
      { id: 'O', generation: T, items: all.slice(inFirstLeaf), room: 600 },
    ],
    committed: [],
    data,
    nextData: next,
    csums: [{ from: items[0]?.disk ?? 0, to: next }],
    fs: { logLeafRoom: 2000 },
  })
  world.mapping.runs = [{ from: store.from, to: store.to, stamp: 'X', dirty: false, writeback: false }]
  const tasks = [addFsync(world, 'A'), addStores(world, 'B', [store], true), addPowerFailure('P')]
  return new Machine(btrfsSystem(`recorded on ${kernel}`, world, tasks, [...fsyncOracles, ...durabilityOracles]))
}

function until(trace: Trace<BtrfsWorld>, task: string, label: string): void {
  for (let n = 0; n < 200; n++) {
    const at = trace.machine.at(trace.state, task)
    if (!at || trace.take(task) !== null || at.label === label) return
  }
}

/** B's store is written back, and its ordered extent finished, between the copies of the two leaves. */
function inTheWindow(kernel: string): Trace<BtrfsWorld> {
  const trace = new Trace(machine(kernel))
  until(trace, 'A', 'wait_ordered_range')
  until(trace, 'B', 'retry_store')
  until(trace, 'A', 'release_path')
  until(trace, 'B', 'submit_pages')
  until(trace, 'bd', 'end_writeback')
  until(trace, 'bdv', 'remove_ordered')
  until(trace, 'A', 'return')
  return trace
}

/** B's store comes when the log is complete in memory. */
function behind(kernel: string): Trace<BtrfsWorld> {
  const trace = new Trace(machine(kernel))
  until(trace, 'A', 'return')
  return trace
}

/** What fsync returned, and the file after a power cut; tries of one kernel that differ in time alone are one run here. */
const results = new Map<string, { readonly returned: number | null | undefined; readonly size: number | null; readonly content: unknown }>()
function result(kernel: string, slowed: boolean): ReturnType<typeof results.get> {
  const key = `${kernel} ${slowed}`
  if (!results.has(key)) {
    const trace = slowed ? inTheWindow(kernel) : behind(kernel)
    const returned = trace.machine.world(trace.state).calls['A']?.returned
    until(trace, 'P', 'recover_log_trees')
    const { size, content } = trace.machine.outcome(trace.state)
    results.set(key, { returned, size, content })
  }
  return results.get(key)
}

it.each(recorded)('$kernel, $disk: fsync returns what it did, and a power cut leaves what was recorded', { timeout: 60_000 }, (row) => {
  // ENOENT: the file was made in the transaction that was aborted.
  const after = row.after.errno === 2 ? { size: 0, content: [] } : { size: row.after.size, content: [[0, 4915200, 'X']] }
  expect(result(row.kernel, row.sleep_ms > 0)).toEqual({ returned: row.fsync === 0 ? 0 : -row.errno, ...after })
})

it('three disks of each of four kernels; the other five of each are those of fsync-torn', () => {
  const kernels = ['6.1.170', '6.1.192', '6.12.117', '6.1.192-rk']
  expect(kernels.map((kernel) => recorded.filter((row) => row.kernel === kernel).length)).toEqual([3, 3, 3, 3])
})

it('the slowed build prints the recorded line: slot 185, and both offsets', () => {
  const trace = inTheWindow('6.1.192-rk')
  const [line] = trace.machine.outcome(trace.state).console
  expect(line?.replace(/block=\d+/, 'block=30752768').replace('sdb', 'vdh')).toBe(
    'BTRFS critical (device vdh): corrupt leaf: root=18446744073709551610 block=30752768 slot=185 ino=257 file_offset=1499136, file extent end range (1507328) goes beyond start offset (1503232) of the next file extent',
  )
})

it.each(['6.1.170', '6.1.192', '6.12.117'])('%s holds the store back at the same moment, and all is well', (kernel) => {
  const trace = inTheWindow(kernel)
  expect(trace.machine.world(trace.state).calls['A']?.returned).toBe(0)
  trace.finish()
  expect(trace.violations.filter(({ oracle }) => oracle !== 'O8')).toEqual([])
})
