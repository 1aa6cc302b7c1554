/**
 * The closed vocabulary of what can be drawn. The model makes pictures, the page draws them; nothing else of the
 * model's state reaches the page. Every part has an id that is stable for as long as it is the same thing, so that a
 * change can be animated as that thing moving, splitting or shrinking. Offsets and lengths are bytes; ranges half-open.
 */
export type Picture = ExtentStrip | TreeLeaf | RecordPicture | Gauge | UserBuffer | Locks | Console | Note

interface Base {
  /** Stable over a trace and unique in a frame, e.g. `strip:257`. */
  readonly id: string
  /** A heading in kernel terms, e.g. `inode 257`, `struct kiocb`. */
  readonly title: string
}

/**
 * True where an oracle that objects points at this part: drawn in red, with a sign. Who makes pictures leaves it out; marks
 * are put on them afterwards (`mark.ts`).
 */
export type Damaged = boolean

/** The one word for each state that bytes can be in, and how a span is filled. A pattern and a short form of the word go with each; red is for damage alone. */
export type Fill =
  | 'data' // content that has a place on disk
  | 'dirty' // page cache content that has no place yet
  | 'writeback' // being written
  | 'clean' // page cache content equal to the disk
  | 'new' // a page that is not uptodate: it has no content yet
  | 'unwritten' // preallocated
  | 'hole' // an open gap with its size
  | 'zeros' // what a read finds where nothing was written, whatever the file has there
  | 'pending' // on its way: an ordered extent whose I/O is not done, a checksum that is not stored
  | 'done' // an ordered extent whose I/O is done and whose items are still to come
  | 'failed' // an ordered extent that ended in error
  | 'locked' // a locked range
  | 'unknown' // nothing is told of these bytes

export interface Span {
  readonly id: string
  readonly from: number
  readonly to: number
  readonly fill: Fill
  /** The stamp of the content or the name of the extent (`A`, `E`, `Z`), shown inside; never a word for a state, which its fill is. */
  readonly label: string | null
  /** The task whose hue it takes, if it belongs to one. */
  readonly task: string | null
  /** A second line for a tooltip and for the text export, e.g. `disk 13631488, offset 128K`. */
  readonly note: string | null
  readonly damaged?: Damaged
}

/** One row of a strip; its spans are sorted by `from` and may overlap (overlap is drawn as overlap). */
export interface Lane {
  readonly id: string
  readonly title: string
  readonly spans: readonly Span[]
  /** True if this lane belongs in the history band under the timeline. */
  readonly history?: boolean
}

/** A named offset on the strip's axis: `i_size`, `disk_i_size`, a task's `ki_pos`. */
export interface Marker {
  readonly id: string
  readonly name: string
  readonly at: number
  readonly task: string | null
  readonly damaged?: Damaged
}

export interface ExtentStrip extends Base {
  readonly kind: 'extent-strip'
  /** The shared offset axis; constant over a trace, so that nothing shifts. `focus` is the part worth most of the width. */
  readonly axis: { readonly from: number; readonly to: number; readonly focus?: { readonly from: number; readonly to: number } }
  readonly lanes: readonly Lane[]
  readonly markers: readonly Marker[]
}

export interface LeafItem {
  readonly id: string
  /** `(257 EXTENT_DATA 655360)` */
  readonly key: string
  /** `extent E, length 128K`; `extent E, offset 4K, length 124K` */
  readonly payload: string
  /** The file range that an extent item covers, in words: `[640K, 768K)`. */
  readonly covers: string | null
  readonly damaged?: Damaged
}

export interface Leaf {
  readonly id: string
  /** `leaf N, generation 8` */
  readonly title: string
  readonly items: readonly LeafItem[]
  /** Who holds the leaf's lock, if somebody does. */
  readonly locked: string | null
}

export interface TreeLeaf extends Base {
  readonly kind: 'tree-leaf'
  readonly leaves: readonly Leaf[]
  /** A search cursor such as `min_key`; it stands before the first item whose key is not smaller: `before` is that item's id, null at the end. */
  readonly cursor: { readonly name: string; readonly key: string; readonly before: string | null; readonly task: string } | null
}

export interface Field {
  readonly name: string
  /** Offsets and sizes in K or M. */
  readonly value: string
  readonly damaged?: Damaged
}

/** Named fields of one kernel struct. The page compares with the frame before to show the old value and who wrote it. */
export interface RecordPicture extends Base {
  readonly kind: 'record'
  readonly owner: string | null
  readonly fields: readonly Field[]
  /** Null while the struct is not allocated; then a sentence such as `freed by A`. */
  readonly gone: string | null
}

export interface Gauge extends Base {
  readonly kind: 'gauge'
  readonly value: number
  readonly max: number
  readonly holders: readonly { readonly id: string; readonly who: string; readonly what: string }[]
  /** The value is not what it should be. */
  readonly damaged?: Damaged
  /** Who held a reference and dropped it. */
  readonly dropped?: readonly { readonly id: string; readonly who: string; readonly what: string }[]
}

/** A run of pages of a user buffer in equal state. */
export interface BufferRun {
  readonly id: string
  readonly firstPage: number
  readonly pages: number
  /** What the memory holds: a stamp, or `0` for the zero page; null if nobody has ever touched it. */
  readonly content: string | null
  /** Is it in this process's page table? */
  readonly present: boolean
  readonly pinned: boolean
  readonly damaged?: Damaged
}

export interface UserBuffer extends Base {
  readonly kind: 'user-buffer'
  readonly owner: string
  readonly pages: number
  readonly runs: readonly BufferRun[]
  /** The byte of the buffer at which the iov_iter stands. */
  readonly iter: number | null
}

export interface LockRow {
  readonly id: string
  readonly name: string
  readonly mode: 'free' | 'shared' | 'exclusive' | 'broken'
  readonly holders: readonly string[]
  /** For range locks, `[0, 64K)`. */
  readonly range: string | null
  readonly damaged?: Damaged
}

/** Who waits is not here: the trace's steps say who is blocked, on which lock's name. */
export interface Locks extends Base {
  readonly kind: 'locks'
  readonly rows: readonly LockRow[]
}

export interface ConsoleLine {
  readonly id: string
  readonly text: string
  readonly stream: 'dmesg' | 'shell'
  /** As the kernel or the shell ranks it; an error that is told of rightly is no damage. */
  readonly level: 'info' | 'warning' | 'error'
  readonly damaged?: Damaged
}

export interface Console extends Base {
  readonly kind: 'console'
  readonly lines: readonly ConsoleLine[]
}

export interface Note extends Base {
  readonly kind: 'note'
  readonly text: string
}
