/** btrfs: a power failure, and the next mount. Source: facts fsync-log-tree 2.1 C, 12.5, 12.6. */
import { procedure, ret, step } from '../../../engine/procedure.ts'
import { freeLock } from '../../lib/locks.ts'
import { splice } from '../../lib/runs.ts'
import { sameCrc } from '../../lib/sums.ts'
import { logReplayed } from '../dmesg.ts'
import { replayLog, sizeIn } from './replay.ts'
import { mountedSpace, occupy } from '../space/space.ts'
import { extentsOf } from '../tree/tree.ts'
import type { BtrfsWorld } from '../world.ts'

/** Everything that was in memory is gone; what is durable stays. */
export function forget(s: BtrfsWorld): void {
  s.mapping = { runs: [], locked: [], writable: [] }
  s.locks = { i_rwsem: freeLock(), i_mmap_lock: freeLock(), log_mutex: freeLock() }
  s.io_tree = { locked: [], delalloc: [] }
  s.ordered = []
  s.maps = []
  s.leafLocks = {}
  s.cursor = null
  s.log = null
  s.bios = {}
  s.dios = {}
  s.fs.handles = []
  s.fs.down = true
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
  s.inode = { ...s.inode, i_size: size, i_dio_count: 0 }
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
    inLog: false,
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

/** The power fails at any moment; the machine comes back and mounts the file system. */
export const powerFailure = procedure<BtrfsWorld, object>('power_failure', { file: 'fs/btrfs/tree-log.c', at: 'e75f9fd19409' }, [
  step(
    'power_cut',
    (s) =>
      `the power fails: what was in memory is gone; on disk are transaction ${s.durable.generation} and ${s.durable.log === null ? 'no log' : 'the log that super.log_root points to'}`,
    { row: 'fsync-log-tree 2.1 C; 12.5', code: 'power failure' },
    (s, _f, t) => {
      forget(s)
      t.endOthers()
    },
  ),
  step(
    'recover_log_trees',
    (s) =>
      s.dmesg.some(({ text }) => text === logReplayed(s.fs.device).text)
        ? 'the next mount replays the log onto the last committed transaction'
        : 'the next mount finds no log: the file is as of the last commit',
    {
      row: 'fsync-log-tree 2.1 C; 12.6',
      fn: 'btrfs_recover_log_trees',
      code: 'if (super.log_root) btrfs_recover_log_trees(log_root_tree)',
    },
    (s) => {
      if (mount(s)) s.dmesg = [...s.dmesg, logReplayed(s.fs.device)]
      return ret()
    },
  ),
])

export const mountProcedures = [powerFailure]
