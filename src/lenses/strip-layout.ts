/**
 * Where everything in a strip goes: pure arithmetic, so that what the drawing promises can be tested. Heights depend
 * only on which lanes and markers there are and on the room they have, never on their content: nothing shifts from step to step.
 */
import { size } from '../base/range.ts'
import { sharedBytes } from '../picture/history.ts'
import { wholeId, wholeSpans } from '../picture/mark.ts'
import type { ExtentStrip, Lane, Marker, Span } from '../picture/picture.ts'
import { offsetScale, ticksOf, type OffsetScale, type Tick } from './axis.ts'
import { changesBetween, type Change } from './changes.ts'
import { placeOnRow } from './place.ts'
import { fillShort, fillWords, isGap, markerInWords } from './words.ts'

/** The advance of one character of the mono face at 12 units; exact, as it is a mono face. */
export const charWidth = 7.2
/** Below this width lane titles stand above their lanes instead of beside them. */
export const narrowBelow = 520

const titleRoom = 17
const markerRow = 15
const axisRoom = 20
/** A line more where a part of the axis is drawn wider than the rest, and says so. */
const noteRoom = 12
const leastSpan = 3

/** A lane: room for the sign of a change, the bar, words that found no room inside it, and air. */
interface Pitch {
  readonly mark: number
  readonly bar: number
  readonly callout: number
  readonly gap: number
}

const close: Pitch = { mark: 2, bar: 16, callout: 12, gap: 0 }
const usual: Pitch = { mark: 9, bar: 30, callout: 16, gap: 5 }
const wide: Pitch = { mark: 9, bar: 44, callout: 17, gap: 18 }

const total = ({ mark, bar, callout, gap }: Pitch): number => mark + bar + callout + gap

/** The pitch that takes `room`; no closer and no wider than is good to read. */
function pitchFor(room: number): Pitch {
  const [from, to] = room < total(usual) ? [close, usual] : [usual, wide]
  const share = Math.min(1, Math.max(0, (room - total(from)) / (total(to) - total(from))))
  const between = (part: keyof Pitch): number => from[part] + share * (to[part] - from[part])
  return { mark: between('mark'), bar: between('bar'), callout: between('callout'), gap: between('gap') }
}

/** How high a strip is on `width` units: as close as it can be read, as usual, and as wide as more room is of use to it. */
export function stripHeights(strip: ExtentStrip, width: number): { readonly least: number; readonly usual: number; readonly most: number } {
  const lane = width < narrowBelow ? titleRoom : 0
  const height = (pitch: Pitch): number => headingRoom(strip, width) + besideLanes(strip) + strip.lanes.length * (lane + total(pitch))
  return { least: height(close), usual: height(usual), most: height(wide) }
}

/** What stands above and below the lanes. It follows from the axis and the number of markers: constant where these are. */
const besideLanes = ({ markers, axis }: ExtentStrip): number =>
  stripTop + markers.length * markerRow + 4 + axisRoom + (offsetScale(axis, 0, 1).magnified === null ? 0 : noteRoom)

const stripTop = 2

/** What a heading inside the drawing needs: nothing where it has room over the names of the lanes, beside the markers. */
const headingRoom = (strip: ExtentStrip, width: number): number =>
  width >= narrowBelow && strip.markers.length >= 1 && strip.title.length * 7.6 <= gutterOf(strip) ? 0 : 20

/** The width of the names beside the lanes. */
const gutterOf = ({ lanes }: ExtentStrip): number =>
  Math.min(190, Math.max(96, ...lanes.flatMap(({ title }) => twoLines(title)).map((line) => line.length * 7 + 16)))

export interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export interface SpanBox extends Box {
  readonly key: string
  readonly span: Span
  /** What fits inside; null if nothing does. */
  readonly text: string | null
  readonly change: Change | 'gone'
}

export interface OverlapBox extends Box {
  readonly key: string
  readonly damaged: boolean
}

export interface Callout {
  readonly key: string
  readonly x: number
  readonly y: number
  readonly width: number
  readonly anchor: number
  readonly from: number
  readonly text: string
  readonly damaged: boolean
  /** The span it speaks of; absent where it speaks of an overlap. */
  readonly span?: Span
}

/** Where the wedge of a change points at its span. */
export interface Sign {
  readonly key: string
  readonly x: number
  readonly y: number
  readonly gone: boolean
}

export interface MarkerBox {
  readonly marker: Marker
  readonly x: number
  /** The label's box; labels of a strip never share a place. */
  readonly label: Box
  readonly text: string
  readonly change: Change
}

