/** How wide texts are in drawings, and what of a name fits. */

/** The advance of the mono face at 11 units, and the mean one of the sans face, about. */
export const monoWidth = 6.6
export const sansWidth = 5.7

/** The first of these texts that fits into `room` units of the mono face. */
export const fitting = (texts: readonly string[], room: number, width = monoWidth): string | null =>
  texts.find((text) => text.length * width <= room) ?? null

/**
 * What a bar can be called, the fullest name first: all procedures that share it, the innermost, and of that the last words,
 * which tell one function of a file system from another.
 */
export function namesOf(procedures: readonly string[]): string[] {
  const name = procedures.at(-1) ?? ''
  const words = name.split('_')
  const tails = words.flatMap((_, i) => (i === 0 ? [] : [`…${words.slice(i).join('_')}`])).filter((tail) => tail.length > 3)
  return [...(procedures.length > 1 ? [procedures.join(' › ')] : []), name, ...tails]
}
