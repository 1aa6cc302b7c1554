/** How the pictures that lead share the room they have: pure arithmetic. Pictures are measured in units, the room in pixels; `scale` pixels are one unit. */

export interface Heights {
  /** With less it cannot be read. */
  readonly least: number
  readonly usual: number
  /** More is of no use to it. */
  readonly most: number
}

/** What a picture needs in every state of a run. */
export interface Need {
  /** Narrower than this it cannot be read. */
  readonly least: number
  /** As wide as it can use. */
  readonly ideal: number
  /** How high it is at a width; never higher at a larger one. */
  readonly heights: (width: number) => Heights
}

export interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export interface Arrangement {
  readonly scale: number
  /** One for each need, in their order. */
  readonly boxes: readonly Box[]
  /** Is everything inside the room at this scale? */
  readonly fits: boolean
}

interface Room {
  readonly width: number
  readonly height: number
}

const columnGap = 28
const rowGap = 8
const scaleStep = 0.02
const widthStep = 10
/** What the picture that comes first may get of the width, beside the others or over them. */
const shares = [0.36, 0.42, 0.48, 0.54, 0.6, 0.66, 0.72]

/**
 * The best of some plain arrangements: all in a row, the first beside the others, the first above the others, all in a column.
 * Best is large, and nothing narrower or closer than it would like to be.
 */
export function arrange(
  needs: readonly Need[],
  main: number,
  room: Room,
  scales: { readonly least: number; readonly most: number },
): Arrangement {
  let best: { readonly score: number; readonly arrangement: Arrangement } | null = null
  for (const scale of downTo(scales)) {
    // No arrangement is worth more than its scale allows.
    if (best && best.score >= scale * scale) break
    for (const boxes of arrangements(needs, main, room, scale)) {
      const score = worth(needs, boxes, scale)
      if (score > 0 && score > (best?.score ?? 0)) best = { score, arrangement: { scale, boxes, fits: true } }
    }
  }
  return best?.arrangement ?? crowded(needs, main, room, scales.least)
}

/** From the largest to the least, which is among them. */
function* downTo({ least, most }: { readonly least: number; readonly most: number }): Generator<number> {
  for (let scale = most; scale > least; scale -= scaleStep) yield scale
  yield least
}

/** One below the other, each as high as it usually is: for a page that scrolls. */
export function stacked(needs: readonly Need[], width: number): Arrangement & { readonly height: number } {
  let y = 0
  const boxes = needs.map((need): Box => {
    const height = need.heights(Math.max(width, need.least)).usual
    y += height + rowGap
    return { x: 0, y: y - height - rowGap, width, height }
  })
  return { scale: 1, boxes, fits: true, height: Math.max(0, y - rowGap) }
}

function* arrangements(needs: readonly Need[], main: number, room: Room, scale: number): Generator<readonly Box[]> {
  const others = needs.map((_, i) => i).filter((i) => i !== main)
  const order = needs.map((_, i) => i)
  for (const more of [0.6, 0.8, 1, 1.4, 1.8]) yield* row(needs, order, main, more, { x: 0, y: 0, ...room }, scale)
  yield* snug(needs, order, room, scale)
  const pile = distribute(needs, { x: 0, y: 0, ...room }, scale)
  if (pile) yield pile
  if (others.length === 0) return
  for (const share of shares) {
    const left = Math.floor((room.width - columnGap) * share)
    if (heightOf(need(needs, main), left / scale).least * scale > room.height) continue
    const column = distribute(
      others.map((i) => need(needs, i)),
      { x: left + columnGap, y: 0, width: room.width - left - columnGap, height: room.height },
      scale,
    )
    if (column) yield ordered(needs, [main, ...others], [{ x: 0, y: 0, width: left, height: room.height }, ...column])
  }
  const under = room.height - rowGap - heightOf(need(needs, main), room.width / scale).least * scale
  const belows = [
    ...[1, 1.6].flatMap((more) => [...row(needs, others, others[0] ?? 0, more, { x: 0, y: 0, ...room }, scale)]),
    ...snug(needs, others, { width: room.width, height: under }, scale),
  ]
  for (const below of belows) {
    const together: Need = {
      least: 0,
      ideal: 0,
      heights: () => highest(others.map((i) => need(needs, i).heights((below[i]?.width ?? 0) / scale))),
    }
    const rows = distribute([need(needs, main), together], { x: 0, y: 0, ...room }, scale)
    const [top, bottom] = rows ?? []
    if (top && bottom) yield needs.map((_, i) => (i === main ? top : { ...(below[i] ?? bottom), y: bottom.y, height: bottom.height }))
  }
}

/** Side by side, as wide as they like in proportion, the `main` one `more` than that. */
function* row(
  needs: readonly Need[],
  order: readonly number[],
  main: number,
  more: number,
  box: Box,
  scale: number,
): Generator<readonly Box[]> {
  const weights = order.map((i) => need(needs, i).ideal * (i === main ? more : 1))
  const all = weights.reduce((sum, weight) => sum + weight, 0)
  const width = box.width - columnGap * (order.length - 1)
  let x = box.x
  const boxes = weights.map((weight): Box => {
    const own = Math.floor((width * weight) / all)
    x += own + columnGap
    return { x: x - own - columnGap, y: box.y, width: own, height: box.height }
  })
  if (order.every((i, k) => heightOf(need(needs, i), (boxes[k]?.width ?? 0) / scale).least * scale <= box.height))
    yield ordered(needs, order, boxes)
}

