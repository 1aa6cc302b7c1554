/** What each lead picture of a run needs, so that in every state of it all is seen and nothing moves. */
import type { PictureProps } from '../../../lenses/props.ts'
import { stripHeights } from '../../../lenses/strip-layout.ts'
import { bufferHeight } from '../../../lenses/user-buffer-layout.ts'
import type { ExtentStrip, Picture } from '../../../picture/picture.ts'
import { allPictures } from '../../../store/run/frames.ts'
import type { TraceView } from '../../../worker/protocol.ts'
import type { Heights, Need } from './arrange.ts'
import { propsAt } from './props-at.ts'

/** The widths, in units, at which pictures made of text are measured. */
export const measuredWidths = [230, 260, 300, 350, 410, 480, 560, 660, 780, 920] as const

/** Heights of one picture at these widths. */
export type Measured = Readonly<Record<string, readonly number[]>>

/** A heading of one line, with a letter in its box. */
const heading = 28

const widths: Readonly<Record<Picture['kind'], readonly [least: number, ideal: number]>> = {
  'extent-strip': [520, 1000],
  'tree-leaf': [300, 440],
  'user-buffer': [340, 660],
  record: [230, 400],
  locks: [300, 440],
  gauge: [230, 340],
  console: [300, 520],
  note: [230, 400],
}

/** A picture that never is there in this run needs a line that says so. */
const absent: Need = { least: 120, ideal: 200, heights: () => same(heading) }

/** Half the width of a room: there a strip has its letters and fewer of its words. */
const halfRoom = 430
/** Half of a window: the items of a leaf have two lines there. */
const halfWindow = 260

/** Where a picture stands: alone with its run, or beside another run in half a window, or in half a room. */
export type Where = 'alone' | 'beside' | 'beside in a room'

export function needsOf(trace: TraceView, leads: readonly string[], measured: Measured, where: Where = 'alone'): Need[] {
  return leads.map((id): Need => {
    const pictures = picturesOf(trace, id)
    const [first] = pictures
    if (!first) return absent
    const [usual, one] = widths[first.kind]
    const least =
      where === 'beside in a room' ? Math.min(usual, halfRoom) : where === 'beside' && first.kind === 'tree-leaf' ? halfWindow : usual
    // Leaves stand beside each other where they can.
    const ideal = one * Math.max(1, ...pictures.map((picture) => (picture.kind === 'tree-leaf' ? picture.leaves.length : 1)))
    return { least, ideal, heights: heightsOf(pictures, measured[id] ?? []) }
  })
}

/** What each needs in both of two runs, so that it can have the same box in them. */
export const needsOfBoth = (one: readonly Need[], other: readonly Need[]): Need[] =>
  one.map((need, i): Need => {
    const beside = other[i] ?? need
    return {
      least: Math.max(need.least, beside.least),
      ideal: Math.max(need.ideal, beside.ideal),
      heights: (width) => higher(need.heights(width), beside.heights(width)),
    }
  })

const higher = (a: Heights, b: Heights): Heights => ({
  least: Math.max(a.least, b.least),
  usual: Math.max(a.usual, b.usual),
  most: Math.max(a.most, b.most),
})

/** The picture that the others stand around: the file, else the tree, else the first. */
export function mainOf(traces: readonly TraceView[], leads: readonly string[]): number {
  const kinds = leads.map((id) => traces.flatMap((trace) => picturesOf(trace, id))[0]?.kind)
  const found = kinds.indexOf('extent-strip') >= 0 ? kinds.indexOf('extent-strip') : kinds.indexOf('tree-leaf')
  return Math.max(0, found)
}

/**
 * Fewer of the leads, the most first. Beside another run the later ones give way, where those before them have room; in a talk what is
 * marked as damaged in the run stays first, then the locals that carry the story, and the picture that the others stand around in any case.
 */
export function fewer(traces: readonly TraceView[], leads: readonly string[], talk: boolean): (readonly string[])[] {
  const main = leads[mainOf(traces, leads)]
  const worth = (id: string): number => {
    const pictures = traces.flatMap((trace) => picturesOf(trace, id))
    const marked = pictures.some((picture) => JSON.stringify(picture).includes('"damaged":true'))
    return (id === main ? 8 : 0) + (marked ? 4 : 0) + (pictures[0]?.kind === 'record' ? 2 : 0)
  }
  const order = talk ? [...leads].sort((a, b) => worth(b) - worth(a)) : leads
  const counts = leads.map((_, i) => leads.length - 1 - i).filter((count) => count > 0)
  return counts.flatMap((count) => {
    const first = order.slice(0, count)
    const others = order.slice(count).map((id) => [...order.slice(0, count - 1), id])
    return [first, ...others].map((few) => leads.filter((id) => few.includes(id)))
  })
}

