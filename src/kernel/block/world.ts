/** block: the disk's content by disk address, and bios in flight. */
import type { Letter } from '../../engine/view.ts'
import type { Run } from '../lib/runs.ts'

export interface Disk {
  /** What is durable, by disk byte address. The device has no volatile cache. */
  data: Run[]
  /** The same of further mirrors (RAID1, DUP), which begin as copies; none with one copy of the data. */
  copies: Run[][]
}

/** A bio: file range, its place on the disk, and whose memory it reads or, for a read, fills. */
export interface Bio {
  readonly read?: true
  readonly offset: number
  readonly length: number
  readonly disk: number
  /** A task's user buffer (from this byte of it on) or its private copy, or the page cache. */
  readonly memory: { readonly buffer: Letter; readonly at: number; readonly bounced?: true } | 'page cache'
  /** Clones for further mirrors that are still in flight. */
  clones: readonly Letter[]
}

export interface BlockWorld {
  disk: Disk
  /** By the letter of the completion task. */
  bios: Record<Letter, Bio>
}
