/** How the model calls what bytes carry: a letter where the byte is one, zeros `0`, any other by its value. */
import type { Stamp } from '../scene/scene.ts'

/** Of a byte, 0 to 255. */
export function stampOfByte(byte: number): string {
  if (byte === 0) return '0'
  const letter = String.fromCharCode(byte)
  return /^[A-Za-z]$/.test(letter) ? letter : `x${byte.toString(16).padStart(2, '0')}`
}

/** Of what the text says. */
export const stampName = (stamp: Stamp): string => (stamp.startsWith('0x') ? stampOfByte(Number(stamp)) : stamp)

/** The byte that a letter or a number of the text stands for. */
export const byteOf = (stamp: Stamp): number => (stamp.startsWith('0x') ? Number(stamp) : stamp.charCodeAt(0))
