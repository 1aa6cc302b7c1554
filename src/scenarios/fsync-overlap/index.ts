/** Stages a mapped store during a full fsync. Source: facts fsync-log-tree 1.3 (state), 2 (actors), 5.1, 5.2 siblings in 9. */
import { K } from '../../base/range.ts'
import type { Kernel } from '../../engine/procedure.ts'
import { describe } from '../../kernel/vfs/describe.ts'
import type { System, TaskDeclaration } from '../../engine/system.ts'
import { draw } from '../../kernel/btrfs/draw.ts'
import { fsyncOracles } from '../../kernel/btrfs/fsync/oracles.ts'
import { addFlusher, btrfsSystem, inodeItems, stageExtents, stageWorld, T, type StagedExtent } from '../../kernel/btrfs/stage.ts'
import type { BtrfsWorld, Leaf } from '../../kernel/btrfs/world.ts'
import { setCache, cleanRun } from '../../kernel/mm/cache.ts'
import { addFsync, addStores, addUnseenRead } from '../../kernel/vfs/stage.ts'
import { defineScenario, until } from '../scenario.ts'
import type { SettingsOf } from '../card.ts'
import { beats, windows } from './beats.ts'
import { card } from './card.ts'

const page = 4 * K
const size = 768 * K
/** As of the last commit the file was a page longer, which is what a crash leaves. */
const committedSize = size + page

/** The page that the store hits, by setting. The last item of the leaf is [640K, 768K), or one page if it is replaced whole. */
const stored: Readonly<Record<string, number>> = { tail: 764 * K, middle: 700 * K, head: 640 * K, whole: 764 * K, earlier: 4 * K }

/** [640K, 768K) -> E; the truncate has left 132K of E on disk and 128K of it in the file. */
const usual: StagedExtent = { offset: 640 * K, length: 128 * K, stamp: 'E', diskLength: 132 * K }
/** The same with a last item of one page. */
const onePage: StagedExtent = { offset: 764 * K, length: page, stamp: 'E', diskLength: 2 * page }

/** D before it: one extent, or so many of which each but the last has 64K. */
function before({ offset }: StagedExtent, extents: number): StagedExtent[] {
  const starts = Array.from({ length: extents }, (_, i) => i * 64 * K)
  return starts.map((from, i) => ({ offset: from, length: (starts[i + 1] ?? offset) - from, stamp: 'D' }))
}

/** Who stores besides B: a page near the start of the file, and what they store there. */
const furtherWriters = [
  { letter: 'C', from: 16 * K, stamp: 'Y' },
  { letter: 'G', from: 24 * K, stamp: 'W' },
  { letter: 'H', from: 32 * K, stamp: 'V' },
] as const

function stage(kernel: Kernel, settings: SettingsOf<typeof card>): System<BtrfsWorld> {
  const end = settings['store'] === 'whole' ? onePage : usual
  const { items, data, next } = stageExtents([...before(end, Number(settings['extents']) - 1), end])
  const last = items.at(-1)
  const [first] = items
  if (!first || !last) throw new Error('two extents are staged')
  const own = [...inodeItems(size), ...items]
  const full = settings['leaf'] === 'neighbour'
  const neighbour: Leaf = {
    id: 'P',
    generation: T,
    items: [{ oid: 258, type: 'INODE_ITEM', offset: 0, size: 0, generation: T - 1 }],
    room: 50,
  }
  const world = stageWorld({
    kernel,
    setting: settings,
    size,
    noHoles: false,
    // The truncate of this transaction made leaf N one of generation T and set NEEDS_FULL_SYNC.
    leaves: [{ id: 'N', generation: T, items: own, room: full ? 0 : 50 }, neighbour],
    // As of the last commit the last item still had all of its extent.
    committed: [...inodeItems(last.offset + last.diskLength), ...items.slice(0, -1), { ...last, length: last.diskLength }],
    data,
    nextData: next,
    csums: [{ from: first.disk, to: next }],
    fs: {
      csum: settings['csum'] === 'offloaded' ? 'offloaded' : 'inline',
      logLeafRoom: settings['logleaf'] === 'two' ? own.length : 100,
      leafRoom: 100,
    },
  })
  const from = stored[settings['store'] ?? ''] ?? 0
  const to = from + page
  const old = from < last.offset ? 'D' : 'E'
  setCache(world.mapping, from, to, [cleanRun({ from, to, stamp: old })])
  const sync = settings['flusher'] === 'sync_range'
  const writers = Number(settings['writers'])
  const tasks: TaskDeclaration[] = [addFsync(world, 'A')]
  if (writers > 0) tasks.push(addStores(world, 'B', [{ from, to, stamp: 'Z' }], sync))
  for (const { letter, from: at, stamp } of furtherWriters.slice(0, Math.max(0, writers - 1))) {
    setCache(world.mapping, at, at + page, [cleanRun({ from: at, to: at + page, stamp: 'D' })])
    tasks.push(addStores(world, letter, [{ from: at, to: at + page, stamp }], sync))
  }
  if (!sync) tasks.push(addFlusher('F', settings['flusher'] === 'reclaim' ? 'async space reclaim' : 'memory pressure'))
  if (settings['reader'] === 'on')
    tasks.push(addUnseenRead(world, 'R', { from: 8 * K, to: 12 * K }, { name: 'read of an uncached page at 8K' }))
  return btrfsSystem(`fsync-overlap on ${kernel.release}`, world, tasks, fsyncOracles)
}

const copied = 'copy_inode_items_to_log.release_path'

export const scenario = defineScenario({
  card,
  stage,
  schedules: {
    bug: [
      until('A', 'btrfs_sync_file.wait_ordered_range'),
      until('B', 'btrfs_page_mkwrite.lock_page'),
      until('A', copied),
      until('B', 'btrfs_fdatawrite_range.submit_pages'),
      until('bd', 'end_bio_extent_writepage.end_writeback'),
      until('bdv', 'btrfs_finish_ordered_io.remove_ordered'),
      until('A', 'fsync.return'),
    ],
    early: [
      until('A', 'btrfs_sync_file.wait_ordered_range'),
      until('B', 'btrfs_fdatawrite_range.submit_pages'),
      until('bd', 'end_bio_extent_writepage.end_writeback'),
      until('bdv', 'btrfs_finish_ordered_io.remove_ordered'),
      until('A', 'fsync.return'),
    ],
    late: [until('A', 'btrfs_sync_file.wait_ordered_range'), until('B', 'store.retry_store'), until('A', 'fsync.return')],
  },
  beats,
  windows,
  draw: (s) =>
    draw(s, {
      axis: { from: 0, to: committedSize, focus: { from: 632 * K, to: committedSize } },
      log: true,
      owners: { Z: 'B', Y: 'C', W: 'G', V: 'H' },
    }),
  happened: (outcome) => describe(outcome),
  statesAtMost: 20000,
})
