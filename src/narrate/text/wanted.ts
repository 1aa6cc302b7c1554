/** What can be asked for as text. */

export const genres = ['page', 'steps', 'cpu', 'strip', 'leaf', 'before-after', 'fiemap', 'filefrag', 'log', 'letters', 'why'] as const
export type Genre = (typeof genres)[number]

export const widths = [64, 72, 79] as const
/** Unless another one is asked for. */
export const WIDTH = 72

/** The moments of the story, or every step. */
export type Level = 'beats' | 'all'

export interface Wanted {
  readonly genre: Genre
  /** The most columns. */
  readonly width: number
  readonly level: Level
  /** Steps, 1-based and both included, of the left run; null = the first, the last. */
  readonly from: number | null
  readonly to: number | null
}
