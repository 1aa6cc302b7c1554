/** System calls as tasks: each enters the file system, then returns to user space. */
import { size } from '../../base/range.ts'
import { call, flow, procedure, ret, step } from '../../engine/procedure.ts'
import { must } from '../must.ts'
import type { BtrfsWorld } from './world.ts'
import { directWrite } from './direct.ts'
import { syncFile } from './sync.ts'

interface Returning {
  result: number
}

const entry = { file: 'fs/read_write.c', at: 'v6.1' }

/** `write() returns 65536`, `fsync() returns -1 EIO`. */
const returns = (name: string, result: number): string =>
  result < 0 ? `${name}() returns -1 ${errno[result] ?? String(result)}` : `${name}() returns ${result}`
const errno: Readonly<Record<number, string>> = { [-5]: 'EIO', [-11]: 'EAGAIN', [-14]: 'EFAULT', [-30]: 'EROFS' }

/** The last step of a call: the caller sees the result. */
const returnStep = (name: string) =>
  step<BtrfsWorld, Returning>(
    'return',
    (_s, f) => returns(name, f.result),
    { row: 'return to user space', code: 'return to user space' },
    (s, f, t) => {
      must(s.calls[t.letter]).returned = f.result
      return ret(f.result)
    },
  )

/** write() of this task's iter, direct. */
export const sysWrite = procedure<BtrfsWorld, Returning>('write', entry, [
  flow<Returning>(() => call('btrfs_direct_write', directWrite(), 'result')),
  returnStep('write'),
])

export const sysFsync = procedure<BtrfsWorld, Returning>('fsync', { file: 'fs/sync.c', at: 'v5.12' }, [
  flow<Returning>(() => call('btrfs_sync_file', syncFile(), 'result')),
  returnStep('fsync'),
])

export const sysTruncate = procedure<BtrfsWorld, Returning & { readonly to: number }>('ftruncate', { file: 'fs/open.c', at: 'v6.1' }, [
  flow<Returning & { readonly to: number }>((f) => call('btrfs_setsize', { to: f.to }, 'result')),
  returnStep('ftruncate'),
])

interface MmapWriter extends Returning {
  readonly from: number
  readonly to: number
  readonly stamp: string
  /** Does it call sync_file_range() on what it stored? */
  readonly sync: boolean
}

/** A program that stores through its mapping and then perhaps asks for writeback of just that. */
export const mmapWriter = procedure<BtrfsWorld, MmapWriter>('mmap_writer', { file: 'user space', at: 'the reproducer' }, [
  flow<MmapWriter>((f) => call('store', { from: f.from, to: f.to, stamp: f.stamp })),
  flow<MmapWriter>((f) => (f.sync ? call('sync_file_range', { from: f.from, to: f.to }, 'result') : ret())),
  returnStep('sync_file_range'),
])

interface Reader {
  readonly from: number
  readonly to: number
  value: string
}

export const sysRead = procedure<BtrfsWorld, Reader>('read', entry, [
  flow<Reader>((f) => call('btrfs_readpage', { from: f.from, to: f.to }, 'value')),
  step(
    'return',
    (_s, f) => `read() returns ${size(f.to - f.from)} of ${f.value}`,
    { row: 'return to user space', code: 'return to user space' },
    (s, f, t) => {
      must(s.calls[t.letter]).returned = f.to - f.from
      return ret(f.value)
    },
  ),
])

export const callProcedures = [sysWrite, sysFsync, sysTruncate, mmapWriter, sysRead]