function heightsOf(pictures: readonly Picture[], measured: readonly number[]): (width: number) => Heights {
  const [first] = pictures
  if (first?.kind === 'extent-strip') {
    const strips = ofEachForm(pictures.filter((picture): picture is ExtentStrip => picture.kind === 'extent-strip'))
    return (width) => {
      const all = strips.map((strip) => stripHeights(strip, width))
      return {
        least: Math.max(...all.map(({ least }) => least)),
        usual: Math.max(...all.map(({ usual }) => usual)),
        most: Math.max(...all.map(({ most }) => most)),
      }
    }
  }
  if (first?.kind === 'user-buffer') return (width) => same(heading + bufferHeight(width))
  return (width) => {
    // Sizes are whole pixels at any scale: letters as well as boxes, so that a row may wrap which did not where it was measured.
    const i = measuredWidths.findLastIndex((one) => one * 1.02 <= width)
    return same((measured[Math.max(0, i)] ?? 0) * 1.02 + 2)
  }
}

/** One strip for each number of lanes and markers: nothing else makes one higher than another. */
const ofEachForm = (strips: readonly ExtentStrip[]): ExtentStrip[] => [
  ...new Map(strips.map((strip) => [`${strip.lanes.length} ${strip.markers.length}`, strip])).values(),
]

const same = (height: number): Heights => ({ least: height, usual: height, most: height })

/** Is there room beside the heading of a picture, in every state of the run? Plumb lines have their names in that row. */
export const headingIsFree = (trace: TraceView, id: string): boolean =>
  picturesOf(trace, id).every((picture) => picture.kind !== 'extent-strip' || picture.markers.length === 0)

/** Is its height known without drawing it? */
export const isDrawn = (picture: Picture): boolean => picture.kind === 'extent-strip' || picture.kind === 'user-buffer'

const picturesOf = (trace: TraceView, id: string): Picture[] => {
  const seen = new Set<Picture>()
  for (const n of allPictures(trace).keys()) {
    const picture = propsAt(trace, n, id)?.picture
    if (picture) seen.add(picture)
  }
  return [...seen]
}

/**
 * The states in which a picture made of text can be highest: those with the most rows, the most text, the longest row. What was there
 * before counts, as it is shown struck out.
 */
export function fullest(trace: TraceView, id: string): PictureProps[] {
  const states = [...allPictures(trace).keys()].flatMap((n) => {
    const props = propsAt(trace, n, id)
    return props ? [{ props, rows: textRows(props) }] : []
  })
  const sum = (rows: readonly number[]): number => rows.reduce((all, row) => all + row, 0)
  const measures: readonly ((rows: readonly number[]) => number)[] = [
    (rows) => rows.length * 1000 + sum(rows),
    sum,
    (rows) => Math.max(0, ...rows),
    // A row that wraps costs a line.
    (rows) => rows.length * 40 + sum(rows.map((row) => Math.max(0, row - 24))),
  ]
  const chosen = measures.flatMap((measure) => {
    const most = Math.max(...states.map(({ rows }) => measure(rows)))
    return states.find(({ rows }) => measure(rows) === most)?.props ?? []
  })
  return [...new Set(chosen)]
}

/** The length of each row's text. */
function textRows({ picture, previous, waiters }: PictureProps): number[] {
  const before = previous?.kind === picture.kind ? previous : null
  switch (picture.kind) {
    case 'record': {
      const old = before?.kind === 'record' ? before.fields : []
      const rows = picture.fields.map((field) => {
        const was = old.find(({ name }) => name === field.name)
        return `${field.name}${field.value}${was && was.value !== field.value ? was.value : ''}`.length
      })
      return picture.gone === null ? rows : [...rows, picture.gone.length]
    }
    case 'tree-leaf': {
      const items = picture.leaves.flatMap((leaf) => leaf.items)
      const lost = before?.kind === 'tree-leaf' ? before.leaves.flatMap((leaf) => leaf.items) : []
      const gone = lost.filter(({ id }) => !items.some((item) => item.id === id))
      return [
        ...items.map((item) => `${item.key}${item.payload}${item.covers ?? ''}`.length),
        ...gone.map(({ key }) => key.length),
        ...(picture.cursor ? [picture.cursor.name.length + picture.cursor.key.length] : []),
      ]
    }
    case 'locks': {
      const gone = before?.kind === 'locks' ? before.rows.filter(({ id }) => !picture.rows.some((row) => row.id === id)) : []
      const waits = (waiters ?? []).length
      return [...picture.rows, ...gone].map((row) => row.name.length + (row.range ?? '').length + row.holders.length * 3 + waits * 3)
    }
    case 'gauge': {
      const all = [...picture.holders, ...(picture.dropped ?? [])]
      const gone = before?.kind === 'gauge' ? before.holders.filter(({ id }) => !all.some((one) => one.id === id)) : []
      return [...all, ...gone].map(({ what }) => what.length)
    }
    case 'console':
      return picture.lines.map(({ text }) => text.length)
    case 'note':
      return [picture.text.length]
    default:
      return []
  }
}
