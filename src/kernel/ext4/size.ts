/** ext4: who sets the size after a direct write, and when: its end_io or, until 91562895f803, the writer. Source: facts ext4 1.5. */
import { size } from '../../base/range.ts'
import { goto, has, procedure, ret, step, type Row } from '../../engine/procedure.ts'
import { requestOf, type ForRequest } from '../iomap/world.ts'
import { must } from '../lib/must.ts'
import { cleanedUp, convert } from './extents.ts'
import { inHandle } from './journal.ts'
import type { Ext4World } from './world.ts'

const source = { file: 'fs/ext4/file.c', at: 'v6.1.55' }

/** ext4_handle_inode_extension() where all was written: size, on-disk size and the orphan list, in one transaction. */
function extendTo(s: Ext4World, end: number): void {
  s.inode.i_size = Math.max(s.inode.i_size, end)
  s.ei.i_disksize = Math.max(s.ei.i_disksize, end)
  inHandle(s, { orphan: false })
}

const extended = (s: Ext4World): string =>
  `i_size = i_disksize = ${size(s.ei.i_disksize)}, and off the orphan list, in transaction ${s.journal.running}`

interface EndIo extends ForRequest {
  /** The size was set in a transaction. */
  journaled?: boolean
}

/** dio_ops->end_io of a direct write. Its answer is the result of the dio, unless it is 0. */
export const ext4DioWriteEndIo = procedure<Ext4World, EndIo>('ext4_dio_write_end_io', source, [
  step(
    'convert',
    (s, f, t) => {
      const { error, unwritten } = must(s.dios[requestOf(f, t)])
      if (error !== 0) return 'the I/O failed: nothing is converted, and no size is set'
      return unwritten
        ? `the blocks that were unwritten are written now, in transaction ${s.journal.running}`
        : 'no block was unwritten: there is nothing to convert'
    },
    {
      row: 'ext4 1.5 E1',
      fn: 'ext4_convert_unwritten_extents',
      code: 'if (flags & IOMAP_DIO_UNWRITTEN) ext4_convert_unwritten_extents(NULL, inode, pos, size)',
    },
    (s, f, t) => {
      const io = requestOf(f, t)
      const dio = must(s.dios[io])
      const { ki_pos } = must(s.kiocbs[io])
      if (dio.error !== 0) return ret(dio.error)
      if (dio.unwritten) inHandle(s, convert(s, { from: ki_pos, to: ki_pos + dio.size }))
      return undefined
    },
  ),
  step(
    'i_size_write',
    (s, f, t) => {
      const { size: i_size } = { size: s.inode.i_size }
      const memory = s.ei.i_disksize < i_size ? `, in memory alone: i_disksize is ${size(s.ei.i_disksize)}` : ''
      return `i_size = ${size(i_size)}${memory}; answers 0, so the result is the ${size(must(s.dios[requestOf(f, t)]).size)} of the dio`
    },
    {
      row: 'ext4 1.5 E2',
      code: 'if (pos + size > i_size_read(inode)) i_size_write(inode, pos + size); return 0',
      onlyWithout: '91562895f803',
    },
    (s, f, t) => {
      const io = requestOf(f, t)
      s.inode.i_size = Math.max(s.inode.i_size, must(s.kiocbs[io]).ki_pos + must(s.dios[io]).size)
      return ret(0)
    },
  ),
  step(
    'inode_extension',
    (s, f, t) => {
      const bytes = size(must(s.dios[requestOf(f, t)]).size)
      return f.journaled
        ? `${extended(s)}; answers ${bytes}, which is the result`
        : `the write ended inside i_disksize = ${size(s.ei.i_disksize)}: no size to set; answers ${bytes}, which is the result`
    },
    {
      row: 'ext4 1.5 E2',
      code: 'if (pos + size <= ei->i_disksize) return size; return ext4_handle_inode_extension(inode, pos, size)',
      onlyWith: '91562895f803',
    },
    (s, f, t) => {
      const io = requestOf(f, t)
      const dio = must(s.dios[io])
      const end = must(s.kiocbs[io]).ki_pos + dio.size
      f.journaled = end > s.ei.i_disksize || (has(s, '619f75dae2cf') && end > s.inode.i_size)
      if (f.journaled) extendTo(s, end)
      return ret(dio.size)
    },
  ),
])

/** Locals of ext4_dio_write_iter() that this part of it uses. */
interface Extending {
  readonly pos: number
  readonly count: number
  readonly result: number
}

/** ext4_truncate_failed_write(), ext4_orphan_del(): blocks behind the size go, and the mark with them. */
function truncateFailedWrite(s: Ext4World): void {
  inHandle(s, cleanedUp({ ...s.ei.raw, size: s.inode.i_size, orphan: true }))
}

/** The end of an extending write, when iomap has returned. */
export const directExtension: readonly Row<Ext4World, Extending>[] = [
  step(
    'handle_inode_extension',
    (s, f) => (f.result < 0 ? 'the write failed: takes back the blocks behind the size' : extended(s)),
    {
      row: 'ext4 1.5 E8',
      fn: 'ext4_handle_inode_extension',
      code: 'if (extend) ret = ext4_handle_inode_extension(inode, offset, ret, count)',
      onlyWithout: '91562895f803',
    },
    (s, f) => {
      if (f.result < 0) truncateFailedWrite(s)
      else extendTo(s, f.pos + f.result)
      return f.result < f.count && f.result >= 0 ? goto('unlock') : undefined
    },
  ),
  step(
    'inode_extension_cleanup',
    (_s, f) =>
      f.result < 0
        ? 'the write failed: takes back the blocks behind the size'
        : 'the write is complete and off the orphan list: nothing to clean up',
    {
      row: 'ext4 1.5 E8',
      fn: 'ext4_inode_extension_cleanup',
      code: 'if (extend) ext4_inode_extension_cleanup(inode, ret)',
      onlyWith: '91562895f803',
    },
    (s, f) => {
      if (f.result < 0) truncateFailedWrite(s)
    },
  ),
]