/** Side by side, each as wide as it must be for this height, and what is left to those that would like more. */
function* snug(needs: readonly Need[], order: readonly number[], room: Room, scale: number): Generator<readonly Box[]> {
  const must = order.map((i) => narrowest(need(needs, i), room, scale))
  const left = room.width - columnGap * (order.length - 1) - must.reduce((sum, width) => sum + width, 0)
  if (!(left >= 0)) return
  const wishes = order.map((i, k) => Math.max(1, need(needs, i).ideal * scale - (must[k] ?? 0)))
  const all = wishes.reduce((sum, wish) => sum + wish, 0)
  let x = 0
  const boxes = must.map((width, k): Box => {
    const own = Math.floor(width + (left * (wishes[k] ?? 0)) / all)
    x += own + columnGap
    return { x: x - own - columnGap, y: 0, width: own, height: room.height }
  })
  yield ordered(needs, order, boxes)
}

/** The least width, in pixels, at which a picture is no higher than the room. */
function narrowest(one: Need, room: Room, scale: number): number {
  for (let width = one.least; width * scale <= room.width; width += widthStep)
    if (one.heights(width).least * scale <= room.height) return width * scale
  return Infinity
}

/** One below the other: each what it must have, and what is left to those that can use it. Null if there is too little. */
function distribute(needs: readonly Need[], box: Box, scale: number): readonly Box[] | null {
  const heights = needs.map((one) => heightOf(one, box.width / scale))
  const must = heights.reduce((sum, { least }) => sum + least * scale, rowGap * (needs.length - 1))
  const wish = heights.reduce((sum, { least, most }) => sum + (most - least) * scale, 0)
  if (!(must <= box.height)) return null
  const share = wish === 0 ? 0 : Math.min(1, (box.height - must) / wish)
  let y = box.y
  return heights.map(({ least, most }): Box => {
    const height = Math.floor((least + share * (most - least)) * scale)
    y += height + rowGap
    return { x: box.x, y: y - height - rowGap, width: box.width, height }
  })
}

const never: Heights = { least: Infinity, usual: Infinity, most: Infinity }
const heightOf = (one: Need, width: number): Heights => (width < one.least ? never : one.heights(width))

const highest = (all: readonly Heights[]): Heights => ({
  least: Math.max(...all.map(({ least }) => least)),
  usual: Math.max(...all.map(({ usual }) => usual)),
  most: Math.max(...all.map(({ most }) => most)),
})

function need(needs: readonly Need[], i: number): Need {
  const one = needs[i]
  if (!one) throw new Error(`there is no picture ${i}`)
  return one
}

/** Boxes that were made in `order`, by the needs' own. */
const nowhere: Box = { x: 0, y: 0, width: 0, height: 0 }
const ordered = (needs: readonly Need[], order: readonly number[], boxes: readonly Box[]): readonly Box[] =>
  needs.map((_, i) => boxes[order.indexOf(i)] ?? nowhere)

/** What an arrangement is worth: the area of its type, less for each picture that is narrower or closer than it would like to be. */
function worth(needs: readonly Need[], boxes: readonly Box[], scale: number): number {
  return needs.reduce((score, one, i) => {
    const { width, height } = boxes[i] ?? nowhere
    const wide = Math.min(1, width / scale / one.ideal)
    const high = Math.min(1, height / scale / heightOf(one, width / scale).usual)
    return score * Math.sqrt(wide * high)
  }, scale * scale)
}

/** Where nothing fits the room scrolls: by as little as can be, and nothing is narrower than it can be read. */
function crowded(needs: readonly Need[], main: number, room: Room, scale: number): Arrangement {
  const order = needs.map((_, i) => i)
  const endless: Box = { x: 0, y: 0, width: room.width, height: Infinity }
  const asHigh = (box: Box, i: number): Box => ({ ...box, height: Math.ceil(heightOf(need(needs, i), box.width / scale).least * scale) })
  const first = asHigh(endless, main)
  const others = order.filter((i) => i !== main)
  const beside = [...row(needs, order, main, 1, endless, scale)].map((boxes) => boxes.map(asHigh))
  const under = [...row(needs, others, others[0] ?? 0, 1, endless, scale)].map((boxes) =>
    boxes.map((box, i) => (i === main ? first : { ...asHigh(box, i), y: first.height + rowGap })),
  )
  const column = stacked(needs, room.width / scale).boxes.map((box) => scaled(box, scale))
  const bottom = (boxes: readonly Box[]): number => Math.max(...boxes.map(({ y, height }) => y + height))
  const readable = [...beside, ...under].filter((boxes) => bottom(boxes) < Infinity)
  const [boxes = column] = [...readable, column].sort((one, other) => bottom(one) - bottom(other))
  return { scale, boxes, fits: false }
}

const scaled = ({ x, y, width, height }: Box, scale: number): Box => ({
  x: x * scale,
  y: y * scale,
  width: width * scale,
  height: height * scale,
})
