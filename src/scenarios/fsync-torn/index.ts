/** Stages a mapped store into a freshly punched hole during a full fsync, and a power failure. Source: facts fsync-log-tree 1.3, 5.2 to 5.4, 7.2. */
import { K, M } from '../../base/range.ts'
import type { Kernel } from '../../engine/procedure.ts'
import { describe } from '../../kernel/vfs/describe.ts'
import type { System, TaskDeclaration } from '../../engine/system.ts'
import { draw } from '../../kernel/btrfs/draw.ts'
import { holeItem, layoutOf } from '../../kernel/btrfs/tree/extents.ts'
import { durabilityOracles, fsyncOracles } from '../../kernel/btrfs/fsync/oracles.ts'
import type { Cuts } from '../../kernel/oracles/durability.ts'
import { addFlusher, btrfsSystem, inodeItems, stageExtents, stageWorld, T, type StagedExtent } from '../../kernel/btrfs/stage.ts'
import { clip, type Run } from '../../kernel/lib/runs.ts'
import { cleanRun } from '../../kernel/mm/cache.ts'
import { addFsync, addPowerFailure, addStores } from '../../kernel/vfs/stage.ts'
import type { BtrfsWorld, Item, Leaf } from '../../kernel/btrfs/world.ts'
import { defineScenario, until } from '../scenario.ts'
import type { SettingsOf } from '../card.ts'
import { beats, windows } from './beats.ts'
import { card } from './card.ts'

const page = 4 * K

interface Case {
  /** The file as of the last commit. */
  readonly committed: readonly StagedExtent[]
  readonly committedSize: number
  /** Punched out in the running transaction, from here to the end of the file. */
  readonly punchedFrom: number | null
  readonly stores: readonly Run[]
  /** Leaf boundary, as an offset: items from here on are in a second leaf. */
  readonly secondLeaf?: number
  /** NEEDS_FULL_SYNC: a truncate has set it. */
  readonly full: boolean
}

/** X at 0, Y at 512K, W at 1M; the truncate to 1M cuts W off and sets NEEDS_FULL_SYNC. */
const reproducer: readonly StagedExtent[] = [
  { offset: 0, length: 512 * K, stamp: 'X' },
  { offset: 512 * K, length: 512 * K, stamp: 'Y' },
  { offset: M, length: page, stamp: 'W' },
]

const cases: Readonly<Record<string, Case>> = {
  hole: {
    committed: reproducer,
    committedSize: M + page,
    punchedFrom: 512 * K,
    stores: [{ from: 640 * K, to: 644 * K, stamp: 'Z' }],
    full: true,
  },
  // The store begins in the last extent and runs on into the hole behind it.
  grow: {
    committed: [
      { offset: 0, length: 640 * K, stamp: 'X' },
      { offset: 640 * K, length: 128 * K, stamp: 'E' },
      { offset: 768 * K, length: 256 * K, stamp: 'Y' },
      { offset: M, length: page, stamp: 'W' },
    ],
    committedSize: M + page,
    punchedFrom: 768 * K,
    stores: [{ from: 640 * K, to: 772 * K, stamp: 'Z' }],
    full: true,
  },
  // Two stores, each to an item of one page, so that no key moves: the first in a leaf that is copied early, the second in a later one.
  mixed: {
    committed: [
      { offset: 0, length: page, stamp: 'X' },
      { offset: page, length: 508 * K, stamp: 'V' },
      { offset: 512 * K, length: page, stamp: 'Y' },
      { offset: 516 * K, length: 508 * K, stamp: 'U' },
      { offset: M, length: page, stamp: 'W' },
    ],
    committedSize: M + page,
    punchedFrom: null,
    stores: [
      { from: 0, to: page, stamp: 'P' },
      { from: 512 * K, to: 516 * K, stamp: 'Q' },
    ],
    secondLeaf: 512 * K,
    full: true,
  },
  early: {
    committed: reproducer.slice(0, 2),
    committedSize: M,
    punchedFrom: null,
    stores: [{ from: 640 * K, to: 644 * K, stamp: 'Z' }],
    full: false,
  },
}

