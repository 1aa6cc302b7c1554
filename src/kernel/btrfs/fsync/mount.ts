/** btrfs: a power failure, and the next mount. Source: facts fsync-log-tree 2.1 C, 12.5, 12.6. */
import { forget, powerFailure, type PowerFailure } from '../../block/power.ts'
import { splice } from '../../lib/runs.ts'
import { sameCrc } from '../../lib/sums.ts'
import { logReplayed } from '../dmesg.ts'
import { freshLogRoot } from './log-root.ts'
import { replayLog, sizeIn } from './replay.ts'
import { mountedSpace, occupy } from '../space/space.ts'
import { extentsOf } from '../tree/tree.ts'
import type { BtrfsWorld } from '../world.ts'

/** What btrfs has in memory besides what every file system has. */
function forgetTrees(s: BtrfsWorld): void {
  s.io_tree = { locked: [], delalloc: [] }
  s.ordered = []
  s.maps = []
  s.leafLocks = {}
  s.cursor = null
  s.log = null
  s.root = freshLogRoot(s)
  s.dios = {}
  s.fs.handles = []
  s.fs.down = true
}

/** A power failure, as the next mount finds it. */
export function crash(s: BtrfsWorld): void {
  forget(s)
  forgetTrees(s)
}

/**
 * open_ctree() and btrfs_recover_log_trees(): the trees of the last commit with the log replayed onto them, then a commit.
 * @returns whether there was a log.
 */
export function mount(s: BtrfsWorld): boolean {
  const { durable, fs, space } = s
  const replayed = durable.log !== null
  const items = replayLog(durable, fs.noHoles)
  const size = sizeIn(items)
  const generation = durable.generation + 1
  const logged = (durable.log ?? []).flatMap((item) => (item.type === 'EXTENT_CSUM' ? item.sums : []))
  s.inode = { ...s.inode, i_size: size }
  s.csums = logged.reduce((csums, sum) => splice(csums, sum.from, sum.to, [sum], sameCrc), [...durable.csums])
  s.subvol = [{ id: 'N', generation, items: [...items], room: fs.leafRoom }]
  s.durable = { generation, items, csums: s.csums, log: null }
  s.bi = {
    ...s.bi,
    disk_i_size: size,
    needsFullSync: false,
    lastTrans: generation,
    lastReflinkTrans: 0,
    loggedTrans: 0,
    cowWriteError: false,
    lastSubTrans: 0,
    lastLogCommit: 0,
    hasPrealloc: extentsOf(items).some((item) => item.kind === 'prealloc'),
  }
  s.fs = {
    ...fs,
    generation: generation + 1,
    started: false,
    down: false,
    aborted: 0,
    readonly: false,
    fullCommit: false,
    mounts: fs.mounts + 1,
  }
  s.space = mountedSpace(space)
  for (const item of extentsOf(items)) if (item.disk !== 0) occupy(s.space, { from: item.disk, to: item.disk + item.diskLength })
  return replayed
}

export const btrfsFailure: PowerFailure<BtrfsWorld> = {
  source: { file: 'fs/btrfs/tree-log.c', at: 'e75f9fd19409' },
  cut: {
    row: 'fsync-log-tree 2.1 C; 12.5',
    says: (s) =>
      `the power fails: what was in memory is gone; on disk are transaction ${s.durable.generation} and ${s.durable.log === null ? 'no log' : 'the log that super.log_root points to'}`,
    forget: forgetTrees,
  },
  mount: {
    label: 'recover_log_trees',
    row: 'fsync-log-tree 2.1 C; 12.6',
    fn: 'btrfs_recover_log_trees',
    code: 'if (super.log_root) btrfs_recover_log_trees(log_root_tree)',
    says: (s) =>
      s.dmesg.some(({ text }) => text === logReplayed(s.fs.device).text)
        ? 'the next mount replays the log onto the last committed transaction'
        : 'the next mount finds no log: the file is as of the last commit',
    run: (s) => {
      if (mount(s)) s.dmesg = [...s.dmesg, logReplayed(s.fs.device)]
    },
  },
}

export const mountProcedures = [powerFailure(btrfsFailure)]
