/** ext4: writes to the page cache, and what is read into it. Source: facts ext4 3.1, 3.2 (R1). */
import { alignDown, range, size, type Range } from '../../base/range.ts'
import { flow, goto, procedure, ret, step } from '../../engine/procedure.ts'
import type { Letter } from '../../engine/view.ts'
import { EFAULT } from '../lib/errno.ts'
import { cannotLock, dropLock, takeLock } from '../lib/locks.ts'
import { must } from '../lib/must.ts'
import type { Found } from '../lib/operations.ts'
import { clip, transfer, valueOf, type Run } from '../lib/runs.ts'
import { variables } from '../lib/variables.ts'
import { touch } from '../mm/buffer.ts'
import {
  cannotLockPages,
  fillPages,
  insertPages,
  isCached,
  lockPages,
  mark,
  pagesOf,
  setUptodate,
  storeInPages,
  unlockPages,
  waitForWriteback,
} from '../mm/cache.ts'
import { PAGE } from '../mm/world.ts'
import { compareVersions } from '../releases.ts'
import { genericWriteChecks } from '../vfs/rw.ts'
import { layoutOf, mappingAt } from './extents.ts'
import { inHandle } from './journal.ts'
import type { Ext4World } from './world.ts'

/** What the blocks hold, as a page that is read finds it: holes and unwritten blocks are zeros. */
export const onDisk = (s: Ext4World, from: number, to: number): Run[] =>
  clip(layoutOf({ ...s.ei.raw, size: to }, s.disk.data), from, to).map((piece) => ({
    from: piece.from,
    to: piece.to,
    stamp: piece.kind === 'data' && piece.from < s.inode.i_size ? valueOf(piece.stamp ?? '?') : '0',
  }))

interface BufferedWrite {
  readonly io: Letter
  /** Where the write began. */
  from: number
  copied: number
  /** The bytes of the page that is being written. */
  at: number
  to: number
  faulting: boolean
  error: number
  grew: boolean
}

const source = { file: 'fs/ext4/file.c', at: 'v6.1.55' }

/** The page that is being written. */
const pageOf = ({ at, to }: BufferedWrite): Range => pagesOf({ from: at, to })

/** ext4_da_write_end(): i_disksize follows where nothing has to be allocated for the last block. */
function writeEnd(s: Ext4World, end: number): boolean {
  const grows = end > s.inode.i_size
  const { extent } = mappingAt(s.ei.raw.extents, alignDown(end - 1, PAGE), PAGE)
  const settles = grows && extent !== null && !extent.unwritten && end > s.ei.i_disksize
  if (grows) s.inode.i_size = end
  if (settles) s.ei.i_disksize = end
  // From 6.8 on the inode is dirtied only where what the disk will hear of has changed.
  return compareVersions(s.kernel.release, '6.8') >= 0 ? settles : grows
}

