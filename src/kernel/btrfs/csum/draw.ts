/** Pictures of one direct write: its content on the way from memory to every mirror, beside its checksums, and what it costs. */
import { printCsum } from '../../../base/crc32c.ts'
import { overlaps, range, size, type Range } from '../../../base/range.ts'
import type { Letter } from '../../../engine/view.ts'
import type { ExtentStrip, Lane, Picture, RecordPicture, Span } from '../../../picture/picture.ts'
import { clip, type Run } from '../../lib/runs.ts'
import { sumsOf, type CsumRun } from '../../lib/sums.ts'
import { lanes } from './oracles.ts'
import { mirrorOf, piecesOf } from './verify.ts'
import type { BtrfsWorld } from '../world.ts'

/** Whose write it is, and whose stamps are whose. */
export interface SumsLook {
  readonly writer: Letter
  readonly owners: Readonly<Record<string, Letter>>
  /** The part of the file that is written. */
  readonly axis: Range
}

/** A stretch of the file and its disk address. */
interface Place extends Range {
  readonly disk: number
}

/** Where the file's data lie or are about to: by ordered extents first, then by items. */
function places(s: BtrfsWorld, axis: Range): Place[] {
  const ordered = s.ordered.filter((oe) => overlaps(oe, axis)).map(({ from, to, disk }) => ({ from, to, disk }))
  return [...ordered, ...piecesOf(s, axis.from, axis.to).filter((piece) => !ordered.some((oe) => overlaps(oe, piece)))].sort(
    (a, b) => a.from - b.from,
  )
}

const atFile = <T extends Range>(place: Place, parts: readonly T[]): T[] =>
  clip(parts, place.disk, place.disk + place.to - place.from).map((part) => ({
    ...part,
    from: place.from + part.from - place.disk,
    to: place.from + part.to - place.disk,
  }))

const sumSpan = (prefix: string, sum: CsumRun, fill: Span['fill']): Span => ({
  id: `${prefix}${sum.from}`,
  from: sum.from,
  to: sum.to,
  fill,
  label: printCsum(sum.crc),
  task: null,
  note: `checksum of each sector of ${range(sum.from, sum.to)}`,
})

/** Memory, checksums, mirrors over the file's offsets. */
function flow(s: BtrfsWorld, { writer, owners, axis }: SumsLook): ExtentStrip {
  const buffer = s.buffers[writer]
  const content = (prefix: string, runs: readonly Run[], fill: Span['fill']): Span[] =>
    runs.map((run) => ({
      id: `${prefix}${run.from}`,
      from: run.from,
      to: run.to,
      fill,
      label: run.stamp,
      task: owners[run.stamp] ?? null,
      note: null,
    }))
  const where = places(s, axis)
  const stored = where.flatMap((place) => atFile(place, s.csums))
  const pending = where.flatMap((place) => s.ordered.flatMap((oe) => oe.sums.flatMap(({ sums }) => atFile(place, sums))))
  const mirrors = [0, ...s.disk.copies.map((_, i) => i + 1)]
  const onMirror = (mirror: number): string => (mirrors.length > 1 ? `, mirror ${mirror + 1}` : '')
  // Beside what the tree says: which checksums the data have that lie there now.
  const found = (mirror: number): CsumRun[] =>
    s.bi.nodatasum
      ? []
      : where.flatMap((place) => {
          const content = clip(mirrorOf(s, mirror), place.disk, place.disk + place.to - place.from)
          return content.length === 0 ? [] : atFile(place, sumsOf(content, place.disk, place.disk + place.to - place.from, s.fills))
        })
  const guest = buffer?.guest
  const rows: Lane[] = [
    {
      id: 'memory',
      title: guest ? "memory: the guest's page" : 'memory: the buffer',
      spans: content('m', buffer?.content ?? [], guest?.writeback ? 'writeback' : guest?.dirty ? 'dirty' : 'clean'),
    },
    ...(buffer?.bounce ? [{ id: 'bounce', title: 'private pages', spans: content('p', buffer.bounce, 'clean') }] : []),
    ...(s.mapping.runs.length > 0
      ? [
          {
            id: 'cache',
            title: 'page cache',
            spans: s.mapping.runs.flatMap((run) => content('c', [run], run.writeback ? 'writeback' : run.dirty ? 'dirty' : 'clean')),
          },
        ]
      : []),
    { id: 'pending', title: 'checksums of the bio', spans: pending.map((sum) => sumSpan('o', sum, 'pending')) },
    ...mirrors.map((mirror) => ({
      id: lanes.data(mirror),
      title: `disk${onMirror(mirror)}`,
      spans: where.flatMap((place) => content(`d${mirror}.`, atFile(place, mirrorOf(s, mirror)), 'data')),
    })),
    ...mirrors.map((mirror) => ({
      id: lanes.found(mirror),
      title: `checksums of the data${onMirror(mirror)}`,
      spans: found(mirror).map((sum) => sumSpan(`f${mirror}.`, sum, 'data')),
    })),
    { id: lanes.tree, title: 'csum tree', spans: stored.map((sum) => sumSpan('t', sum, 'data')) },
  ]
  return {
    kind: 'extent-strip',
    id: `sums:${s.inode.ino}`,
    title: `inode ${s.inode.ino}: content and checksums`,
    axis,
    lanes: rows.map((lane) => ({ ...lane, spans: lane.spans.filter((one) => overlaps(one, axis)) })),
    markers: [{ id: 'i_size', name: 'i_size', at: s.inode.i_size, task: null }].filter((marker) => marker.at <= axis.to),
  }
}

