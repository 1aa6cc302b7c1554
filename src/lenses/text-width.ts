/** How wide texts are in the timeline's drawing, and which of several fits. */

/** The advance of the mono face at 11 units. */
export const monoWidth = 6.6

/** Characters of the sans face that have about the same advance, as share of the size of the type, rounded up; all others have the last one. */
const advances: readonly (readonly [RegExp, number])[] = [
  [/[ 'ijl,.!]/, 0.3],
  [/[:;|[\](){}f]/, 0.35],
  [/[-/\\rtI"]/, 0.42],
  [/[csvxyzJL?*]/, 0.52],
  [/[mwMW%@]/, 0.93],
  [/[A-HJ-Z&#]/, 0.71],
]

/** The width of a text in the sans face at 11 units; in bold type it is a little wider. */
export const sansWidth = (text: string, bold = false): number =>
  [...text].reduce((sum, letter) => sum + (advances.find(([these]) => these.test(letter))?.[1] ?? 0.6), 0) * (bold ? 11.4 : 11)

const CUT = '\u2026'

/** As much of a text in the sans face as has room. */
export function clipped(text: string, room: number, bold = false): string {
  if (sansWidth(text, bold) <= room) return text
  let length = text.length - 1
  while (length > 0 && sansWidth(text.slice(0, length) + CUT, bold) > room) length--
  return text.slice(0, length) + CUT
}

/** The first of these texts that fits into `room` units, of the mono face if nothing else is said. */
export const fitting = (texts: readonly string[], room: number, widthOf = (text: string) => text.length * monoWidth): string | null =>
  texts.find((text) => widthOf(text) <= room) ?? null

/** The air before and behind a text in a bar. */
export const pad = 4
