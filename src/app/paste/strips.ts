/** Layouts of a paste as strips, and in words. */
import { range, size } from '../../base/range.ts'
import type { Kind, PastedFile, Run } from '../../paste/layout.ts'
import type { ExtentStrip, Fill, Lane, Span } from '../../picture/picture.ts'
import { lettersOfPlaces } from '../../picture/places.ts'

/** More rows than this are no picture any more. */
const DRAWN = 300

const fills: Readonly<Record<Kind, Fill>> = {
  data: 'data',
  hole: 'hole',
  unwritten: 'unwritten',
  delalloc: 'dirty',
  inline: 'data',
  unknown: 'unknown',
}

/** What a file is called: its title, its name, or its place in the text; never two the same. */
export function namesOf(files: readonly PastedFile[]): string[] {
  const plain = files.map(({ title, name }, i) => [title, name].filter((one) => one !== null).join(': ') || `file ${i + 1}`)
  return plain.map((name, i) => {
    const times = plain.slice(0, i).filter((other) => other === name).length
    return plain.indexOf(name) === plain.lastIndexOf(name) ? name : `${name}, ${['first', 'second', 'third'][times] ?? `${times + 1}th`}`
  })
}

/** The files as lanes over one axis. Bytes that two rows claim are damage: a file has one place for each of its bytes. */
export function stripOf(files: readonly PastedFile[], title: string, names: readonly string[]): ExtentStrip {
  const letterOf = lettersOfPlaces()
  const drawn = files.map(({ runs }) => runs.slice(0, DRAWN))
  const lanes = files.map(({ overlaps }, i): Lane => ({
    id: `${i}`,
    title: names[i] ?? '',
    spans: (drawn[i] ?? []).map((run): Span => ({
      id: `${run.from}`,
      from: run.from,
      to: run.to,
      fill: fills[run.kind],
      label: letterOf(run.disk, run.from),
      task: null,
      note: noteOf(run),
      ...(overlaps.some(([from, to]) => from < run.to && run.from < to) ? { damaged: true } : {}),
    })),
  }))
  const end = Math.max(
    1,
    ...drawn.flatMap((runs) => runs.map(({ to }) => to)),
    ...files.map(({ size: bytes }, i) => (cut(files[i]) ? 0 : (bytes ?? 0))),
  )
  const sizes = files.map(({ size: bytes }) => bytes)
  const known = sizes.filter((bytes) => bytes !== null)
  const markers =
    new Set(known).size === 1 && known.length === files.length && !files.some(cut)
      ? [{ id: 'i_size', name: 'i_size', at: known[0] ?? 0, task: null }]
      : sizes.flatMap((bytes, i) =>
          bytes === null || cut(files[i]) ? [] : [{ id: `i_size${i}`, name: `i_size of ${names[i]}`, at: bytes, task: null }],
        )
  return { kind: 'extent-strip', id: `paste:${title}`, title, axis: { from: 0, to: end }, lanes, markers }
}

const cut = (file: PastedFile | undefined): boolean => (file?.runs.length ?? 0) > DRAWN

function noteOf({ kind, flags, disk }: Run): string | null {
  const parts = [
    kind === 'delalloc' ? 'delalloc: no place on disk yet' : kind === 'inline' ? 'inline: within the tree' : null,
    disk === null ? null : `disk ${disk}`,
    flags.length > 0 ? flags.join(', ') : null,
  ]
  return parts.filter((part) => part !== null).join('; ') || null
}

/** Some ranges, and how many more there are. */
const some = (ranges: readonly (readonly [from: number, to: number])[]): string =>
  [...ranges.slice(0, 6).map(([from, to]) => range(from, to)), ...(ranges.length > 6 ? [`${ranges.length - 6} more`] : [])].join(', ')

/** What a listing tells of a file, a sentence each. */
export function saysOf(file: PastedFile): string[] {
  const { runs, holes, overlaps, size: bytes, partial } = file
  const extents = runs.filter(({ kind }) => kind !== 'hole' && kind !== 'unknown').length
  const unknown = runs.filter(({ kind }) => kind === 'unknown').map(({ from, to }) => [from, to] as const)
  const long = bytes === null ? 'Its size is not told' : `It is ${size(bytes)} long`
  return [
    `${long}; ${extents === 1 ? 'one extent is' : `${extents} extents are`} listed.`,
    ...(holes.length > 0 ? [`${holes.length === 1 ? 'A hole' : `${holes.length} holes`}: ${some(holes)}.`] : []),
    ...(overlaps.length > 0 ? [`Two rows claim the same bytes: ${some(overlaps)}.`] : []),
    ...(unknown.length > 0 ? [`Rows were left out, so nothing is known of ${some(unknown)}.`] : []),
    ...(partial && unknown.length === 0 ? ['Rows were left out, or it has more behind the last one.'] : []),
    ...(cut(file) ? [`The first ${DRAWN} of ${runs.length} ranges are drawn.`] : []),
  ]
}
