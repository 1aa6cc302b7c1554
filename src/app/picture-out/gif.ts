/** GIF89a: what every program for slides plays. A frame holds the part that differs from the one before it, in at most 256 colours of its own. */

/** Pixels, four bytes each, row by row. */
export interface Raster {
  readonly width: number
  readonly height: number
  readonly data: Uint8ClampedArray | Uint8Array
}

export class Gif {
  private readonly bytes: number[] = []
  private before: Raster | null = null

  private readonly width: number
  private readonly height: number

  constructor(width: number, height: number) {
    this.width = width
    this.height = height
    this.text('GIF89a')
    this.words(width, height)
    // No colours for all frames; the eight bits of the colours that there were.
    this.bytes.push(0x70, 0, 0)
    // Over and over.
    this.bytes.push(0x21, 0xff, 11)
    this.text('NETSCAPE2.0')
    this.bytes.push(3, 1, 0, 0, 0)
  }

  add(frame: Raster, seconds: number): void {
    const part = changed(frame, this.before, this.width, this.height)
    const { palette, indices } = paletted(frame, part)
    const bits = Math.max(1, Math.ceil(Math.log2(Math.max(2, palette.length))))
    this.bytes.push(0x21, 0xf9, 4, 4)
    this.words(Math.round(seconds * 100))
    this.bytes.push(0, 0)
    this.bytes.push(0x2c)
    this.words(part.x, part.y, part.width, part.height)
    this.bytes.push(0x80 | (bits - 1))
    for (let i = 0; i < 1 << bits; i++) {
      const colour = palette[i] ?? 0
      this.bytes.push(colour >> 16, (colour >> 8) & 255, colour & 255)
    }
    const least = Math.max(2, bits)
    this.bytes.push(least)
    this.blocks(packed(indices, least))
    this.before = frame
  }

  end(): Uint8Array<ArrayBuffer> {
    this.bytes.push(0x3b)
    return Uint8Array.from(this.bytes)
  }

  private text(letters: string): void {
    for (const letter of letters) this.bytes.push(letter.charCodeAt(0))
  }

  private words(...values: readonly number[]): void {
    for (const value of values) this.bytes.push(value & 255, value >> 8)
  }

  private blocks(data: readonly number[]): void {
    for (let from = 0; from < data.length; from += 255) {
      const block = data.slice(from, from + 255)
      this.bytes.push(block.length)
      for (const byte of block) this.bytes.push(byte)
    }
    this.bytes.push(0)
  }
}

interface Part {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** The smallest rectangle in which two frames differ; one pixel where they do not. */
function changed({ data }: Raster, before: Raster | null, width: number, height: number): Part {
  if (!before) return { x: 0, y: 0, width, height }
  const [now, old] = [pixels(data), pixels(before.data)]
  let [left, top, right, bottom] = [width, height, -1, -1]
  for (let i = 0; i < now.length; i++) {
    if (now[i] === old[i]) continue
    const [x, y] = [i % width, Math.floor(i / width)]
    if (x < left) left = x
    if (x > right) right = x
    if (y < top) top = y
    bottom = y
  }
  return bottom < 0 ? { x: 0, y: 0, width: 1, height: 1 } : { x: left, y: top, width: right - left + 1, height: bottom - top + 1 }
}

const pixels = (data: Raster['data']): Uint32Array => new Uint32Array(data.buffer, data.byteOffset, data.byteLength / 4)

/** The commonest colours, and for each pixel the nearest of them. */
function paletted({ data, width }: Raster, part: Part): { readonly palette: readonly number[]; readonly indices: Uint8Array } {
  const colours = new Uint32Array(part.width * part.height)
  const counts = new Map<number, number>()
  for (let y = 0; y < part.height; y++)
    for (let x = 0; x < part.width; x++) {
      const at = ((part.y + y) * width + part.x + x) * 4
      const colour = ((data[at] ?? 0) << 16) | ((data[at + 1] ?? 0) << 8) | (data[at + 2] ?? 0)
      colours[y * part.width + x] = colour
      counts.set(colour, (counts.get(colour) ?? 0) + 1)
    }
  const palette = [...counts]
    .sort((a, b) => b[1] - a[1])
    .slice(0, 256)
    .map(([colour]) => colour)
  const nearest = new Map(palette.map((colour, i) => [colour, i]))
  const indices = Uint8Array.from(colours, (colour) => {
    const found = nearest.get(colour)
    if (found !== undefined) return found
    const made = nearestOf(palette, colour)
    nearest.set(colour, made)
    return made
  })
  return { palette, indices }
}

function nearestOf(palette: readonly number[], colour: number): number {
  let [best, least] = [0, Infinity]
  for (const [i, one] of palette.entries()) {
    const far =
      ((one >> 16) - (colour >> 16)) ** 2 + (((one >> 8) & 255) - ((colour >> 8) & 255)) ** 2 + ((one & 255) - (colour & 255)) ** 2
    if (far < least) [best, least] = [i, far]
  }
  return best
}

/** The variable-length code of the format, after Lempel, Ziv and Welch. */
function packed(indices: Uint8Array, least: number): number[] {
  const out: number[] = []
  const [clear, end] = [1 << least, (1 << least) + 1]
  let [held, count, size, next] = [0, 0, least + 1, end + 1]
  let table = new Map<number, number>()
  const put = (code: number): void => {
    held |= code << count
    count += size
    for (; count >= 8; count -= 8) {
      out.push(held & 255)
      held >>>= 8
    }
  }
  put(clear)
  let prefix = indices[0] ?? 0
  for (let i = 1; i < indices.length; i++) {
    const index = indices[i] ?? 0
    const key = (prefix << 8) | index
    const known = table.get(key)
    if (known !== undefined) {
      prefix = known
      continue
    }
    put(prefix)
    prefix = index
    if (next === 4096) {
      put(clear)
      table = new Map()
      size = least + 1
      next = end + 1
      continue
    }
    table.set(key, next)
    // The reader learns a code one step later than the writer.
    if (next === 1 << size) size++
    next++
  }
  put(prefix)
  put(end)
  if (count > 0) out.push(held & 255)
  return out
}
