/** btrfs: direct reads. Source: facts direct-io C.3 (C2..C15, E1), C.4, 6.3. */
import { range, size } from '../../../base/range.ts'
import { call, flow, goto, has, procedure, ret, step } from '../../../engine/procedure.ts'
import type { Letter } from '../../../engine/view.ts'
import type { Bio } from '../../block/world.ts'
import { completion, endIo, type Done } from '../../iomap/complete.ts'
import { dioRw, type DioAnswer, type Ops } from '../../iomap/dio.ts'
import { touch } from '../../mm/buffer.ts'
import { must } from '../../lib/must.ts'
import { variables } from '../../lib/variables.ts'
import { paint, transfer } from '../../lib/runs.ts'
import { EFAULT, EIO, EIOCBQUEUED, errorName } from '../../lib/errno.ts'
import { directReadFailed } from '../dmesg.ts'
import { lockInode, unlockInode } from '../inode-lock.ts'
import { unlockExtentOfAnybody } from '../io-tree.ts'
import { verifyRead } from '../csum/verify.ts'
import { SECTOR, type BtrfsWorld } from '../world.ts'

const ops: Ops = {
  iomap_begin: 'btrfs_dio_iomap_begin',
  iomap_end: 'btrfs_dio_iomap_end',
  submit_io: null,
  end_io: null,
  bio: 'btrfs_end_dio_bio',
}

const source = { file: 'fs/btrfs/file.c', at: 'v5.17.10' }

interface DirectRead {
  readonly io: Letter
  read: number
  previousLeft: number
  dio: DioAnswer | null
  done: Done | null
  result: number
}

/** What is left for a buffered read: nothing, if the direct one failed or got all. */
export interface ReadSoFar {
  readonly result: number
  readonly final: boolean
}

const soFar = (s: BtrfsWorld, io: Letter, result: number): ReadSoFar => ({
  result,
  final: result < 0 || must(s.iters[io]).count === 0,
})

export const btrfsDirectRead = procedure<BtrfsWorld, DirectRead>('btrfs_direct_read', source, [
  variables<DirectRead>({ read: 0, previousLeft: 0, dio: null, done: null, result: 0 }),
  step(
    'check_direct_read',
    (s, f) => `position ${size(must(s.kiocbs[f.io]).ki_pos)} and length ${size(must(s.iters[f.io]).count)}: checks that they are aligned`,
    { row: 'direct-io C.3 C2', code: 'if (check_direct_read()) return 0' },
    (s, f) => {
      const { offset, count } = must(s.iters[f.io])
      const misaligned = [must(s.kiocbs[f.io]).ki_pos, offset, count].some((at) => at % SECTOR !== 0)
      return misaligned ? ret(soFar(s, f.io, 0)) : undefined
    },
  ),
  lockInode(
    'takes the inode lock (shared); it would wait for it even under IOCB_NOWAIT',
    { row: 'direct-io C.3 C3', fn: 'btrfs_inode_lock', code: 'btrfs_inode_lock(inode, BTRFS_ILOCK_SHARED)' },
    'shared',
  ),
  step(
    'again',
    'disables page faults and calls iomap_dio_rw() with IOMAP_DIO_PARTIAL',
    { row: 'direct-io C.3 C4', fn: 'iomap_dio_rw', code: 'again: pagefault_disable(); to->nofault = true', onlyWith: '51bd9563b678' },
    () => undefined,
  ),
  flow<DirectRead>((f, world) =>
    call('__iomap_dio_rw', dioRw(ops, true, { io: f.io, doneBefore: f.read, partial: has(world, '51bd9563b678') }), 'dio'),
  ),
  flow<DirectRead>((f) => {
    const { error, nothing } = must(f.dio)
    f.result = error
    return error !== 0 || nothing ? goto('unlock') : call('iomap_dio_complete', completion(null, f.io), 'done')
  }),
  flow<DirectRead>((f, world) => {
    const { result, left } = must(f.done)
    f.result = result
    if (result > 0) f.read = result
    if (!has(world, '51bd9563b678') || left === 0 || !(result === EFAULT || result > 0)) return goto('unlock')
    if (left !== f.previousLeft) return undefined
    f.result = f.read
    return goto('unlock')
  }),
  step(
    'fault_in',
    (_s, f) => `${size(f.read)} are read so far: faults the other ${size(f.previousLeft)} of ${f.io}'s buffer in and goes on`,
    { row: 'direct-io C.3 C15b; C.4 C15b', fn: 'fault_in_safe_writeable', code: 'fault_in_iov_iter_writeable(to, left); goto again' },
    (s, f) => {
      const { offset, count } = must(s.iters[f.io])
      f.previousLeft = count
      return touch(s, f.io, offset, offset + count) ?? goto('again')
    },
  ),
  flow(() => goto('again')),
  step(
    'unlock',
    (_s, f) =>
      f.result === EIOCBQUEUED
        ? 'unlocks the inode and hands -EIOCBQUEUED up: the request stays in flight'
        : `unlocks the inode and returns ${f.result < 0 ? errorName(f.result) : size(f.read)}`,
    {
      row: 'direct-io C.3 C15a',
      fn: 'btrfs_inode_unlock',
      code: 'btrfs_inode_unlock(inode, BTRFS_ILOCK_SHARED); return ret < 0 ? ret : read',
    },
    (s, f, t) => {
      unlockInode(s, t.letter, 'shared')
      return ret(soFar(s, f.io, f.result < 0 ? f.result : f.read))
    },
  ),
])

