/** btrfs: the part of btrfs_dio_iomap_begin() and btrfs_dio_iomap_end() that is for reads. Source: facts direct-io C.3 (C7, C10), C.4, 6.3. */
import { K, M, overlaps, range, size } from '../../base/range.ts'
import { flow, goto, has, ret, step, type Row, type World } from '../../engine/procedure.ts'
import type { Mapped } from '../iomap/dio.ts'
import { cannotLockRange, withoutRange } from '../locks.ts'
import { PAGE } from '../mm/world.ts'
import { EAGAIN, ENOTBLK } from '../vfs/world.ts'
import { ioLockName } from './ordered.ts'
import { allItems, endOf, extentsOf } from './tree.ts'
import type { BtrfsWorld } from './world.ts'

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
      code: 'if (!write) len = min(len, max); lock_extent_direct()',
      when: (s, f, t) => {
        const wait = cannotLockRange(s.io_tree.locked, asked(s, f), t.letter, ioLockName)
        const ordered = s.ordered.find((oe) => oe.direct && overlaps(oe, asked(s, f)))
        return wait ?? (ordered ? { on: `ordered extent ${range(ordered.from, ordered.to)}`, heldBy: [] } : null)
      },
    },
    (s, f, t) => {
      if (s.ordered.some((oe) => overlaps(oe, asked(s, f)))) return ret(noMapping(f, ENOTBLK))
      s.io_tree.locked = [...s.io_tree.locked, { ...asked(s, f), by: t.letter }]
      return undefined
    },
  ),
  step(
    'map_extent',
    (s, f, t) => {
      const { from } = asked(s, f)
      const found = extentAt(s, from, asked(s, f).to)
      if (found.compressed) return `the extent at ${size(from)} is compressed: -ENOTBLK, the read has to be buffered`
      return s.io_tree.locked.some((lock) => lock.by === t.letter && lock.from === from)
        ? `maps ${range(from, found.to)}: ${found.hole ? 'nothing is there to read' : `one extent at disk address ${found.disk}`}`
        : `the mapping ends at ${size(found.to)}, before the NOWAIT request does: unlocks the range, -EAGAIN`
    },
    {
      row: "direct-io C.3 C7, C7'; C.4 P2",
      code: 'em = btrfs_get_extent(); len = min(len, rest of em); if (NOWAIT && len < length) return -EAGAIN',
    },
    (s, f, t) => {
      const want = asked(s, f)
      const found = extentAt(s, want.from, want.to)
      const short = f.nowait && found.to - f.pos < f.length
      const error = found.compressed ? ENOTBLK : short && has(s, 'ca93e44bfb5f') ? EAGAIN : 0
      s.io_tree.locked = withoutRange(s.io_tree.locked, want, t.letter)
      if (error !== 0) return ret(noMapping(f, error))
      s.io_tree.locked = [...s.io_tree.locked, { from: want.from, to: found.to, by: t.letter }]
      const mapped: Mapped = { error: 0, offset: f.pos, length: found.to - f.pos, disk: found.disk }
      return ret(found.hole ? { ...mapped, hole: true } : mapped)
    },
  ),
]

interface Found {
  readonly to: number
  readonly disk: number
  readonly hole: boolean
  readonly compressed: boolean
}

/** btrfs_get_extent(): what lies at `from`, as far as it is of one kind. */
function extentAt(s: BtrfsWorld, from: number, to: number): Found {
  const items = extentsOf(allItems(s.subvol))
  const item = items.find((candidate) => candidate.offset <= from && from < endOf(candidate))
  if (item)
    return {
      to: Math.min(to, endOf(item)),
      disk: item.disk + item.at + from - item.offset,
      hole: item.disk === 0 || item.kind === 'prealloc',
      compressed: item.compressed === true,
    }
  const next = Math.min(to, ...items.filter((candidate) => candidate.offset > from).map((candidate) => candidate.offset))
  return { to: next, disk: 0, hole: true, compressed: false }
}

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
      unlockRead(s, f.hole ? f.pos : f.pos + f.submitted, f.pos + f.length)
      return ret(f.hole ? 0 : ENOTBLK)
    },
  ),
]

/** Unlocks what a read locked, whoever did: a bio's end unlocks for the task that submitted it. */
export function unlockRead(s: BtrfsWorld, from: number, to: number): void {
  s.io_tree.locked = s.io_tree.locked.flatMap((lock) =>
    overlaps(lock, { from, to })
      ? [
          { ...lock, to: Math.min(lock.to, from) },
          { ...lock, from: Math.max(lock.from, to) },
        ].filter((part) => part.from < part.to)
      : [lock],
  )
}