const ext4BufferedWriteIter = procedure<Ext4World, BufferedWrite>('ext4_buffered_write_iter', source, [
  variables<BufferedWrite>({ from: 0, copied: 0, at: 0, to: 0, faulting: false, error: 0, grew: false }),
  step(
    'lock_inode',
    'takes the inode lock',
    { row: 'ext4 3.1 B1', code: 'inode_lock(inode)', when: (s) => cannotLock(s.locks.i_rwsem, 'exclusive', 'inode lock') },
    (s, _f, t) => takeLock(s.locks.i_rwsem, 'exclusive', t.letter),
  ),
  step(
    'write_checks',
    (s, f) => `generic_write_checks(): the write begins at ${size(f.from)}; the times change in transaction ${s.journal.running}`,
    { row: 'ext4 3.1 B2', fn: 'ext4_write_checks', code: 'generic_write_checks(iocb, from); file_modified(iocb->ki_filp)' },
    (s, f) => {
      genericWriteChecks(s, f.io)
      f.from = must(s.kiocbs[f.io]).ki_pos
      inHandle(s)
    },
  ),
  step(
    'fault_in',
    (_s, f) =>
      f.error !== 0
        ? 'the user buffer is not mapped: -EFAULT'
        : f.faulting
          ? 'the data are a mapping of the file: faults them in before any page is locked'
          : `the source of ${range(f.at, f.to)} is in memory`,
    { row: 'ext4 3.1 B3', fn: 'generic_perform_write', code: 'fault_in_iov_iter_readable(i, bytes)' },
    (s, f) => {
      const iter = must(s.iters[f.io])
      f.at = f.from + f.copied
      f.to = Math.min(alignDown(f.at, PAGE) + PAGE, f.at + iter.count)
      if (must(s.buffers[f.io]).unmapped) {
        f.error = EFAULT
        return goto('unlock')
      }
      const fault = touch(s, f.io, iter.offset, iter.offset + f.to - f.at)
      f.faulting = fault !== null
      return fault ?? goto('write_begin')
    },
  ),
  flow(() => goto('fault_in')),
  step(
    'write_begin',
    (s, f) =>
      `locks the page at ${size(alignDown(f.at, PAGE))}${mappingAt(s.ei.raw.extents, alignDown(f.at, PAGE), PAGE).extent === null ? ': no block is there, one is reserved for later' : ''}`,
    {
      row: 'ext4 3.1 B4, B5',
      fn: 'ext4_da_write_begin',
      code: 'grab_cache_page_write_begin(); __block_write_begin(page, pos, len, ext4_da_get_block_prep)',
      when: (s, f, t) => {
        const page = pageOf(f)
        return cannotLockPages(s.mapping, page, t.letter) ?? waitForWriteback(s.mapping, page.from, page.to)
      },
    },
    (s, f, t) => {
      const page = pageOf(f)
      lockPages(s.mapping, page, t.letter)
      if (!isCached(s.mapping, page.from, page.to)) insertPages(s.mapping, page.from, page.to)
      // What is not overwritten has to be there before.
      if (f.at > page.from || f.to < page.to) fillPages(s.mapping, page.from, page.to, (from, to) => onDisk(s, from, to))
    },
  ),
  step(
    'copy_and_write_end',
    (s, f) =>
      `copies ${range(f.at, f.to)} into the page, which is dirty now, and unlocks it; i_size = ${size(s.inode.i_size)}, i_disksize = ${size(s.ei.i_disksize)}`,
    {
      row: 'ext4 3.1 B6, B7',
      fn: 'ext4_da_write_end',
      code: 'copy_page_from_iter_atomic(); generic_write_end(): i_size_write(inode, pos + copied); unlock_page(page)',
    },
    (s, f, t) => {
      const page = pageOf(f)
      const iter = must(s.iters[f.io])
      const length = f.to - f.at
      storeInPages(s.mapping, transfer([], f.at, must(s.buffers[f.io]).content, iter.offset, length))
      setUptodate(s.mapping, page.from, page.to)
      mark(s.mapping, page.from, page.to, { dirty: true })
      f.grew = writeEnd(s, f.to)
      unlockPages(s.mapping, page, t.letter)
      iter.offset += length
      iter.count -= length
      f.copied += length
      if (f.grew) return undefined
      return goto(iter.count > 0 ? 'fault_in' : 'unlock')
    },
  ),
  step(
    'mark_inode_dirty',
    (s) => `the inode is copied into transaction ${s.journal.running}, with the size ${size(s.ei.raw.size)} that i_disksize has`,
    { row: 'ext4 3.1 B8', fn: 'mark_inode_dirty', code: 'mark_inode_dirty(inode)' },
    (s, f) => {
      inHandle(s)
      return must(s.iters[f.io]).count > 0 ? goto('fault_in') : undefined
    },
  ),
  step(
    'unlock',
    (_s, f) => (f.error !== 0 ? 'unlocks the inode; nothing was copied' : `unlocks the inode; ki_pos = ${size(f.from + f.copied)}`),
    { row: 'ext4 3.1 B9', code: 'inode_unlock(inode); iocb->ki_pos += ret' },
    (s, f, t) => {
      dropLock(s.locks.i_rwsem, t.letter)
      must(s.kiocbs[f.io]).ki_pos = f.from + f.copied
      return ret(f.copied > 0 ? f.copied : f.error)
    },
  ),
])

interface ReadFolio extends Range {
  readonly op: string | null
}

/** ext4_read_folio() and readahead: pages that are absent are put in locked, filled and unlocked. */
const ext4ReadFolio = procedure<Ext4World, ReadFolio>('ext4_read_folio', { file: 'fs/ext4/inode.c', at: 'v6.1.55' }, [
  step(
    'insert_page',
    (_s, f) => `puts ${range(f.from, f.to)} into the page cache, locked, and asks for the data`,
    {
      row: 'ext4 3.2 R1',
      code: 'filemap_add_folio(); ext4_mpage_readpages()',
      when: (s, f, t) => cannotLockPages(s.mapping, f, t.letter) ?? cannotLock(s.locks.invalidate_lock, 'shared', 'invalidate lock'),
    },
    (s, f, t) => {
      if (isCached(s.mapping, f.from, f.to)) return goto('done')
      takeLock(s.locks.invalidate_lock, 'shared', t.letter)
      lockPages(s.mapping, f, t.letter)
      insertPages(s.mapping, f.from, f.to)
      return undefined
    },
  ),
  step(
    'end_read',
    (_s, f) => `the data of ${range(f.from, f.to)} arrives in the page cache; the pages are unlocked`,
    { row: 'ext4 3.2 R1', fn: 'mpage_end_io', code: 'folio_mark_uptodate(folio); folio_unlock(folio)' },
    (s, f, t) => {
      fillPages(s.mapping, f.from, f.to, (from, to) => onDisk(s, from, to))
      unlockPages(s.mapping, f, t.letter)
      dropLock(s.locks.invalidate_lock, t.letter)
    },
  ),
  flow<ReadFolio>((f) => ret({ value: '', bytes: f.to - f.from, lost: null } satisfies Found), 'done'),
])

export const bufferedProcedures = [ext4BufferedWriteIter, ext4ReadFolio]
