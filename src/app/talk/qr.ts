/**
 * A QR code of an address (ISO/IEC 18004): bytes, error correction level M, versions 1 to 10, which hold 213 bytes. No library and no
 * network: a room scans what the screen shows.
 */

/** Of each version at level M: correction bytes a block, then how many blocks there are of how many data bytes. */
const versions: readonly (readonly [correction: number, blocks: readonly (readonly [count: number, bytes: number])[]])[] = [
  [10, [[1, 16]]],
  [16, [[1, 28]]],
  [26, [[1, 44]]],
  [18, [[2, 32]]],
  [24, [[2, 43]]],
  [16, [[4, 27]]],
  [18, [[4, 31]]],
  // prettier-ignore
  [22, [[2, 38], [2, 39]]],
  // prettier-ignore
  [22, [[3, 36], [2, 37]]],
  // prettier-ignore
  [26, [[4, 43], [1, 44]]],
]

/** Where the middles of the alignment patterns stand, both across and down. */
const alignments: readonly (readonly number[])[] = [
  [],
  [6, 18],
  [6, 22],
  [6, 26],
  [6, 30],
  [6, 34],
  [6, 22, 38],
  [6, 24, 42],
  [6, 26, 46],
  [6, 28, 50],
]

/** Row by row, true is dark; null where the text is too long. */
export function qrCode(text: string): readonly (readonly boolean[])[] | null {
  const bytes = new TextEncoder().encode(text)
  const version = versions.findIndex((_, i) => bytes.length + (i < 9 ? 2 : 3) <= dataBytes(i + 1)) + 1
  if (version === 0) return null
  const drawn = masks.map((mask, i) => draw(version, codewords(bytes, version), mask, i))
  return drawn.reduce((best, one) => (penalty(one) < penalty(best) ? one : best))
}

const dataBytes = (version: number): number => (versions[version - 1]?.[1] ?? []).reduce((sum, [count, bytes]) => sum + count * bytes, 0)

/** Mode, length, the bytes, filling; cut into blocks, each with its correction, a byte of each in turn. */
function codewords(bytes: Uint8Array, version: number): number[] {
  const all = dataBytes(version)
  const bits: number[] = []
  const put = (value: number, length: number): void => {
    for (let bit = length - 1; bit >= 0; bit--) bits.push((value >> bit) & 1)
  }
  put(4, 4)
  put(bytes.length, version < 10 ? 8 : 16)
  for (const byte of bytes) put(byte, 8)
  put(0, Math.min(4, all * 8 - bits.length))
  while (bits.length % 8 !== 0) bits.push(0)
  for (let i = 0; bits.length < all * 8; i++) put(i % 2 === 0 ? 0xec : 0x11, 8)
  const data = Array.from({ length: all }, (_, i) => bits.slice(i * 8, i * 8 + 8).reduce((byte, bit) => byte * 2 + bit, 0))
  const [correction, sizes] = versions[version - 1] ?? [0, []]
  let from = 0
  const blocks = sizes.flatMap(([count, size]) => Array.from({ length: count }, () => data.slice(from, (from += size))))
  return [...interleaved(blocks), ...interleaved(blocks.map((block) => remainder(block, correction)))]
}

function interleaved(blocks: readonly (readonly number[])[]): number[] {
  const longest = Math.max(...blocks.map((block) => block.length))
  return Array.from({ length: longest }, (_, i) => blocks.flatMap((block) => block[i] ?? [])).flat()
}

/** Powers of the generator of the field of 256 elements, modulo x^8 + x^4 + x^3 + x^2 + 1; its logarithms. */
const powers: readonly number[] = Array.from({ length: 254 }).reduce<number[]>(
  (all) => [...all, ((all.at(-1) ?? 1) << 1) ^ ((all.at(-1) ?? 1) > 127 ? 0x11d : 0)],
  [1],
)
const times = (a: number, b: number): number => (a === 0 || b === 0 ? 0 : (powers[(powers.indexOf(a) + powers.indexOf(b)) % 255] ?? 0))

/** Reed-Solomon: what the data leave when they are divided by (x - 1)(x - 2)(x - 4)... */
export function remainder(data: readonly number[], length: number): number[] {
  let divisor = [1]
  for (let i = 0; i < length; i++)
    divisor = [...divisor, 0].map((value, k) => value ^ times(k === 0 ? 0 : (divisor[k - 1] ?? 0), powers[i] ?? 0))
  const rest = [...data, ...Array.from({ length }, () => 0)]
  for (let i = 0; i < data.length; i++) {
    const factor = rest[i] ?? 0
    for (const [k, value] of divisor.entries()) rest[i + k] = (rest[i + k] ?? 0) ^ times(value, factor)
  }
  return rest.slice(data.length)
}

const masks: readonly ((row: number, column: number) => boolean)[] = [
  (r, c) => (r + c) % 2 === 0,
  (r) => r % 2 === 0,
  (_, c) => c % 3 === 0,
  (r, c) => (r + c) % 3 === 0,
  (r, c) => (Math.floor(r / 2) + Math.floor(c / 3)) % 2 === 0,
  (r, c) => ((r * c) % 2) + ((r * c) % 3) === 0,
  (r, c) => (((r * c) % 2) + ((r * c) % 3)) % 2 === 0,
  (r, c) => (((r + c) % 2) + ((r * c) % 3)) % 2 === 0,
]

