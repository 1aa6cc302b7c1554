/**
 * What generic code asks of a file system, by the names of the kernel's tables of operations, with the arguments of each.
 * A system says which of its procedures does what (`System.operations`); one it does not name it cannot be asked.
 */
import type { Range } from '../../base/range.ts'
import { call, type Control } from '../../engine/procedure.ts'
import type { Letter } from '../../engine/view.ts'

export interface Operations {
  /** Writes the iov_iter of `io` at its kiocb's ki_pos. Returns the bytes written, a negative errno, or KILLED. */
  'f_op->write_iter': WriteIter
  /** Reads into the iov_iter of `io` from its kiocb's ki_pos on. Returns the bytes read or a negative errno. */
  'f_op->read_iter': ReadIter
  /** A read whose buffer nobody looks at: returns what it Found of [from, to). */
  'f_op->read': Range & { /** Its name in the history; null = it is in none. */ readonly op: string | null }
  /** Returns 0, a negative errno, or KILLED. */
  'f_op->fsync': { /** The open file. */ readonly file: string }
  /** Returns 0 or a negative errno. */
  'f_op->fallocate': Fallocate
  /** Changes the size. Returns 0 or a negative errno. */
  'i_op->setattr': { readonly to: number }
  /** Starts writeback of what is dirty of [from, to). */
  'a_ops->writepages': Range
  /** Brings [from, to) into the page cache, uptodate. Returns what it Found. */
  'a_ops->read_folio': Range
  /** A store to a page that may not be written to yet: makes it writable in the page table. Returns SIGBUS where it cannot, else nothing. */
  'vm_ops->page_mkwrite': Range
  /** Makes everything durable. Returns 0 or a negative errno. */
  's_op->sync_fs': object
}

/** Which procedure of a file system is which operation. */
export type OperationTable = Readonly<Partial<Record<keyof Operations, string>>>

export interface WriteIter {
  /** Whose kiocb, iov_iter and buffer. */
  readonly io: Letter
  /** The open file. */
  readonly file: string
  /** IOCB_DIRECT */
  readonly direct: boolean
  /** IOCB_DSYNC: O_DSYNC of the open file, or RWF_DSYNC. */
  readonly dsync: boolean
}

export interface ReadIter {
  readonly io: Letter
  readonly direct: boolean
  /** IOCB_NOWAIT */
  readonly nowait: boolean
}

export interface Fallocate {
  readonly mode: 'allocate' | 'punch' | 'zero'
  readonly offset: number
  readonly length: number
  readonly keepSize: boolean
}

/** What a read found. */
export interface Found {
  /** The values read, in the order of the file. */
  readonly value: string
  /** How many bytes are there. */
  readonly bytes: number
  /** The first byte of a page that could not be read; null = all were. */
  readonly lost: number | null
}

/** Calls what does this for the file system. */
export const operate = <Name extends keyof Operations>(name: Name, args: Operations[Name], into: string | null = null): Control =>
  call(name, args, into)
