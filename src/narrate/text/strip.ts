/** The layout as a strip over a ruler of file offsets: `[ A ][   hole   ]`, a row a lane, carets under what is wrong. */
import { range, size } from '../../base/range.ts'
import type { ExtentStrip, Lane, Span } from '../../picture/picture.ts'
import { ascii, fill, listed } from './lines.ts'
import { picturesAt, type Chosen, type Side } from './side.ts'

export function strip({ view }: Side, { width, to }: Chosen): string[] {
  const strips = picturesAt(view, to).filter((picture) => picture.kind === 'extent-strip')
  if (strips.length === 0) return fill('no layout in this scenario', width)
  return strips.flatMap((one, i) => [...(i === 0 ? [] : ['']), ...drawn(one, width)])
}

function drawn({ title, lanes, markers }: ExtentStrip, width: number): string[] {
  const full = lanes.filter(({ spans }) => spans.length > 0)
  const positions = markers.map(({ name, at, task }) => `${name}${task === null ? '' : ` of ${task}`} = ${size(at)}`)
  const wrong = markers.filter(({ damaged }) => damaged).map(({ name, at }) => `${name} should not be ${size(at)}`)
  const body = full.length === 0 ? ['', ...fill('nothing is in any of its ranges', width)] : (scaled(full, width) ?? inWords(full, width))
  return [
    ...fill(`${title}:`, width),
    ...body,
    ...(positions.length > 0 ? ['', ...fill(positions.join(', '), width)] : []),
    ...wrong.flatMap((text) => fill(text, width, '--> ', '    ')),
  ]
}

/** What stands in a span: its stamp or, of what is not simply data, its state as well. */
const wordsOf = ({ label, fill: state }: Span): string => ascii(label === null ? state : state === 'data' ? label : `${label} ${state}`)

/** Spans of a lane that overlap take a row each. */
function rowsOf({ spans }: Lane): Span[][] {
  const rows: Span[][] = []
  for (const span of spans) {
    const free = rows.find((row) => (row.at(-1)?.to ?? 0) <= span.from)
    if (free) free.push(span)
    else rows.push([span])
  }
  return rows
}

/** To scale as far as words and the ruler leave room; null where they have none. */
function scaled(lanes: readonly Lane[], width: number): string[] | null {
  const spans = lanes.flatMap((lane) => lane.spans)
  const ends = [...new Set(spans.flatMap(({ from, to }) => [from, to]))].sort((a, b) => a - b)
  const columns = columnsFor(ends, spans, width)
  if (columns === null) return null
  const at = (offset: number): number => columns[ends.indexOf(offset)] ?? 0
  return [
    ...lanes.flatMap((lane) => [
      '',
      ...fill(`${lane.title}:`, width),
      ...rowsOf(lane).flatMap((row) => {
        const damaged = row.filter((span) => span.damaged)
        return [
          placed(row.map((span) => [at(span.from), boxed(wordsOf(span), at(span.to) - at(span.from))])),
          ...(damaged.length > 0 ? [placed(damaged.map((span) => [at(span.from), '^'.repeat(at(span.to) - at(span.from))]))] : []),
        ]
      }),
    ]),
    placed(ends.map((offset) => [at(offset), size(offset)])),
  ]
}

/** Where each end of a span stands. */
function columnsFor(ends: readonly number[], spans: readonly Span[], width: number): number[] | null {
  const last = size(ends.at(-1) ?? 0).length
  const parts = ends.slice(1).map((end, i) => ({ bytes: end - (ends[i] ?? 0), wide: size(ends[i] ?? 0).length + 1 }))
  for (const span of [...spans].sort((a, b) => a.to - a.from - (b.to - b.from))) {
    const own = parts.slice(ends.indexOf(span.from), ends.indexOf(span.to))
    const missing = wordsOf(span).length + 4 - own.reduce((sum, { wide }) => sum + wide, 0)
    const largest = own.reduce((a, b) => (b.bytes > a.bytes ? b : a), own[0] ?? { bytes: 0, wide: 0 })
    if (missing > 0) largest.wide += missing
  }
  const taken = parts.reduce((sum, { wide }) => sum + wide, 0)
  const room = width - last - taken
  if (room < 0) return null
  const bytes = parts.reduce((sum, part) => sum + part.bytes, 0)
  const columns = [0]
  for (const part of parts) columns.push((columns.at(-1) ?? 0) + part.wide + Math.floor((room * part.bytes) / bytes))
  return columns
}

/** `[   hole   ]` */
function boxed(text: string, wide: number): string {
  const room = wide - 2 - text.length
  const before = Math.floor(room / 2)
  return `[${' '.repeat(before)}${text}${' '.repeat(room - before)}]`
}

/** Texts at columns of one line. */
const placed = (texts: readonly (readonly [column: number, text: string])[]): string =>
  [...texts].sort(([a], [b]) => a - b).reduce((line, [column, text]) => line.padEnd(column) + text, '')

/** More ranges than a line has room for, one after the other. */
const inWords = (lanes: readonly Lane[], width: number): string[] =>
  lanes.flatMap(({ title, spans }) => {
    const wrong = spans.filter(({ damaged }) => damaged)
    return [
      '',
      ...fill(`${title}: ${spans.map((span) => `${wordsOf(span)} ${range(span.from, span.to)}`).join(', ')}`, width, '', '  '),
      ...(wrong.length > 0
        ? fill(`${listed(wrong.map(({ from, to }) => range(from, to)))}: here something is wrong`, width, '--> ', '    ')
        : []),
    ]
  })
