import { describe, expect, it } from 'vitest'
import { arrange, stacked, type Arrangement, type Need } from './arrange.ts'

const scales = { least: 0.74, most: 1.6 }

/** A drawing that takes any height from 200 to 500 units. */
const strip: Need = { least: 520, ideal: 1000, heights: () => ({ least: 200, usual: 270, most: 500 }) }
/** A table of 12,000 square units: wider is lower. */
const table: Need = {
  least: 230,
  ideal: 400,
  heights: (width) => ({ least: 48_000 / width, usual: 48_000 / width, most: 48_000 / width }),
}

const same = (height: number) => ({ least: height, usual: height, most: height })

const rooms = [
  { width: 1240, height: 220 },
  { width: 1322, height: 290 },
  { width: 1350, height: 560 },
  { width: 1860, height: 560 },
  { width: 990, height: 260 },
]
const cases = [[strip], [strip, table], [strip, table, table], [table, table, strip], [table, table]].flatMap((needs) =>
  rooms.map((room) => ({ needs, room, arranged: arrange(needs, Math.max(0, needs.indexOf(strip)), room, scales) })),
)

describe('the pictures that lead', () => {
  it('are all inside the room and lie over none of the others', () => {
    for (const { room, arranged } of cases) {
      expect(arranged.fits).toBe(true)
      for (const { x, y, width, height } of arranged.boxes)
        expect([x >= 0, y >= 0, x + width <= room.width, y + height <= room.height]).toEqual([true, true, true, true])
      const overlap = arranged.boxes.some((a, i) =>
        arranged.boxes.some((b, k) => i < k && a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height),
      )
      expect(overlap).toBe(false)
    }
  })

  it('have what each needs at the scale that was chosen', () => {
    for (const { needs, arranged } of cases)
      needs.forEach((need, i) => {
        const { width = 0, height = 0 } = arranged.boxes[i] ?? {}
        expect(width / arranged.scale).toBeGreaterThanOrEqual(need.least)
        // Whole pixels: less than one is lost.
        expect(height + 1).toBeGreaterThanOrEqual(need.heights(width / arranged.scale).least * arranged.scale)
      })
  })

  it('grow with the room, as far as they may', () => {
    const at = (height: number): number => arrange([strip, table, table], 0, { width: 1350, height }, scales).scale
    expect(at(900)).toBe(scales.most)
    expect(at(220)).toBeLessThan(at(500))
    expect(at(500)).toBeLessThan(at(900))
  })

  it('stand side by side as narrow as they may be, where nothing else has room', () => {
    // Below 400 units its rows wrap. Side by side they need 520 + 400 + 400 units and two gaps of 28: 1376.
    const wraps: Need = { least: 230, ideal: 400, heights: (width) => same(width < 400 ? 900 : 200) }
    const { fits, boxes } = arrange([{ ...strip, ideal: 4000 }, wraps, wraps], 0, { width: 1400, height: 220 }, { least: 1, most: 1.1 })
    expect(fits).toBe(true)
    expect(boxes.map(({ y }) => y)).toEqual([0, 0, 0])
  })

  it('that cannot be read in the room keep their size, and the room scrolls', () => {
    const high: Need = { least: 300, ideal: 400, heights: () => ({ least: 900, usual: 900, most: 900 }) }
    const crowded: Arrangement = arrange([strip, high], 0, { width: 1240, height: 200 }, scales)
    expect(crowded).toMatchObject({ fits: false, scale: scales.least })
    expect(crowded.boxes[1]?.height).toBe(Math.ceil(900 * scales.least))
  })

  it('that have no room at all are still no narrower than they can be read: where the room is too narrow for three, one stands above', () => {
    const high: Need = { least: 300, ideal: 400, heights: () => same(500) }
    // Side by side they need 520 + 300 + 300 units and two gaps of 28.
    const { fits, boxes } = arrange([strip, high, high], 0, { width: 1000, height: 300 }, { least: 1, most: 1.1 })
    expect(fits).toBe(false)
    expect(boxes[0]).toEqual({ x: 0, y: 0, width: 1000, height: 200 })
    expect(boxes.slice(1).map(({ y, width }) => [y, width])).toEqual([
      [208, 486],
      [208, 486],
    ])
  })

  it('stand one below the other on a page that scrolls', () => {
    const { boxes, height, scale } = stacked([strip, table], 400)
    expect(scale).toBe(1)
    // The strip takes its usual height even where it is narrower than it should be.
    expect(boxes).toEqual([
      { x: 0, y: 0, width: 400, height: 270 },
      { x: 0, y: 278, width: 400, height: 120 },
    ])
    expect(height).toBe(398)
  })
})
