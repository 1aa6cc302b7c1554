/** btrfs: what generic code calls it by, and the two procedures that choose between direct and buffered I/O. Source: fs/btrfs/file.c v5.17, v6.1. */
import { call, flow, procedure, ret } from '../../engine/procedure.ts'
import type { OperationTable, ReadIter, WriteIter } from '../lib/operations.ts'
import type { ReadSoFar } from './direct/read.ts'
import type { BtrfsWorld } from './world.ts'

export const btrfsOperations: OperationTable = {
  'f_op->write_iter': 'btrfs_do_write_iter',
  'f_op->read_iter': 'btrfs_file_read_iter',
  // What nobody looks at needs no buffer: the pages are read, and that is all.
  'f_op->read': 'btrfs_readpage',
  'f_op->fsync': 'btrfs_sync_file',
  'f_op->fallocate': 'btrfs_fallocate',
  'i_op->setattr': 'btrfs_setsize',
  'a_ops->writepages': 'btrfs_fdatawrite_range',
  'a_ops->read_folio': 'btrfs_readpage',
  'vm_ops->page_mkwrite': 'btrfs_page_mkwrite',
  's_op->sync_fs': 'btrfs_sync_fs',
}

interface Writing extends WriteIter {
  result: number
}

/** What O_DSYNC asks for comes last, once more where iomap has seen to it already. */
const btrfsDoWriteIter = procedure<BtrfsWorld, Writing>('btrfs_do_write_iter', { file: 'fs/btrfs/file.c', at: 'v6.1' }, [
  flow<Writing>((f) => (f.direct ? call('btrfs_direct_write', { file: f.file }, 'result') : call('btrfs_buffered_write', {}, 'result'))),
  flow<Writing>((f) => (f.dsync && f.result > 0 ? call('generic_write_sync', { file: f.file, count: f.result }, 'result') : undefined)),
  flow<Writing>((f) => ret(f.result)),
])

interface Reading extends ReadIter {
  soFar: ReadSoFar | null
  result: number
}

const btrfsFileReadIter = procedure<BtrfsWorld, Reading>('btrfs_file_read_iter', { file: 'fs/btrfs/file.c', at: 'v5.17.10' }, [
  flow<Reading>((f) => {
    f.soFar = null
    return f.direct ? call('btrfs_direct_read', { io: f.io }, 'soFar') : undefined
  }),
  flow<Reading>((f) => {
    if (f.soFar?.final) return ret(f.soFar.result)
    // Is the position at i_size? The page cache's own first question, at that moment: a write may have moved it since the inode was unlocked.
    return call('filemap_read', { io: f.io, nowait: f.nowait, already: f.soFar?.result ?? 0 }, 'result')
  }),
  flow<Reading>((f) => ret(f.result)),
])

export const fileProcedures = [btrfsDoWriteIter, btrfsFileReadIter]
