/** What was found in a mail before it is a scene. */

/** What was not made into a line of the scene. */
export interface Unread {
  /** From 1, in the text as it was given. */
  readonly line: number
  readonly text: string
  /** A sentence without a capital. */
  readonly why: string
}

/** Statements in order, without the kernel; what was chosen where the mail says nothing; and what is not in them. */
export interface Draft {
  readonly lines: readonly string[]
  readonly says: readonly string[]
  readonly unread: readonly Unread[]
}
