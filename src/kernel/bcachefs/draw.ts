/** Pictures of a bcachefs world. Everything drawn is read off the state; ids follow the thing, not its place. */
import type { Letter } from '../../engine/view.ts'
import type { ExtentStrip, Lane, LockRow, Picture, RecordPicture } from '../../picture/picture.ts'
import { bytes, field, span } from '../lib/draw.ts'
import { valueOf } from '../lib/runs.ts'
import { cacheLane, drawBuffer, lockedPagesLane, type Owner } from '../mm/draw.ts'
import { drawConsole, drawFile, drawLocks, drawStrip, markers } from '../vfs/draw.ts'
import { visible } from './folios.ts'
import type { BcachefsWorld } from './world.ts'

export function draw(s: BcachefsWorld, axis: ExtentStrip['axis']): Picture[] {
  const owner: Owner = (stamp) => (stamp !== null && s.buffers[stamp] ? stamp : null)
  return [
    drawStrip(
      { id: 'strip:f', title: 'file f', axis },
      [cacheLane(s, owner), lockedPagesLane(s), diskLane(s, owner), readsLane(s, owner)],
      markers(s),
    ),
    drawLocks(s, [pagecacheLock(s)]),
    ...Object.keys(s.buffers).flatMap((letter) => [writer(s, letter), drawBuffer(s, letter, s.iters[letter]?.offset ?? null)]),
    ...Object.keys(s.files).map((fd) => drawFile(s, fd)),
    drawConsole(s),
  ]
}

/** What the btree says. Preallocated space is unwritten: it reads as zeros. */
const diskLane = (s: BcachefsWorld, owner: Owner): Lane => ({
  id: 'disk',
  title: 'on disk',
  spans: s.btree.map((extent) =>
    extent.kind === 'data'
      ? span(`d${extent.from}`, extent, 'data', extent.stamp, owner(extent.stamp))
      : span(`d${extent.from}`, extent, 'unwritten', null, null, 'reads as zeros'),
  ),
})

const readsLane = (s: BcachefsWorld, owner: Owner): Lane => ({
  id: 'reads',
  title: 'what a read finds',
  spans: visible(s, 0, s.inode.i_size).map((run) => {
    const zeros = valueOf(run.stamp) === '0'
    return span(`r${run.from}`, run, zeros ? 'zeros' : 'data', zeros ? null : run.stamp, owner(run.stamp))
  }),
  history: true,
})

/** Its states exclude each other; within one of them any number may hold it. */
const pagecacheLock = (s: BcachefsWorld): LockRow => ({
  id: 'pcl',
  name: s.pcl.mode === 'free' ? 'pagecache lock' : `pagecache lock (${s.pcl.mode})`,
  mode: s.pcl.mode === 'free' ? 'free' : 'shared',
  holders: s.pcl.holders,
  range: null,
})

/** The locals of the write path. */
function writer(s: BcachefsWorld, letter: Letter): RecordPicture {
  const state = s.writers[letter]
  const base = { kind: 'record' as const, id: `writer:${letter}`, title: `locals of ${letter} in bch2_buffered_write()`, owner: letter }
  if (!state) return { ...base, fields: [], gone: 'not called yet' }
  return {
    ...base,
    fields: [
      field('inode_locked', String(state.inode_locked)),
      bytes('pos', state.pos),
      bytes('written', state.written),
      bytes('written2', state.written2),
      state.last_folio_pos === null
        ? field('last_folio_pos', 'not set')
        : state.last_folio_pos < 0
          ? field('last_folio_pos', 'matches nothing')
          : bytes('last_folio_pos', state.last_folio_pos),
      bytes('iov_iter count', s.iters[letter]?.count ?? 0),
    ],
    gone: null,
  }
}
