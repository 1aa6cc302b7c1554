/** vfs: the inode's size and lock, each call's kiocb and iov_iter, and what calls returned. */
import type { Rwsem } from '../locks.ts'
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
}

/** struct iov_iter: where in the user buffer, and how much is left. */
export interface IovIter {
  offset: number
  count: number
}

/** A system call of a task, as a shell would show it. */
export interface Call {
  readonly text: string
  /** Null while it runs. */
  returned: number | null
}

export interface VfsWorld {
  inode: Inode
  locks: Locks
  kiocbs: Record<Letter, Kiocb>
  iters: Record<Letter, IovIter>
  calls: Record<Letter, Call>
}

export const EIO = -5
export const EFAULT = -14
/** Internal: fall back to buffered I/O. */
export const ENOTBLK = -15
/** Not an errno: the signal that a fault past the end of a file raises. */
export const SIGBUS = -1007