interface EndDioBio {
  readonly dio: Letter
  error?: number
}

/** btrfs_check_read_dio_bio(): verifies what the reader's memory holds now. @returns 0, or -EIO if a sector is bad on every mirror. */
function verifyBio(s: BtrfsWorld, { offset, length, disk, memory }: Bio): number {
  if (memory === 'page cache') return 0
  const buffer = must(s.buffers[memory.buffer])
  const read = transfer([], disk, buffer.content, memory.at, length)
  const { content, lost } = verifyRead(s, { from: offset, to: offset + length, disk }, read)
  buffer.content = transfer(buffer.content, memory.at, content, disk, length)
  if (lost.length === 0) return 0
  for (const { from, to } of lost) buffer.content = paint(buffer.content, memory.at + from - offset, memory.at + to - offset, '0')
  s.dmesg = [...s.dmesg, directReadFailed(s, offset, length)]
  return EIO
}

/** The end of a read bio, in a worker: reads complete there because checksums have to be verified. */
export const btrfsEndDioBio = procedure<BtrfsWorld, EndDioBio>('btrfs_end_dio_bio', { file: 'fs/btrfs/inode.c', at: 'v5.17.10' }, [
  flow(() => call('submit_bio', {})),
  step(
    'check_csum',
    (s, f, t) => {
      const { offset, length } = must(s.bios[t.letter])
      const part = range(offset, offset + length)
      if (f.error !== 0) return `endio worker: data of ${part} do not have their checksum; unlocks the range in the io_tree`
      return s.bi.nodatasum
        ? `endio worker: the data of ${part} have no checksums to verify; unlocks the range in the io_tree`
        : `endio worker: the data of ${part} match their checksums; unlocks the range in the io_tree`
    },
    { row: 'direct-io C.3 E1; B.3 B9', code: 'btrfs_check_read_dio_bio(); unlock_extent(); iomap_dio_bio_end_io()' },
    (s, f, t) => {
      const { offset, length } = must(s.bios[t.letter])
      f.error = verifyBio(s, must(s.bios[t.letter]))
      unlockExtentOfAnybody(s, { from: offset, to: offset + length })
      return call('iomap_dio_bio_end_io', endIo(f.dio, f.error))
    },
  ),
])

export const directReadProcedures = [btrfsDirectRead, btrfsEndDioBio]
