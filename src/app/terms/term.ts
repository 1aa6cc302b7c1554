import type { ReactNode } from 'react'

/** A kernel word that a newcomer may not know: two sentences and a small picture. */
export interface Term {
  readonly name: string
  /** How it is written in running text, as the source of a regular expression; names with letters and digits around them do not match. */
  readonly pattern: string
  readonly says: string
  readonly sketch: ReactNode
}