function stage(kernel: Kernel, settings: SettingsOf<typeof card>): System<BtrfsWorld> {
  const now = cases[settings['case'] ?? '']
  if (!now) throw new Error(`there is no case ${settings['case']}`)
  const noHoles = settings['no-holes'] !== 'off'
  const { items, data, next } = stageExtents(now.committed)
  const kept = items.filter((item) => item.offset < (now.punchedFrom ?? M))
  // Without NO_HOLES the punch leaves an item that says so.
  const punched = now.punchedFrom !== null && !noHoles ? [holeItem(now.punchedFrom, M, T)] : []
  const running: Item[] = [...inodeItems(M), ...kept, ...punched]
  const boundary = now.secondLeaf ?? Infinity
  const inFirst = (item: Item): boolean => item.type !== 'EXTENT_DATA' || item.offset < boundary
  const leaves: Leaf[] = [{ id: 'N', generation: T, items: running.filter(inFirst), room: 50 }]
  if (boundary < Infinity) leaves.push({ id: 'O', generation: T, items: running.filter((item) => !inFirst(item)), room: 50 })
  const world = stageWorld({
    kernel,
    setting: settings,
    size: M,
    noHoles,
    leaves,
    committed: [...inodeItems(now.committedSize), ...items],
    data,
    nextData: next,
    csums: [{ from: items[0]?.disk ?? 0, to: next }],
    needsFullSync: now.full,
  })
  // The pages that will be stored to are cached and clean; in the page table they are read-only.
  world.mapping.runs = now.stores.flatMap((store) =>
    clip(layoutOf(running, data, M), store.from, store.to).map(({ from, to, stamp }) => cleanRun({ from, to, stamp: stamp ?? '0' })),
  )
  const sync = settings['flusher'] === 'sync_range'
  const tasks: TaskDeclaration[] = [addFsync(world, 'A'), addStores(world, 'B', now.stores, sync)]
  if (!sync) tasks.push(addFlusher('F', settings['flusher'] === 'reclaim' ? 'async space reclaim' : 'memory pressure'))
  if (settings['power'] === 'fails') tasks.push(addPowerFailure('P'))
  return btrfsSystem(`fsync-torn on ${kernel.release}`, world, tasks, [...fsyncOracles, ...durabilityOracles])
}

const copied = 'copy_inode_items_to_log.release_path'
const copyEnds = 'copy_inode_items_to_log.search_forward'

export const scenario = defineScenario({
  card,
  stage,
  schedules: {
    bug: [
      until('A', 'btrfs_sync_file.wait_ordered_range'),
      until('B', 'store.retry_store'),
      until('A', copied),
      until('A', copyEnds),
      until('B', 'btrfs_fdatawrite_range.submit_pages'),
      until('bd', 'end_bio_extent_writepage.end_writeback'),
      until('bdv', 'btrfs_finish_ordered_io.remove_ordered'),
      until('A', 'fsync.return'),
      until('B', 'mmap_writer.return'),
      until('P', 'power_failure.recover_log_trees'),
    ],
    running: [
      until('A', 'btrfs_sync_file.wait_ordered_range'),
      until('B', 'store.retry_store'),
      until('A', copied),
      until('A', copyEnds),
      until('B', 'btrfs_fdatawrite_range.submit_pages'),
      until('bd', 'end_bio_extent_writepage.end_writeback'),
      until('bdv', 'btrfs_finish_ordered_io.remove_ordered'),
      until('A', 'fsync.return'),
      until('B', 'mmap_writer.return'),
    ],
    late: [
      until('A', 'btrfs_sync_file.wait_ordered_range'),
      until('B', 'store.retry_store'),
      until('A', 'fsync.return'),
      until('P', 'power_failure.recover_log_trees'),
    ],
  },
  beats,
  windows,
  draw: (s, memory) =>
    draw(s, {
      axis: { from: 0, to: M + page, focus: { from: 496 * K, to: 784 * K } },
      log: true,
      ordered: false,
      owners: { Z: 'B', P: 'B', Q: 'B' },
      legal: (memory('O3') as Cuts).cuts,
    }),
  happened: (outcome) => describe(outcome),
  statesAtMost: 60000,
})
