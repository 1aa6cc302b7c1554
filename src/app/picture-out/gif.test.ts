import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Gif } from './gif.ts'

/** A reader written from the format's description and not from the writer. */
function frames(gif: Uint8Array): { readonly delay: number; readonly pixels: readonly number[] }[] {
  const word = (at: number): number => (gif[at] ?? 0) | ((gif[at + 1] ?? 0) << 8)
  const [width, height] = [word(6), word(8)]
  const canvas = Array.from({ length: width * height }, () => -1)
  const found: { delay: number; pixels: number[] }[] = []
  let [at, delay] = [13, 0]
  for (;;) {
    const kind = gif[at++]
    if (kind === 0x3b) return found
    if (kind === 0x21) {
      if (gif[at] === 0xf9) delay = word(at + 3)
      at++
      while (gif[at] !== 0) at += (gif[at] ?? 0) + 1
      at++
      continue
    }
    const [x, y, w, h] = [word(at), word(at + 2), word(at + 4), word(at + 6)]
    const colours = 2 << ((gif[at + 8] ?? 0) & 7)
    const table = at + 9
    at = table + colours * 3
    const least = gif[at++] ?? 0
    const bytes: number[] = []
    while (gif[at] !== 0) {
      bytes.push(...gif.slice(at + 1, at + 1 + (gif[at] ?? 0)))
      at += (gif[at] ?? 0) + 1
    }
    at++
    for (const [i, index] of unpacked(bytes, least).entries()) {
      const colour = table + index * 3
      if (i < w * h)
        canvas[(y + Math.floor(i / w)) * width + x + (i % w)] =
          ((gif[colour] ?? 0) << 16) | ((gif[colour + 1] ?? 0) << 8) | (gif[colour + 2] ?? 0)
    }
    found.push({ delay, pixels: [...canvas] })
  }
}

function unpacked(bytes: readonly number[], least: number): number[] {
  const bits = bytes.flatMap((byte) => Array.from({ length: 8 }, (_, bit) => (byte >> bit) & 1))
  const [clear, end] = [1 << least, (1 << least) + 1]
  const fresh = (): number[][] => [...Array.from({ length: clear }, (_, i) => [i]), [], []]
  let table = fresh()
  let [size, at] = [least + 1, 0]
  let last: readonly number[] | null = null
  const out: number[] = []
  for (;;) {
    const code = bits.slice(at, at + size).reduce((sum, bit, i) => sum + (bit << i), 0)
    at += size
    if (code === end || at > bits.length) return out
    if (code === clear) {
      table = fresh()
      size = least + 1
      last = null
      continue
    }
    const entry: readonly number[] = table[code] ?? [...(last ?? []), last?.[0] ?? 0]
    out.push(...entry)
    if (last && table.length < 4096) table.push([...last, entry[0] ?? 0])
    if (table.length === 1 << size && size < 12) size++
    last = entry
  }
}

const raster = (width: number, height: number, colours: readonly number[]) => ({
  width,
  height,
  data: Uint8ClampedArray.from(colours.flatMap((colour) => [colour >> 16, (colour >> 8) & 255, colour & 255, 255])),
})

describe('a GIF', () => {
  it('of no more than 256 colours is read back pixel by pixel, whatever changes between its frames', () => {
    const [width, height] = [40, 30]
    const pixels = fc.array(fc.constantFrom(0xfbfaf6, 0x1a1a18, 0xb3001e, 0x0060a0, 0xffffff), { minLength: 1200, maxLength: 1200 })
    fc.assert(
      fc.property(fc.array(pixels, { minLength: 1, maxLength: 3 }), (all) => {
        const gif = new Gif(width, height)
        for (const one of all) gif.add(raster(width, height, one), 1.6)
        expect(frames(gif.end())).toEqual(all.map((one) => ({ delay: 160, pixels: one })))
      }),
      { numRuns: 8 },
    )
  })

  it('begins its table anew when all 4096 codes are taken', () => {
    // What never repeats takes a code for each pixel.
    let seed = 1
    const noise = Array.from({ length: 120 * 120 }, () => {
      seed = (seed * 1103515245 + 12345) % 2147483648
      return (seed >> 16) % 200
    })
    const gif = new Gif(120, 120)
    gif.add(raster(120, 120, noise), 1)
    expect(frames(gif.end())[0]?.pixels).toEqual(noise)
  })

  it('keeps the commonest colours where there are more than it can have', () => {
    const many = Array.from({ length: 900 }, (_, i) => (i < 400 ? 0xfbfaf6 : i * 257))
    const gif = new Gif(30, 30)
    gif.add(raster(30, 30, many), 1)
    expect(frames(gif.end())[0]?.pixels.slice(0, 400)).toEqual(many.slice(0, 400))
  })
})
