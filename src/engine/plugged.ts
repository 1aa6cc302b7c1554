/** What a power failure at some state of a run leaves, and how that compares with what the file was: plain data, as `view.ts`. */
import type { Range } from '../base/range.ts'
import type { Extent, Letter } from './view.ts'

/** Somebody who might see that something is wrong after the next mount, and why so or why not. */
export interface Watcher {
  /** `mount`, `tree checker`, `read`, `btrfs check` */
  readonly who: string
  readonly notices: boolean
  readonly says: string
}

/** A stretch of a file and the value that it holds: a stamp, `0` for zeros, `?` for what nobody has written, `EIO`. */
export type Held = readonly [from: number, to: number, value: string]

/** The file after a power failure and the next mount. */
export interface Left {
  readonly size: number
  readonly layout: readonly Extent[]
  readonly content: readonly Held[]
  readonly watchers: readonly Watcher[]
}

/** The file as a reader saw it for a while. */
export interface Version {
  /** The states of the run in which it was so, the first and the last of them; null = before the run, as of the last commit. */
  readonly states: readonly [first: number, last: number] | null
  readonly size: number
  readonly content: readonly Held[]
}

/** A call that has returned and said that something is durable. */
export interface Promised {
  readonly task: Letter
  /** As in a shell: `fsync(fd)`. */
  readonly call: string
  /** What is promised is the file as of this state or later. */
  readonly since: number
  /** The part of the file that it speaks of; null = all of it. */
  readonly part: Range | null
}

export interface Plugged {
  readonly left: Left
  readonly promises: readonly Promised[]
  /** What a failure may leave: versions that keep every promise, oldest first. With no promise all that the file ever was. */
  readonly legal: readonly Version[]
  /** Which of them it leaves; null = none. */
  readonly match: number | null
  /** The one that it is most like, the latest of equally near ones; null = there is none. */
  readonly nearest: number | null
  /** Does every byte at least have a value that it has in one of them, and the file a size that it has in one? */
  readonly eachByte: boolean
  /** What is wrong: promised and not there, or what nobody ever wrote. */
  readonly wrong: readonly Range[]
  /** The state in which the power had failed already, if it had: versions end before it. */
  readonly failed: number | null
}

/** Pulls the plug in the last of these states; `tasks[i]` led from state i to state i + 1. */
export type Plug<W> = (worlds: readonly W[], tasks: readonly Letter[]) => Plugged
