/** btrfs: the part of btrfs_dio_iomap_begin() and btrfs_dio_iomap_end() that is for reads. Source: facts direct-io C.3 (C7, C10), C.4, 6.3. */
import { K, M, overlaps, range, size } from '../../../base/range.ts'
import { flow, goto, has, ret, step, type Row, type World } from '../../../engine/procedure.ts'
import type { Mapped } from '../../iomap/dio.ts'
import { PAGE } from '../../mm/world.ts'
import { must } from '../../lib/must.ts'
import { EAGAIN, ENOTBLK } from '../../lib/errno.ts'
import { cachedAt, getExtent, isInline } from '../tree/maps.ts'
import { cannotLockExtent, lockExtent, unlockExtent, unlockExtentOfAnybody } from '../io-tree.ts'
import { orderedIn } from '../ordered.ts'
import type { BtrfsWorld, ExtentMap } from '../world.ts'

/** Locals of iomap_begin and iomap_end, of which a read uses these. */
export interface ReadBegin {
  readonly pos: number
  length: number
  readonly nowait: boolean
}
export interface ReadEnd {
  readonly pos: number
  readonly length: number
  readonly submitted: number
  readonly hole: boolean
}

/** How much one mapping of a read may cover. Facts direct-io section 0, "max bytes per read mapping". */
const mappingMax = (world: World): number => (has(world, 'ee5b46a353af') ? M : 4 * K)

const asked = (s: BtrfsWorld, f: ReadBegin): { from: number; to: number } => ({
  from: f.pos,
  to: f.pos + Math.min(f.length, mappingMax(s)),
})

const noMapping = (f: ReadBegin, error: number): Mapped => ({ error, offset: f.pos, length: 0, disk: 0 })

/** The part of btrfs_dio_iomap_begin() that is for reads; the procedure is in direct.ts. */
export const readBegin: readonly Row<BtrfsWorld, ReadBegin>[] = [
  flow<ReadBegin>((f) => (f.nowait && f.length > PAGE ? undefined : goto('lock_extent_read')), 'read'),
  step(
    'refuse_large',
    (_s, f) => `a NOWAIT read of ${size(f.length)}, more than a page: -EAGAIN before anything is mapped`,
    {
      row: 'direct-io C.4 P3',
      code: 'if (!write && (flags & IOMAP_NOWAIT) && length > PAGE_SIZE) return -EAGAIN',
      onlyWith: '79d3d1d12e6f',
    },
    (_s, f) => ret(noMapping(f, EAGAIN)),
  ),
  step(
    'lock_extent_read',
    (s, f, t) => {
      const { from, to } = asked(s, f)
      return s.io_tree.locked.some((lock) => lock.by === t.letter && overlaps(lock, { from, to }))
        ? `locks ${range(from, to)} in the io_tree${to < f.pos + f.length ? `: one mapping is at most ${size(to - from)}` : ''}`
        : `an ordered extent of a buffered write lies in ${range(from, to)}: the read has to be buffered`
    },
    {
      row: "direct-io C.3 C7, C7'",
      fn: 'btrfs_lookup_ordered_range',
      code: 'if (!write) len = min(len, max); lock_extent_direct()',
      when: (s, f, t) => {
        const wait = cannotLockExtent(s, asked(s, f), t.letter)
        const ordered = orderedIn(s, asked(s, f)).find((oe) => oe.direct)
        return wait ?? (ordered ? { on: `ordered extent ${range(ordered.from, ordered.to)}`, heldBy: [] } : null)
      },
    },
    (s, f, t) => {
      if (orderedIn(s, asked(s, f)).length > 0) return ret(noMapping(f, ENOTBLK))
      lockExtent(s, asked(s, f), t.letter)
      return undefined
    },
  ),
  step(
    'map_extent',
    (s, f, t) => {
      const map = mapAt(s, f.pos)
      const to = Math.min(map.to, asked(s, f).to)
      if (needsCache(map))
        return `the data at ${size(f.pos)} are ${isInline(map) ? 'inline' : 'compressed'}: -ENOTBLK, the read has to be buffered`
      return s.io_tree.locked.some((lock) => lock.by === t.letter && lock.from === f.pos)
        ? `maps ${range(f.pos, to)}: ${isHole(map) ? 'nothing is there to read' : `one extent, at disk address ${addressAt(map, f.pos)}`}`
        : `the mapping ends at ${size(to)}, before the NOWAIT request does: unlocks the range, -EAGAIN`
    },
    {
      row: "direct-io C.3 C7, C7'; C.4 P2",
      code: 'em = btrfs_get_extent(); len = min(len, rest of em); if (NOWAIT && len < length) return -EAGAIN',
    },
    (s, f, t) => {
      const want = asked(s, f)
      const map = getExtent(s, want.from, want.to - want.from)
      const to = Math.min(map.to, want.to)
      unlockExtent(s, want, t.letter)
      if (needsCache(map)) return ret(noMapping(f, ENOTBLK))
      if (f.nowait && to - f.pos < f.length && has(s, 'ca93e44bfb5f')) return ret(noMapping(f, EAGAIN))
      lockExtent(s, { from: want.from, to }, t.letter)
      const mapped: Mapped = { error: 0, offset: f.pos, length: to - f.pos, disk: addressAt(map, f.pos) }
      return ret(isHole(map) ? { ...mapped, hole: true } : mapped)
    },
  ),
]

/** The cached map at an offset, which a step has looked up. */
const mapAt = (s: BtrfsWorld, at: number): ExtentMap => must(cachedAt(s, at))
const needsCache = (map: ExtentMap): boolean => isInline(map) || map.compressed === true
const isHole = (map: ExtentMap): boolean => map.disk === null || map.prealloc
const addressAt = (map: ExtentMap, at: number): number => (map.disk === null ? 0 : map.disk + at - map.from)

/** The part of btrfs_dio_iomap_end() that is for reads. */
export const readEnd: readonly Row<BtrfsWorld, ReadEnd>[] = [
  flow<ReadEnd>((f) => (f.hole || f.submitted < f.length ? undefined : ret(0)), 'read'),
  step(
    'unlock_unread',
    (_s, f) =>
      f.hole
        ? `unlocks ${range(f.pos, f.pos + f.length)} in the io_tree: no bio will`
        : `no bio was submitted for ${range(f.pos + f.submitted, f.pos + f.length)}: unlocks it in the io_tree`,
    { row: "direct-io C.3 C10'", code: 'if (submitted < length) unlock_extent(); ret = -ENOTBLK' },
    (s, f) => {
      unlockExtentOfAnybody(s, { from: f.hole ? f.pos : f.pos + f.submitted, to: f.pos + f.length })
      return ret(f.hole ? 0 : ENOTBLK)
    },
  ),
]
