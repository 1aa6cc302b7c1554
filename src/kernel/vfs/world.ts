/** vfs: the inode's size and lock, open files, each call's kiocb and iov_iter, and what calls returned. */
import type { Letter } from '../../engine/view.ts'
import { freeLock, type Rwsem } from '../lib/locks.ts'
import type { Run } from '../lib/runs.ts'
import type { History } from './history.ts'

export interface Inode {
  readonly ino: number
  i_size: number
  /** Direct I/O in flight; truncate waits for it to reach zero. */
  i_dio_count: number
}

export interface Locks {
  i_rwsem: Rwsem
}

/** struct kiocb, as far as the model needs it. */
export interface Kiocb {
  ki_pos: number
  readonly append: boolean
  readonly direct: boolean
  /** IOCB_DSYNC: O_DSYNC, O_SYNC or RWF_DSYNC; absent = not set. */
  readonly dsync?: true
  /** ki_filp, by name; absent = `fd`. */
  readonly file?: string
  /** IOCB_NOWAIT; absent = it was never set. */
  nowait?: boolean
  /** The procedure that tells an asynchronous caller, locals {io, result}; absent = is_sync_kiocb(). */
  readonly ki_complete?: string
}

/** A request of an asynchronous interface (io_uring, libaio), by the letter whose kiocb it is. */
export interface Request {
  /** How much was asked for in the latest attempt. */
  expected: number
  /** What earlier attempts that came back short have read. */
  bytesDone: number
  /** The result that its completion event carries; null = none was posted. */
  res: number | null
  /** How often an event was posted. */
  posted: number
  /** How many attempts ended with -EIOCBQUEUED, and how often ki_complete was called. */
  queued: number
  completions: number
}

/** A request that nobody has issued yet. */
export const freshRequest = (expected: number): Request => ({ expected, bytesDone: 0, res: null, posted: 0, queued: 0, completions: 0 })

/** A line that a program printed. */
export interface Printed {
  readonly text: string
  readonly level: 'info' | 'error'
}

/** struct iov_iter: where in the user buffer, and how much is left. */
export interface IovIter {
  offset: number
  count: number
}

/** A system call of a task, as a shell would show it. */
export interface Call {
  readonly text: string
  /** It has entered the kernel; absent = not yet, or nobody has to know. */
  entered?: true
  /** Null while it runs. */
  returned: number | null
  /** What it finds in its buffer is part of its result; absent = nobody looks there. */
  readonly reads?: true
  /** Bytes of the caller's data that the CPU copied on the way to the disk; absent = none yet. */
  copied?: number
}

/** struct file, as far as calls and file systems use it. */
export interface OpenFile {
  /** Where the next write(2) begins. */
  f_pos: number
  /** Who holds f_pos_lock: one call at a time moves the position; null = free. */
  f_pos_lock: Letter | null
  /** The name of what the file system has put there; null = nothing. */
  private_data: string | null
}

/** A call that a thread has made before the one that it is in. */
export interface PastCall {
  readonly text: string
  readonly returned: number | null
  /** What it found, by offset in its buffer; null = it does not read. */
  readonly read: readonly Run[] | null
  /** Where its kiocb ended; 0 where it has none. */
  readonly at: number
}

/** An open file that nothing has been done with yet. */
export const openFile = (): OpenFile => ({ f_pos: 0, f_pos_lock: null, private_data: null })

/** A line of the kernel's log. */
export interface ConsoleEntry {
  readonly text: string
  readonly level: 'info' | 'warning' | 'error'
}

export interface VfsWorld extends History {
  inode: Inode
  locks: Locks
  /** Open files, by a name of the scenario's: `fd`. */
  files: Record<string, OpenFile>
  kiocbs: Record<Letter, Kiocb>
  iters: Record<Letter, IovIter>
  calls: Record<Letter, Call>
  /** Of threads that make several calls, those that are over; absent = there is no such thread. */
  past?: Record<Letter, PastCall[]>
  requests: Record<Letter, Request>
  printed: Printed[]
  dmesg: ConsoleEntry[]
}

/** vfs before any call: one file of this size, unlocked and not open. */
export const freshVfs = (ino: number, size: number): VfsWorld => ({
  inode: { ino, i_size: size, i_dio_count: 0 },
  locks: { i_rwsem: freeLock() },
  files: {},
  kiocbs: {},
  iters: {},
  calls: {},
  requests: {},
  ops: {},
  printed: [],
  dmesg: [],
})
