/** What an oracle sees of a file system: the file as programs and its own maps tell of it, and whether work on it is going on. */
import type { Range } from '../../base/range.ts'
import type { Mark } from '../../engine/oracle.ts'
import { endOfFiles, type Piece, type Run } from '../lib/runs.ts'
import type { MmWorld } from '../mm/world.ts'
import type { VfsWorld } from '../vfs/world.ts'

/** What vfs and mm know of every file, whatever the file system. */
export type FileWorld = MmWorld & Pick<VfsWorld, 'inode' | 'locks' | 'files' | 'kiocbs' | 'calls' | 'past'>

type Components<W> = readonly (keyof W & string)[]

/**
 * The reader that a file system gives: all that the oracles of this folder know of it. Each looks at one file and changes nothing.
 * `watch` names the components that the function of that name reads beside `inode`.
 */
export interface Shown<W> {
  /** What reads of [from, to) find now, page cache first; nothing past the end of the file has to be there. */
  readonly content: (s: W, from: number, to: number) => readonly Run[]
  /** Data, holes and preallocated space of [0, end) on disk; of [0, i_size) where no end is said: space can be preallocated behind that. */
  readonly layout: (s: W, end?: number) => readonly Piece[]
  /** No I/O of this part of the file that somebody has asked for is on its way. Pages may still be dirty. */
  readonly idle: (s: W, part: Range) => boolean
  /** All I/O of this part is done: the layout tells of all that was written there. */
  readonly quiet: (s: W, part: Range) => boolean
  /** Where a step may have changed whether one of these holds. */
  readonly worked: (before: W, after: W) => readonly Range[]
  /** The power has failed and nothing is mounted yet. */
  readonly isDown: (s: W) => boolean
  /** How often the file system was mounted again after a power failure. */
  readonly mounts: (s: W) => number
  readonly watch: {
    readonly content: Components<W>
    readonly layout: Components<W>
    readonly quiet: Components<W>
    readonly mounts: Components<W>
  }
  /** The lanes in which content and layout are drawn. */
  readonly lanes: { readonly content: string; readonly layout: string }
}

/** All of any file. */
export const everywhere: Range = { from: 0, to: endOfFiles }

/** Ranges of a lane or of a buffer. */
export const ranges = (lane: string, parts: readonly Range[]): Mark[] => parts.map(({ from, to }) => ({ in: lane, part: { from, to } }))

/** The end of the file as it is drawn over the offsets. */
export const fileEnd: Mark = { in: 'marker', part: 'i_size' }

/** The line that a shell prints when the call of this task returns. */
export const resultLine = (task: string): Mark => ({ in: 'console', part: `call:${task}` })
