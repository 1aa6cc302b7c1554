/** A reader's own scene as the page holds it: the text that is typed, and what the model makes of it. */
import type { Problem } from '../../worker/protocol.ts'
import type { LinkProblem } from '../link/link.ts'
import type { Place } from '../place/place.ts'

export interface Own {
  /** What stands in the editor, comments and all. */
  readonly text: string
  /** What is wrong with the last text that was read, by line; none = it can be run. */
  readonly problems: readonly Problem[]
  /** The model is reading it. */
  readonly reading: boolean
  /** The scenario that the last text that could be run is. */
  readonly id: string | null
}

export const nothingTyped: Own = { text: '', problems: [], reading: false, id: null }

/** What a link to a scene means. One that can be read and not be run has no place: its text is there to be mended. */
export type ParsedOwn = { readonly place: Place | null; readonly own: Own } | { readonly problem: LinkProblem }