export interface LaneBox {
  readonly lane: Lane
  readonly y: number
  readonly barTop: number
  readonly titleLines: readonly string[]
}

export interface StripLayout {
  readonly width: number
  readonly height: number
  readonly left: number
  readonly right: number
  /** Where plumb lines begin and end. */
  readonly top: number
  readonly bottom: number
  readonly narrow: boolean
  /** The height of a lane's bar. */
  readonly bar: number
  readonly scale: OffsetScale
  readonly ticks: readonly Tick[]
  readonly lanes: readonly LaneBox[]
  readonly spans: readonly SpanBox[]
  readonly overlaps: readonly OverlapBox[]
  readonly callouts: readonly Callout[]
  readonly signs: readonly Sign[]
  readonly markers: readonly MarkerBox[]
}

/** Lays out a strip on `width` units, marking what differs from the one `before`; if `room` is given, the lanes fill it, and a heading has its place. */
export function stripLayout(drawn: ExtentStrip, before: ExtentStrip | null, width: number, room: number | null = null): StripLayout {
  const [strip, previous] = [toldApart(drawn), before && toldApart(before)]
  const narrow = width < narrowBelow
  const titles = strip.lanes.map((lane) => (narrow ? [lane.title] : twoLines(lane.title)))
  const gutter = narrow ? 0 : gutterOf(strip)
  const left = gutter + 8
  const right = width - 16
  const scale = offsetScale(strip.axis, left, right)
  const heading = room === null ? 0 : headingRoom(strip, width)
  const top = heading + stripTop
  const named = narrow ? titleRoom : 0
  const lanesRoom = room === null ? null : (room - heading - besideLanes(strip)) / Math.max(1, strip.lanes.length) - named
  const pitch = lanesRoom === null ? usual : pitchFor(lanesRoom)
  const { bar } = pitch
  let y = top + strip.markers.length * markerRow + 4
  const lanes = strip.lanes.map((lane, i): LaneBox => {
    const start = y
    const barTop = start + named + pitch.mark
    y = barTop + bar + pitch.callout + pitch.gap
    return { lane, y: start, barTop, titleLines: titles[i] ?? [] }
  })

  const changes = spanChanges(strip, previous)
  const spans = lanes.flatMap(({ lane, barTop }) =>
    spanBoxes(lane, { barTop, bar }, scale, (id) => changes.of(`${lane.id}/${wholeId(id)}`)),
  )
  const shown = new Map(lanes.map((lane) => [lane.lane.id, lane]))
  const gone = changes.gone.flatMap(({ lane, span, all }) => {
    const box = shown.get(lane)
    const old =
      box &&
      spanBoxes({ ...box.lane, spans: all }, { barTop: box.barTop, bar }, scale, () => 'same').find(
        (candidate) => candidate.span.id === span.id,
      )
    return old ? [{ ...old, change: 'gone' as const }] : []
  })
  const overlaps = lanes.flatMap(({ lane, barTop }) => overlapBoxes(lane, { barTop, bar }, scale))
  // By id, so that the drawn elements never change their order: moving an element would end its transition.
  const boxes = [...spans, ...gone].sort((a, b) => (a.key < b.key ? -1 : 1))
  const callouts = lanes.flatMap((lane) => calloutsOf(lane, pitch, spans, left, right, scale))
  const below = new Set(callouts.map(({ key }) => key))
  return {
    width,
    height: y + axisRoom + (scale.magnified === null ? 0 : noteRoom),
    left,
    right,
    top,
    bottom: y,
    narrow,
    bar,
    scale,
    ticks: ticksOf(scale, charWidth, width),
    lanes,
    // What stands below in full needs no short form inside.
    spans: boxes.map((box) => (below.has(box.key) && box.text !== null ? { ...box, text: box.span.label } : box)),
    overlaps,
    callouts,
    signs: lanes.flatMap((lane) => signsOf(lane, boxes, callouts, narrow)),
    markers: markerBoxes(strip, previous, scale, top, left, right),
  }
}

interface Kept {
  readonly before: ExtentStrip | null
  readonly width: number
  readonly room: number | null
  readonly layout: StripLayout
}

const kept = new WeakMap<ExtentStrip, readonly Kept[]>()
/** The size that each strip was asked for last, by its id. */
const sizes = new Map<string, Pick<Kept, 'width' | 'room'>>()

/** The layout of a strip that has been asked for, or prepared, before. */
export function laidOut(strip: ExtentStrip, before: ExtentStrip | null, width: number, room: number | null): StripLayout {
  sizes.set(strip.id, { width, room })
  const known = kept.get(strip) ?? []
  const found = known.find((one) => one.before === before && one.width === width && one.room === room)
  if (found) return found.layout
  const layout = stripLayout(strip, before, width, room)
  // Walked to from both sides, or standing still; more are of another size.
  kept.set(strip, [{ before, width, room, layout }, ...known].slice(0, 3))
  return layout
}

