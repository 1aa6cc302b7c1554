/** System calls and the program that looks at what it writes over. Source: facts bcachefs-buffered-write 2, 5. */
import { range, size } from '../../base/range.ts'
import { call, flow, procedure, ret, step } from '../../engine/procedure.ts'
import { must } from '../lib/must.ts'
import { gaps, valueOf } from '../lib/runs.ts'
import { errnoName } from '../lib/errno.ts'
import { cannotLockFolios, insertFolios, isUptodate, readFolios, visible } from './folios.ts'
import { complete, invoke } from './history.ts'
import { cannotGet } from './pcl.ts'
import { newWrite } from './write.ts'
import { died, type BcachefsWorld } from './world.ts'

const entry = { file: 'fs/read_write.c', at: 'v6.9' }
const toUser = { row: 'return to user space', code: 'return to user space' }
const told = (result: number): string => (result < 0 ? `-1 ${errnoName(result)}` : String(result))

interface Writing {
  readonly task: string
  /** The descriptor, for write(2); null for pwrite(2), which brings its own position. */
  readonly fd: string | null
  result: number
}

/** write() or pwrite() of the task's iter; write() begins at the file position of the descriptor and moves it. */
export const sysWrite = procedure<BcachefsWorld, Writing>('write', entry, [
  flow<Writing>((f) => (f.fd === null ? { go: 'label', label: 'write_iter' } : undefined)),
  step(
    'fdget_pos',
    (s, f) => `write() takes f_pos_lock of ${f.fd}; the file position is ${size(must(s.kiocbs[f.task]).ki_pos)}`,
    {
      row: 'v6.9 fdget_pos()',
      code: 'struct fd f = fdget_pos(fd); kiocb.ki_pos = file->f_pos;',
      when: (s, f) => {
        const { lock } = must(s.files[f.fd ?? ''])
        return lock === null ? null : { on: 'f_pos_lock', heldBy: [lock] }
      },
    },
    (s, f) => {
      const file = must(s.files[f.fd ?? ''])
      file.lock = f.task
      must(s.kiocbs[f.task]).ki_pos = file.f_pos
    },
  ),
  flow<Writing>((f) => call('bch2_buffered_write', newWrite(f.task), 'result'), 'write_iter'),
  flow<Writing>((f) => (f.result === died ? ret(died) : undefined)),
  step(
    'return',
    (s, f) => {
      const what = f.fd === null ? `pwrite() returns ${told(f.result)}` : `write() returns ${told(f.result)}`
      return f.fd === null ? what : `${what}; the file position of ${f.fd} is ${size(must(s.files[f.fd]).f_pos)}`
    },
    toUser,
    (s, f) => {
      must(s.calls[f.task]).returned = f.result
      if (f.fd !== null) s.files[f.fd] = { f_pos: must(s.kiocbs[f.task]).ki_pos, lock: null }
      complete(s, f.task, f.result)
      return ret(f.result)
    },
  ),
])

interface Truncating {
  readonly to: number
  result: number
}

export const sysTruncate = procedure<BcachefsWorld, Truncating>('ftruncate', { file: 'fs/open.c', at: 'v6.9' }, [
  flow<Truncating>((f) => call('bchfs_truncate', { to: f.to }, 'result')),
  step('return', 'ftruncate() returns 0', toUser, (s, f, t) => {
    must(s.calls[t.letter]).returned = f.result
    complete(s, t.letter, f.result)
    return ret(f.result)
  }),
])

interface Read {
  /** The operation of the history that this is. */
  readonly op: string
  readonly from: number
  readonly to: number
}

/** What a read found, in the order of the file: `A 0`; `nothing` at or beyond i_size. */
const values = (runs: readonly { readonly stamp: string }[]): string =>
  runs
    .map((run) => valueOf(run.stamp))
    .filter((value, i, all) => value !== all[i - 1])
    .join(' ') || 'nothing'

/** Reads what is cached and uptodate without any lock of the inode; folios that are not are waited for and filled. */
export const filemapRead = procedure<BcachefsWorld, Read>('bch2_read_iter', { file: 'fs/bcachefs/fs-io-direct.c', at: '7e64c86cdc6c' }, [
  step(
    'filemap_read',
    (s, f) => `a read of ${range(f.from, f.to)} finds ${values(must(s.ops[f.op]).value).replace(/\b0\b/g, 'zeros')}`,
    {
      row: 'bcachefs-buffered-write 2 R',
      fn: 'filemap_read',
      code: 'bch2_pagecache_add_get(inode); generic_file_read_iter(); bch2_pagecache_add_put(inode);',
      when: (s, f, t) =>
        cannotGet(s.pcl, 'add') ?? (isUptodate(s, f.from, f.to) ? null : cannotLockFolios(s, { from: f.from, to: f.to }, t.letter)),
    },
    (s, f) => {
      invoke(s, f.op)
      const to = Math.max(f.from, Math.min(f.to, s.inode.i_size))
      for (const gap of gaps(s.mapping.runs, f.from, to)) insertFolios(s, gap.from, gap.to)
      readFolios(s, f.from, to)
      const found = visible(s, f.from, to).map((run) => ({ from: run.from, to: run.to, stamp: run.stamp }))
      complete(s, f.op, to - f.from, found)
      return ret(values(found))
    },
  ),
])

export const sysRead = procedure<BcachefsWorld, Read & { value: string }>('read', entry, [
  flow<Read>((f) => call('bch2_read_iter', { op: f.op, from: f.from, to: f.to }, 'value')),
  step(
    'return',
    (s, _f, t) => `pread() returns ${must(s.calls[t.letter]).returned ?? 0}`,
    toUser,
    (s, f, t) => {
      must(s.calls[t.letter]).returned = must(s.ops[f.op]).returned
      return ret(f.value)
    },
  ),
])

interface Observing extends Read {
  readonly task: string
  /** The second read. */
  readonly again: string
  first: string
  second: string
  result: number
}

/** A program that looks at a block, writes over it, and looks again. Source: facts bcachefs-buffered-write 5 H3. */
export const observer = procedure<BcachefsWorld, Observing>('read_write_read', { file: 'user space', at: 'the history of H3' }, [
  flow<Observing>((f) => call('bch2_read_iter', { op: f.op, from: f.from, to: f.to }, 'first')),
  flow<Observing>((f) => call('write', { task: f.task, fd: null, result: 0 }, 'result')),
  flow<Observing>((f) => (f.result === died ? ret(died) : call('bch2_read_iter', { op: f.again, from: f.from, to: f.to }, 'second'))),
  flow<Observing>((f) => ret(`${f.first}, ${f.second}`)),
])

export const callProcedures = [sysWrite, sysTruncate, filemapRead, sysRead, observer]
