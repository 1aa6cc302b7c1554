/** Where the rows of a user buffer stand. */
import { narrowBelow } from './strip-layout.ts'

export const bar = 26
const rowPitch = 46

/** How high the drawing of a buffer is on `width` units. */
export const bufferHeight = (width: number): number => rowsOf(width).bottom + 24

/** Where its two rows stand, and its ruler. */
export function rowsOf(width: number) {
  const narrow = width < narrowBelow
  const pitch = rowPitch + (narrow ? 12 : 0)
  const barTop = (row: number) => 28 + row * pitch + (narrow ? 20 : 0)
  return { barTop, bottom: barTop(1) + bar + 12 }
}
