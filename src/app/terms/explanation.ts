import type { ReactNode } from 'react'

/** What a term means. */
export interface Explanation {
  readonly name: string
  readonly says: string
  readonly sketch: ReactNode
}
