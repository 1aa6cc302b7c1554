/** How wide texts are in the timeline's drawing, and which of several fits. */

/** The advance of the mono face at 11 units, and the mean one of the sans face, about. */
export const monoWidth = 6.6
export const sansWidth = 5.7

/** The first of these texts that fits into `room` units of the mono face. */
export const fitting = (texts: readonly string[], room: number, width = monoWidth): string | null =>
  texts.find((text) => text.length * width <= room) ?? null

/** The air before and behind a text in a bar. */
export const pad = 4
