/** Where the rows of a user buffer stand. */
import { narrowBelow } from './strip-layout.ts'

export const bar = 26
const rowPitch = 36

/** How high the drawing of a buffer is on `width` units. */
export const bufferHeight = (width: number): number => rowsOf(width).bottom + 20

/** Where its two rows stand, and its ruler. */
export function rowsOf(width: number) {
  const narrow = width < narrowBelow
  const pitch = rowPitch + (narrow ? 10 : 0)
  const barTop = (row: number) => 27 + row * pitch + (narrow ? 17 : 0)
  return { barTop, bottom: barTop(1) + bar + 6 }
}