/** Lays a strip out as it will be asked for, if it has been drawn in another state. */
export function layOutSoon(strip: ExtentStrip, before: ExtentStrip | null): void {
  const size = sizes.get(strip.id)
  if (size) laidOut(strip, before, size.width, size.room)
}

/** Spans of a lane that have one id get a number each: two elements of one name would leave one of them behind for ever. */
function toldApart(strip: ExtentStrip): ExtentStrip {
  const lanes = strip.lanes.map((lane): Lane => {
    const met = new Map<string, number>()
    const spans = lane.spans.map((span): Span => {
      const times = (met.get(span.id) ?? 0) + 1
      met.set(span.id, times)
      return times === 1 ? span : { ...span, id: `${span.id}#${times}` }
    })
    return spans.every((span, i) => span === lane.spans[i]) ? lane : { ...lane, spans }
  })
  return lanes.every((lane, i) => lane === strip.lanes[i]) ? strip : { ...strip, lanes }
}

function spanChanges(strip: ExtentStrip, previous: ExtentStrip | null) {
  const flat = (picture: ExtentStrip) =>
    picture.lanes.flatMap((lane) => {
      const all = wholeSpans(lane.spans)
      return all.map((span) => ({ id: `${lane.id}/${span.id}`, lane: lane.id, span, all }))
    })
  const facts = (picture: ExtentStrip) => flat(picture).map(({ id, span }) => ({ id, span }))
  const changes = changesBetween(previous ? facts(previous) : null, facts(strip))
  const left = new Set(changes.gone.map((part) => part.id))
  return { of: changes.of, gone: previous ? flat(previous).filter((part) => left.has(part.id)) : [] }
}

/** Spans that overlap share the height of the bar: each gets a level of its own for its whole length. */
export function levelsOf(spans: readonly Span[]): ReadonlyMap<string, { readonly level: number; readonly levels: number }> {
  const out = new Map<string, { level: number; levels: number }>()
  const solid = spans.filter((span) => span.fill !== 'locked').sort((a, b) => a.from - b.from)
  let cluster: { span: Span; level: number }[] = []
  const close = () => {
    const levels = Math.max(1, ...cluster.map((member) => member.level + 1))
    for (const member of cluster) out.set(member.span.id, { level: member.level, levels })
    cluster = []
  }
  for (const span of solid) {
    if (cluster.every((member) => member.span.to <= span.from)) close()
    const taken = new Set(cluster.filter((member) => member.span.to > span.from).map((member) => member.level))
    let level = 0
    while (taken.has(level)) level++
    cluster.push({ span, level })
  }
  close()
  return out
}

interface Bar {
  readonly barTop: number
  readonly bar: number
}

function spanBoxes(lane: Lane, { barTop, bar }: Bar, scale: OffsetScale, change: (id: string) => Change): SpanBox[] {
  const levels = levelsOf(lane.spans)
  return lane.spans.map((span) => {
    const { level, levels: count } = levels.get(span.id) ?? { level: 0, levels: 1 }
    const x = scale.at(span.from)
    const width = Math.max(leastSpan, scale.at(span.to) - x)
    const height = bar / count
    // A hole keeps room for its arrows beside the words.
    const margin = isGap(span.fill) ? 30 : 4
    const text = height < 11 ? null : (captions(span).find((caption) => caption.length * charWidth + margin <= width) ?? null)
    return { key: `${lane.id}/${span.id}`, span, x, y: barTop + level * height, width, height, text, change: change(span.id) }
  })
}

/** What could stand inside a span, the fullest first: stamp, state or size, and the letter of the task whose hue it has. */
function captions(span: Span): string[] {
  const length = size(span.to - span.from)
  if (isGap(span.fill)) return [`${length} ${fillWords[span.fill]}`, length]
  if (span.fill === 'unknown') return [`${length} ${fillWords.unknown}`, fillWords.unknown, '?']
  const [word, short] = [fillWords[span.fill], fillShort[span.fill]]
  const shorter =
    span.fill === 'data'
      ? span.label
        ? [`${span.label} ${length}`, span.label]
        : []
      : span.label
        ? [`${span.label} ${word}`, `${span.label} ${short ?? ''}`, span.label]
        : [word, short ?? '']
  const [fullest] = shorter
  return fullest !== undefined && span.task !== null && span.task !== span.label ? [`${fullest} by ${span.task}`, ...shorter] : shorter
}

