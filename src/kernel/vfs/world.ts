/** vfs: the inode's size and lock, each call's kiocb and iov_iter, and what calls returned. */
import type { Rwsem } from '../lib/locks.ts'
import type { Letter } from '../../engine/view.ts'

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
  /** Bytes of the caller's data that the CPU copied on the way to the disk; absent = none yet. */
  copied?: number
}

export interface VfsWorld {
  inode: Inode
  locks: Locks
  kiocbs: Record<Letter, Kiocb>
  iters: Record<Letter, IovIter>
  calls: Record<Letter, Call>
  requests: Record<Letter, Request>
  printed: Printed[]
}

export const EIO = -5
export const EAGAIN = -11
export const EFAULT = -14
export const EINVAL = -22
export const EFBIG = -27
export const ENOSPC = -28
/** Internal: fall back to buffered I/O. */
export const ENOTBLK = -15
/** Internal: the request is in flight, ki_complete will be called. */
export const EIOCBQUEUED = -529
/** Not an errno: the signal that a fault past the end of a file raises. */
export const SIGBUS = -1007
/** Not an errno: the signal that a store to memory mapped without PROT_WRITE raises. */
export const SIGSEGV = -1011
/** Not an errno: the task ran into BUG() and is gone. Its call never returns, and what it had locked stays locked. */
export const KILLED = -1008

const names: Readonly<Record<number, string>> = {
  [EIO]: 'EIO',
  [EAGAIN]: 'EAGAIN',
  [-12]: 'ENOMEM',
  [EFAULT]: 'EFAULT',
  [ENOTBLK]: 'ENOTBLK',
  [EINVAL]: 'EINVAL',
  [EFBIG]: 'EFBIG',
  [ENOSPC]: 'ENOSPC',
  [-30]: 'EROFS',
  [EIOCBQUEUED]: 'EIOCBQUEUED',
  [SIGBUS]: 'SIGBUS',
  [SIGSEGV]: 'SIGSEGV',
}
/** `EAGAIN` for -11, as a program sees it; the number where it has no name here. */
export const errnoName = (error: number): string => names[error] ?? String(error)
/** `-EAGAIN`, as kernel code writes it. */
export const errorName = (error: number): string => (names[error] === undefined ? String(error) : `-${names[error]}`)
