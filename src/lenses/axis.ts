/** The shared offset axis of a strip: where an offset lies, which offsets get a tick, and where the scale changes. */
import { size } from '../base/range.ts'
import type { ExtentStrip } from '../picture/picture.ts'

/** The share of the width that a focus gets, at least. */
const focusShare = 0.7
/** The share that a part beside the focus keeps, however short it is. */
const leastShare = 0.08
const smallest = 1 / 1024

export interface Piece {
  readonly from: number
  readonly to: number
  readonly x0: number
  readonly x1: number
  readonly focus: boolean
}

export interface OffsetScale {
  /** The position of an offset; offsets outside the axis stand at its ends. */
  readonly at: (offset: number) => number
  /** Pieces of constant scale, left to right; more than one means that the scale changes between them. */
  readonly pieces: readonly Piece[]
  /** How many times wider the focus is drawn than the rest; null without a focus. */
  readonly magnified: number | null
}

export interface Tick {
  readonly offset: number
  readonly at: number
  readonly text: string
  /** The text stands under its offset; at an end of the drawing it is pushed inside. */
  readonly anchor: 'start' | 'middle' | 'end'
}

/** Lays `axis` out on [start, end]; a focus that would get less than its share is widened at the others' cost. */
export function offsetScale(axis: ExtentStrip['axis'], start: number, end: number): OffsetScale {
  const length = Math.max(axis.to - axis.from, smallest)
  const focus = axis.focus && axis.focus.from < axis.focus.to ? axis.focus : null
  const widened = focus !== null && (focus.to - focus.from) / length < focusShare
  const edges = widened ? [axis.from, focus.from, focus.to, axis.to] : [axis.from, axis.from + length]
  const shares = widened ? sharesAround(axis, focus) : [1]

  const pieces: Piece[] = []
  let x = start
  shares.forEach((share, i) => {
    const [from, to] = [edges[i] ?? 0, edges[i + 1] ?? 0]
    if (share <= 0) return
    const x1 = x + share * (end - start)
    pieces.push({ from, to, x0: x, x1, focus: widened && i === 1 })
    x = x1
  })

  return { at: (offset) => positionIn(pieces, offset) ?? start, pieces, magnified: widened ? magnification(pieces) : null }
}

/** Where an offset lies on pieces of constant scale; null if there are none. */
function positionIn(pieces: readonly Piece[], offset: number): number | null {
  const piece = pieces.find(({ to }) => offset <= to) ?? pieces.at(-1)
  return piece ? linear([piece.from, piece.to], [piece.x0, piece.x1])(offset) : null
}

/** A linear scale that does not leave its range. (d3's own brings colours and number formats along: too much for a first visit.) */
export function linear([from, to]: readonly [number, number], [x0, x1]: readonly [number, number]): (value: number) => number {
  return (value) => x0 + (x1 - x0) * Math.min(1, Math.max(0, (value - from) / Math.max(to - from, smallest)))
}

function sharesAround(axis: ExtentStrip['axis'], focus: { from: number; to: number }): number[] {
  const [left, right] = [Math.max(0, focus.from - axis.from), Math.max(0, axis.to - focus.to)]
  const rest = 1 - focusShare
  const fair = (part: number) => (part === 0 ? 0 : Math.min(Math.max((part / (left + right)) * rest, leastShare), rest))
  const l = left === 0 ? 0 : right === 0 ? rest : Math.min(fair(left), rest - leastShare)
  return [l, 1 - l - (right === 0 ? 0 : rest - l), right === 0 ? 0 : rest - l]
}

function magnification(pieces: readonly Piece[]): number {
  const density = (piece: Piece) => (piece.x1 - piece.x0) / Math.max(piece.to - piece.from, smallest)
  const focus = pieces.find((piece) => piece.focus)
  const others = pieces.filter((piece) => !piece.focus)
  if (!focus || others.length === 0) return 1
  return density(focus) / Math.max(...others.map(density))
}

/**
 * Round offsets, as many as have room for their names; the ends of the axis come first, then those of its pieces. `charWidth` is the width of one character,
 * `width` that of the drawing, which no name leaves.
 */
export function ticksOf(scale: OffsetScale, charWidth: number, width = Infinity): Tick[] {
  const wanted = [
    ...[scale.pieces[0]?.from, scale.pieces.at(-1)?.to].filter((end) => end !== undefined),
    ...scale.pieces.flatMap((piece) => [piece.from, piece.to]),
    ...scale.pieces.flatMap((piece) => roundOffsets(piece, charWidth)),
  ]
  const kept: Tick[] = []
  for (const offset of new Set(wanted)) {
    const [at, text] = [scale.at(offset), size(offset)]
    const tick: Tick = { offset, at, text, anchor: anchorOf(at, (text.length * charWidth) / 2, width) }
    const [from, to] = extentOf(tick, charWidth)
    const isClear = (other: Tick): boolean => {
      const [start, end] = extentOf(other, charWidth)
      return to + 1.5 * charWidth < start || end + 1.5 * charWidth < from
    }
    if (kept.every(isClear)) kept.push(tick)
  }
  return kept.sort((a, b) => a.offset - b.offset)
}

const anchorOf = (at: number, half: number, width: number): Tick['anchor'] =>
  at + half > width ? 'end' : at - half < 0 ? 'start' : 'middle'

/** From where to where the name of a tick goes. */
export function extentOf({ at, text, anchor }: Tick, charWidth: number): readonly [from: number, to: number] {
  const width = text.length * charWidth
  const from = anchor === 'start' ? at : anchor === 'end' ? at - width : at - width / 2
  return [from, from + width]
}

function roundOffsets(piece: Piece, charWidth: number): number[] {
  const room = Math.max(1, Math.floor((piece.x1 - piece.x0) / (charWidth * 10)))
  let step = 1
  while ((piece.to - piece.from) / step > room) step *= 2
  const first = Math.ceil(piece.from / step) * step
  const out: number[] = []
  for (let offset = first; offset <= piece.to; offset += step) out.push(offset)
  return out
}