/** Does a span have inside it what there is to say of its state? */
const isTold = ({ text, span: { fill } }: SpanBox): boolean =>
  text !== null && (fill === 'data' || isGap(fill) || fillShort[fill] === null || text.includes(fillWords[fill]))

function overlapBoxes(lane: Lane, { barTop, bar }: Bar, scale: OffsetScale): OverlapBox[] {
  const shared = sharedBytes(lane.spans)
  return shared.map(({ from, to, damaged }) => {
    const x = scale.at(from)
    return { key: `${lane.id}/${from}-${to}`, x, y: barTop, width: Math.max(leastSpan, scale.at(to) - x), height: bar, damaged }
  })
}

/** Words that found no room inside their span, or only shortened, stand below the bar; damage comes first. */
function calloutsOf(
  { lane, barTop }: LaneBox,
  { bar, callout: room }: Pitch,
  spans: readonly SpanBox[],
  left: number,
  right: number,
  scale: OffsetScale,
): Callout[] {
  const y = barTop + bar
  const shared = sharedBytes(lane.spans).map((part) => ({
    key: `${lane.id}/shared-${part.from}-${part.to}`,
    anchor: (scale.at(part.from) + scale.at(part.to)) / 2,
    from: y,
    text: `${size(part.to - part.from)} overlap`,
    damaged: part.damaged,
    rank: part.damaged ? 0 : 1,
  }))
  const own = new Set(lane.spans.map((span) => `${lane.id}/${span.id}`))
  const unlabelled = spans
    .filter((box) => own.has(box.key) && !isTold(box))
    .flatMap((box) => {
      const damaged = box.span.damaged ?? false
      const text = captions(box.span)[0]
      return text
        ? [
            {
              key: box.key,
              anchor: box.x + box.width / 2,
              from: box.y + box.height,
              text,
              damaged,
              span: box.span,
              rank: damaged ? 0 : isGap(box.span.fill) ? 2 : box.text === null ? 3 : 4,
            },
          ]
        : []
    })
  const wanted = [...shared, ...unlabelled]
    .sort((a, b) => a.rank - b.rank)
    .map((callout) => ({ ...callout, y: y + Math.min(13, room - 2), width: callout.text.length * charWidth + (callout.damaged ? 15 : 0) }))
  return placeOnRow(wanted, left - 4, right + 12, 120)
}

/** Above its span; past the lane's name where that stands there too, and inside the bar where words of the lane above hang down to it. */
function signsOf({ lane, y, barTop }: LaneBox, spans: readonly SpanBox[], callouts: readonly Callout[], narrow: boolean): Sign[] {
  const half = 6
  const named = narrow ? lane.title.length * 7 + half : 0
  return spans
    .filter(({ key, change }) => key.startsWith(`${lane.id}/`) && change !== 'same')
    .map(({ key, x: from, width, change }): Sign => {
      const x = Math.max(from + Math.min(7, width / 2), named)
      const hidden = callouts.some((one) => one.y > y - 6 && one.y < barTop + 1 && one.x - half < x && x < one.x + one.width + half)
      return { key, x, y: hidden ? barTop + 7 : barTop - 1, gone: change === 'gone' }
    })
}

/** Every marker has a row of its own: its label never hides another's and slides along without jumping. */
function markerBoxes(
  strip: ExtentStrip,
  previous: ExtentStrip | null,
  scale: OffsetScale,
  top: number,
  left: number,
  right: number,
): MarkerBox[] {
  const changes = changesBetween(previous?.markers ?? null, strip.markers)
  return strip.markers.map((marker, row) => {
    const x = scale.at(marker.at)
    const old = changes.before(marker.id)
    const moved = old !== null && old.at !== marker.at
    const text = `${markerInWords(marker.task, marker.name, marker.at)}${moved ? `, was ${size(old.at)}` : ''}`
    const width = text.length * charWidth + 14 + (marker.damaged ? 15 : 0)
    const labelX = x + 5 + width <= right + 14 ? x + 5 : Math.max(left - 6, x - 5 - width)
    return { marker, x, text, label: { x: labelX, y: top + row * markerRow, width, height: markerRow }, change: changes.of(marker.id) }
  })
}

function twoLines(title: string): string[] {
  if (title.length <= 18) return [title]
  const middle = title.length / 2
  const spaces = [...title.matchAll(/ /g)].map((match) => match.index)
  const at = spaces.sort((a, b) => Math.abs(a - middle) - Math.abs(b - middle))[0]
  return at === undefined ? [title] : [title.slice(0, at), title.slice(at + 1)]
}