type Mask = (typeof masks)[number]

function draw(version: number, words: readonly number[], mask: Mask, number: number): boolean[][] {
  const size = 17 + 4 * version
  const cells: (boolean | null)[][] = Array.from({ length: size }, () => Array.from({ length: size }, () => null))
  const set = (row: number, column: number, dark: boolean): void => {
    const line = cells[row]
    if (line && column >= 0 && column < size) line[column] = dark
  }
  for (let i = 8; i < size - 8; i++) {
    set(6, i, i % 2 === 0)
    set(i, 6, i % 2 === 0)
  }
  const middles = alignments[version - 1] ?? []
  for (const row of middles)
    for (const column of middles) {
      const isCorner = (row === 6 && (column === 6 || column === middles.at(-1))) || (column === 6 && row === middles.at(-1))
      if (!isCorner) square(row, column, [true, false, true], set)
    }
  for (const [row, column] of [
    [3, 3],
    [3, size - 4],
    [size - 4, 3],
  ] as const)
    square(row, column, [true, true, false, true, false], set)
  formats(size, number, set)
  if (version >= 7) versionMarks(size, version, set)
  fill(cells, words, mask)
  return cells.map((line) => line.map((cell) => cell ?? false))
}

type Set = (row: number, column: number, dark: boolean) => void

/** Rings around a middle, the innermost first. */
function square(row: number, column: number, rings: readonly boolean[], set: Set): void {
  const reach = rings.length - 1
  for (let r = -reach; r <= reach; r++)
    for (let c = -reach; c <= reach; c++) {
      const ring = Math.max(Math.abs(r), Math.abs(c))
      // The ring around the dot of a finder is dark too.
      set(row + r, column + c, rings[ring] ?? false)
    }
}

/** What is left of `value` shifted by the degree, divided by a polynomial: the check bits of format and version. */
function checked(value: number, divisor: number, degree: number): number {
  let rest = value << degree
  for (let bit = 31 - Math.clz32(rest); bit >= degree; bit = 31 - Math.clz32(rest)) rest ^= divisor << (bit - degree)
  return (value << degree) | rest
}

/** The level (M is 00) and the mask, twice. */
function formats(size: number, mask: number, set: Set): void {
  const bits = checked(mask, 0x537, 10) ^ 0x5412
  const at = (i: number): boolean => ((bits >> i) & 1) === 1
  for (let i = 0; i < 15; i++) {
    if (i < 6) set(i, 8, at(i))
    else if (i < 8) set(i + 1, 8, at(i))
    else if (i === 8) set(8, 7, at(i))
    else set(8, 14 - i, at(i))
    if (i < 8) set(8, size - 1 - i, at(i))
    else set(size - 15 + i, 8, at(i))
  }
  set(size - 8, 8, true)
}

function versionMarks(size: number, version: number, set: Set): void {
  const bits = checked(version, 0x1f25, 12)
  for (let i = 0; i < 18; i++) {
    const [a, b, dark] = [size - 11 + (i % 3), Math.floor(i / 3), ((bits >> i) & 1) === 1]
    set(a, b, dark)
    set(b, a, dark)
  }
}

/** Up and down in pairs of columns, from the right; what is left over is light before it is masked. */
function fill(cells: (boolean | null)[][], words: readonly number[], mask: Mask): void {
  const size = cells.length
  let i = 0
  for (let pair = 0, right = size - 1; right > 0; pair++, right -= right === 8 ? 3 : 2)
    for (let step = 0; step < size; step++) {
      const row = pair % 2 === 0 ? size - 1 - step : step
      const line = cells[row] ?? []
      for (const column of [right, right - 1]) {
        if (line[column] !== null) continue
        const dark = (((words[i >> 3] ?? 0) >> (7 - (i & 7))) & 1) === 1
        i++
        line[column] = dark !== mask(row, column)
      }
    }
}

/** How hard a code is to read: long runs, blocks, what looks like a finder, too much of one shade. */
function penalty(cells: readonly (readonly boolean[])[]): number {
  const lines = [...cells, ...cells.map((_, c) => cells.map((line) => line[c] ?? false))]
  let sum = 0
  for (const line of lines) {
    const text = line.map((dark) => (dark ? '1' : '0')).join('')
    for (const [run] of text.matchAll(/0{5,}|1{5,}/g)) sum += run.length - 2
    sum += 40 * [...text.matchAll(/(?=10111010000|00001011101)/g)].length
  }
  for (const [r, line] of cells.entries())
    for (const [c, dark] of line.entries())
      if (r > 0 && c > 0 && [line[c - 1], cells[r - 1]?.[c], cells[r - 1]?.[c - 1]].every((one) => one === dark)) sum += 3
  const dark = cells.flat().filter(Boolean).length / cells.length ** 2
  return sum + 10 * Math.floor(Math.abs(dark - 0.5) * 20)
}
