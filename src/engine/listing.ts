/** What tools of user space print of a file, beside what a user sees: plain data, as `view.ts`. */

/** One extent as FIEMAP answers; bytes. `flags` are those of linux/fiemap.h, `physical` is 0 where there is no place on disk yet. */
export interface MappedExtent {
  readonly logical: number
  readonly physical: number
  readonly length: number
  readonly flags: number
}

export interface Listing {
  /** f_type of statfs(), as filefrag prints it: `9123683e`. */
  readonly magic: string
  readonly size: number
  /** FIEMAP without FIEMAP_FLAG_SYNC. */
  readonly extents: readonly MappedExtent[]
  /** The log tree of the file's subvolume as dump-tree prints one, what the model does not have left out as `(...)`; null where there is none. */
  readonly log: readonly string[] | null
}
