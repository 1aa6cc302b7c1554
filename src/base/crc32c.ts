/** CRC-32C (Castagnoli), the default checksum of btrfs. */

/** One byte's worth of division by the reflected polynomial 0x82f63b78. */
const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1
  return crc
})

/** A run of equal bytes. */
export interface Fill {
  /** 0 to 255. */
  readonly byte: number
  readonly count: number
}

/** The CRC of these bytes, one run after the other: 0 to 2^32 - 1. Source: facts direct-io B.5 has four values to check it by. */
export function crc32c(fills: readonly Fill[]): number {
  let crc = 0xffffffff
  for (const { byte, count } of fills) for (let i = 0; i < count; i++) crc = (table[(crc ^ byte) & 0xff] as number) ^ (crc >>> 8)
  return (crc ^ 0xffffffff) >>> 0
}

/** As btrfs prints a checksum: `0x` and its four bytes in the order in which they lie on disk, the lowest first. */
export function printCsum(crc: number): string {
  const bytes = [0, 8, 16, 24].map((shift) => ((crc >>> shift) & 0xff).toString(16).padStart(2, '0'))
  return `0x${bytes.join('')}`
}
