/** mm: user buffers and the page cache of the one file. Offsets in bytes; pages are 4096 bytes. */
import type { Range } from '../../base/range.ts'
import type { Letter } from '../../engine/view.ts'
import type { Run } from '../lib/runs.ts'

export const PAGE = 4096

/** A system call's user buffer, with what this process's page table says of it. */
export interface UserBuffer {
  readonly length: number
  /** What the memory holds; nothing = never touched, reads as the zero page. */
  content: Run[]
  /** Parts that are in the page table of the process that makes the call. */
  present: Range[]
  /** Parts pinned by get_user_pages for an I/O in flight. */
  pinned: Range[]
  /** Registered with io_uring: pinned for good, so no I/O has to look at a page table. */
  readonly registered?: true
  /** Nothing is mapped there, or not any more: no fault can bring it in, and whoever copies from it gets -EFAULT. */
  unmapped?: true
  /** It is a private mapping of the file; absent = ordinary memory. */
  readonly maps?: MappedFile
  /** The private copy that an I/O in flight has of it (IOMAP_DIO_BOUNCE). */
  bounce?: Run[]
  /** Another task stores to this memory at any time: whatever reads it reads one sector after the other. */
  readonly shared?: boolean
  /** The memory is a page of a guest's page cache. */
  guest?: GuestPage
}

/** A private mapping of the file, as a buffer. */
export interface MappedFile {
  /** File offset of its first byte. */
  readonly at: number
  /** It is there to be stored to: a fault makes a copy of the page, which belongs to the process from then on. */
  readonly copies: boolean
}

/** The flags of a guest's page, which mean nothing to the host. */
export interface GuestPage {
  dirty: boolean
  writeback: boolean
  /** The guest's mapping has AS_STABLE_WRITES: who wants to store to the page waits for its writeback. */
  readonly stable: boolean
}

/** A run of page cache pages in equal state. */
export interface CacheRun extends Run {
  readonly dirty: boolean
  readonly writeback: boolean
}

export interface Mapping {
  runs: CacheRun[]
  /** Locked pages, by whom. `writing`: their dirty bits are cleared, but they keep their dirty tag until writeback is set on them. */
  locked: { readonly from: number; readonly to: number; readonly by: Letter; readonly writing: boolean }[]
  /** Pages that a store through the mapping reaches without a fault. */
  writable: Range[]
  /** Cached pages that are not uptodate: whoever reads them has to fill them first, or wait for who does. */
  fresh: Range[]
  /** Pages that reads have found and hold references to. */
  held: Batch[]
  /** Somebody may read pages, or store to them, while a write copies into them: such a copy is then more than one step. */
  readonly watched?: true
  /** Somebody may change the size of the file while pages become uptodate one after the other: how far a read got by then can be seen. */
  readonly resized?: true
}

/** What one pass of a read has found in the page cache: whole pages. */
export interface Batch extends Range {
  readonly by: Letter
  /** Pages of it that have left the cache since: they keep what they held then. */
  readonly gone: readonly Run[]
  /** What its pages held before they changed, since the read began to copy them one after the other; absent = it does not. */
  readonly before?: readonly Run[]
}

/** The page cache of a file nobody has touched yet. */
export const emptyMapping = (): Mapping => ({ runs: [], locked: [], writable: [], fresh: [], held: [] })

/** What the page cache has to know of the file and of a call that reads it. */
export interface Reading {
  readonly inode: { readonly i_size: number }
  readonly kiocbs: Readonly<Record<Letter, { ki_pos: number }>>
  readonly iters: Readonly<Record<Letter, { offset: number; count: number }>>
}

export interface MmWorld {
  buffers: Record<Letter, UserBuffer>
  mapping: Mapping
}
