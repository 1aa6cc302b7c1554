/** Staging ext4: a file of extents with their data, everything committed. */
import type { Kernel } from '../../engine/procedure.ts'
import type { Oracle } from '../../engine/oracle.ts'
import type { System, TaskDeclaration } from '../../engine/system.ts'
import { dma } from '../block/device.ts'
import { iomapProcedures } from '../iomap/dio.ts'
import { freeLock } from '../lib/locks.ts'
import type { OperationTable } from '../lib/operations.ts'
import { paint } from '../lib/runs.ts'
import { mmProcedures } from '../mm/procedures.ts'
import { emptyMapping } from '../mm/world.ts'
import { vfsProcedures } from '../vfs/procedures.ts'
import { freshVfs, openFile } from '../vfs/world.ts'
import { bufferedProcedures } from './buffered.ts'
import { directReadProcedures } from './direct-read.ts'
import { directWriteProcedures } from './direct-write.ts'
import { syncProcedures } from './fsync.ts'
import { commitTransaction } from './journal.ts'
import { mapProcedures } from './map.ts'
import { outcomeOf } from './outcome.ts'
import { listingOf } from './listing.ts'
import { ext4Plug } from './plug.ts'
import { mountAfterPowerFailure } from './power.ts'
import { ext4DioWriteEndIo } from './size.ts'
import { ext4Setattr } from './truncate.ts'
import { INO, type Ext4World, type Extent } from './world.ts'
import { writebackProcedures } from './writeback.ts'

/** Every ext4 procedure and those below it; all scenarios run the same ones. */
export const ext4Procedures = [
  ...vfsProcedures,
  ...mmProcedures,
  ...iomapProcedures,
  dma,
  ...directWriteProcedures,
  ...directReadProcedures,
  ...mapProcedures,
  ext4DioWriteEndIo,
  ...bufferedProcedures,
  ...writebackProcedures,
  ext4Setattr,
  ...syncProcedures,
  commitTransaction,
  mountAfterPowerFailure,
]

export const ext4Operations: OperationTable = {
  'f_op->write_iter': 'ext4_file_write_iter',
  'f_op->read_iter': 'ext4_file_read_iter',
  'f_op->fsync': 'ext4_sync_file',
  'i_op->setattr': 'ext4_setattr',
  'a_ops->writepages': 'ext4_writepages',
  'a_ops->read_folio': 'ext4_read_folio',
  's_op->sync_fs': 'ext4_sync_fs',
}

/** Where the first data block of a fresh file system lies here, and the transaction in which the file was made. */
const firstData = 34 * 1024 * 1024
const T = 4

export interface Staging {
  readonly kernel: Kernel
  readonly setting: Readonly<Record<string, string>>
  readonly size: number
  /** What is allocated; data carry this stamp, absent = unwritten. */
  readonly extents?: readonly { readonly from: number; readonly to: number; readonly stamp?: string }[]
}

export function stageWorld({ kernel, setting, size, extents = [] }: Staging): Ext4World {
  let next = firstData
  let data: Ext4World['disk']['data'] = []
  const mapped = extents.map(({ from, to, stamp }): Extent => {
    const disk = next
    next += to - from
    if (stamp !== undefined) data = paint(data, disk, next, stamp)
    return { from, to, disk, unwritten: stamp === undefined }
  })
  const raw = { size, extents: mapped, orphan: false }
  return {
    ...freshVfs(INO, size),
    locks: { i_rwsem: freeLock(), invalidate_lock: freeLock() },
    kernel,
    setting,
    files: { fd: openFile() },
    buffers: {},
    mapping: emptyMapping(),
    disk: { data, copies: [] },
    bios: {},
    dios: {},
    freed: {},
    ei: { i_disksize: size, raw, i_sync_tid: T },
    journal: { running: null, committing: null, committed: T, durable: raw },
    alloc: { next },
    mount: { down: false, count: 0 },
  }
}

/** jbd2's thread; where nothing waits for it and no power fails, nobody can tell whether it runs. */
export const commitThread = (letter: string): TaskDeclaration => ({
  letter,
  name: 'jbd2 commit thread',
  must: false,
  procedure: 'jbd2_journal_commit_transaction',
  locals: {},
})

/** An ext4 system ready to run. */
export const ext4System = (
  name: string,
  world: Ext4World,
  tasks: readonly TaskDeclaration[],
  oracles: readonly Oracle<Ext4World>[],
): System<Ext4World> => ({
  name,
  procedures: ext4Procedures,
  operations: ext4Operations,
  world,
  tasks,
  oracles,
  outcome: outcomeOf,
  plug: ext4Plug,
  listing: listingOf,
})
