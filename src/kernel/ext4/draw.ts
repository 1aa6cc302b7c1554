/** Pictures of what only ext4 has: its blocks, its inode in memory and in the journal, the journal. */
import { size } from '../../base/range.ts'
import type { ExtentStrip, Lane, Marker, Picture, RecordPicture, Span } from '../../picture/picture.ts'
import type { Letter } from '../../engine/view.ts'
import { dioGauge, dioRecord } from '../iomap/draw.ts'
import { bytes, field, span } from '../lib/draw.ts'
import { cacheLane, drawBuffer, type Owner } from '../mm/draw.ts'
import { drawConsole, drawFile, drawKiocb, drawLocks, drawRequest, drawStrip, markers } from '../vfs/draw.ts'
import { layoutOf } from './extents.ts'
import { afterCrash } from './outcome.ts'
import { INO, type Ext4World, type RawInode } from './world.ts'

/** What a scenario wants to see of the file. */
export interface Look {
  readonly axis: ExtentStrip['axis']
  /** What a crash leaves is drawn where the power may fail. */
  readonly crash: boolean
}

/** Every call writes its own letter. */
const owner =
  (s: Ext4World): Owner =>
  (stamp) => {
    const letter = stamp?.replace(/^0(?=.)/, '') ?? ''
    return letter in s.calls ? letter : null
  }

/** Everything that is allocated, behind the size too. */
const end = ({ size: to, extents }: RawInode): number => Math.max(to, extents.at(-1)?.to ?? 0)

function blocks(s: Ext4World, raw: RawInode, to: number, prefix: string): Span[] {
  return layoutOf({ ...raw, size: to }, s.disk.data).map((piece) => {
    const extent = raw.extents.find(({ from, to: until }) => from <= piece.from && piece.from < until)
    const note = extent ? `disk ${extent.disk + piece.from - extent.from}` : null
    return span(`${prefix}${piece.from}`, piece, piece.kind, piece.kind === 'hole' ? null : piece.stamp, owner(s)(piece.stamp), note)
  })
}

const strip = (s: Ext4World, { axis, crash }: Look): ExtentStrip => {
  const lanes: Lane[] = [
    cacheLane(s, owner(s)),
    { id: 'blocks', title: 'blocks', spans: blocks(s, s.ei.raw, Math.max(end(s.ei.raw), s.inode.i_size), 'b'), history: true },
    ...(crash ? [{ id: 'crash', title: 'a crash now leaves', spans: blocks(s, afterCrash(s), afterCrash(s).size, 'x') }] : []),
  ]
  const disksize: Marker = { id: 'i_disksize', name: 'i_disksize', at: s.ei.i_disksize, task: null }
  return drawStrip({ id: `strip:${INO}`, title: `inode ${INO}`, axis }, lanes, markers(s, [disksize]))
}

const inode = ({ inode: { i_size, i_dio_count }, ei }: Ext4World): RecordPicture => ({
  kind: 'record',
  id: 'inode',
  title: 'struct ext4_inode_info',
  owner: null,
  fields: [
    bytes('i_size', i_size),
    bytes('i_disksize', ei.i_disksize),
    bytes('size in the journal', ei.raw.size),
    field('on the orphan list', ei.raw.orphan ? 'yes' : 'no'),
    field('i_sync_tid', ei.i_sync_tid),
    field('i_dio_count', i_dio_count),
  ],
  gone: null,
})

const inTransaction = (tid: number, raw: RawInode): string => `${tid}: size ${size(raw.size)}${raw.orphan ? ', orphan' : ''}`

const journal = ({ ei, journal: { running, committing, committed, durable } }: Ext4World): RecordPicture => ({
  kind: 'record',
  id: 'journal',
  title: 'journal_t: the inode in each transaction',
  owner: null,
  fields: [
    field('running', running === null ? 'none' : inTransaction(running, ei.raw)),
    field('committing', committing === null ? 'none' : inTransaction(committing.tid, committing.raw)),
    field('durable', inTransaction(committed, durable)),
  ],
  gone: null,
})

export function draw(s: Ext4World, look: Look): Picture[] {
  const own = (letter: Letter): (Picture | null)[] => [
    drawBuffer(s, letter, s.iters[letter]?.offset ?? null),
    drawKiocb(s, letter),
    drawRequest(s, letter),
    dioRecord(s, letter),
    dioGauge(s, letter),
  ]
  return [
    strip(s, look),
    ...Object.keys(s.files).map((name) => drawFile(s, name)),
    ...Object.keys(s.buffers).flatMap((letter) => own(letter).filter((picture) => picture !== null)),
    inode(s),
    journal(s),
    drawLocks(s, []),
    drawConsole(s),
  ]
}