/** What the way of writing costs and whom it makes one trust, read off what has happened so far. */
function price(s: BtrfsWorld, { writer, axis }: SumsLook): RecordPicture {
  const copied = s.calls[writer]?.copied ?? 0
  const pieces = piecesOf(s, axis.from, axis.to)
  const sums = pieces.flatMap((piece) => atFile(piece, s.csums))
  const base = { kind: 'record' as const, id: `price:${writer}`, title: 'what this way of writing costs', owner: writer, gone: null }
  const field = (name: string, value: string): RecordPicture['fields'][number] => ({ name, value })
  const bytes = field('copied by the CPU', size(copied))
  if (pieces.length === 0) return { ...base, fields: [bytes, field('later reads', 'not written yet'), field('trusted', 'not known yet')] }
  const covered = pieces.every((piece) => coveredBy(sums, piece))
  const reads = s.bi.nodatasum ? 'are not verified' : covered ? 'are verified' : 'fail: there is no checksum'
  const trusted = s.bi.nodatasum || !covered ? 'the disk' : copied > 0 ? 'nobody' : 'the caller, not to change its buffer'
  return { ...base, fields: [bytes, field('later reads', reads), field('trusted', trusted)] }
}

const coveredBy = (parts: readonly Range[], whole: Range): boolean =>
  clip(parts, whole.from, whole.to).reduce((sum, part) => sum + part.to - part.from, 0) === whole.to - whole.from

/** The flags of a guest's page. */
function guestPage(s: BtrfsWorld, writer: Letter): Picture[] {
  const guest = s.buffers[writer]?.guest
  if (!guest) return []
  const field = (name: string, value: boolean): RecordPicture['fields'][number] => ({ name, value: value ? '1' : '0' })
  return [
    {
      kind: 'record',
      id: `guest:${writer}`,
      title: "the guest's struct page",
      owner: writer,
      fields: [field('PG_dirty', guest.dirty), field('PG_writeback', guest.writeback), field('AS_STABLE_WRITES', guest.stable)],
      gone: null,
    },
  ]
}

/** The pictures of one write and its checksums. */
export const drawSums = (s: BtrfsWorld, look: SumsLook): Picture[] => [flow(s, look), price(s, look), ...guestPage(s, look.writer)]
