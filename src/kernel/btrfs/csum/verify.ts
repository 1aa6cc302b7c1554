/**
 * btrfs: what is read from disk is verified against its checksum, and a bad copy repaired from a good one. Source: facts
 * direct-io B.3 B9, B.5; fs/btrfs/inode.c v6.1, btrfs_check_data_csum(), fs/btrfs/file-item.c, btrfs_lookup_bio_sums().
 */
import { alignDown, alignUp, type Range } from '../../../base/range.ts'
import { clip, transfer, type Run } from '../../lib/runs.ts'
import { sumsOf } from '../../lib/sums.ts'
import { corrected, csumFailed, csumHole } from '../dmesg.ts'
import { orderedIn } from '../ordered.ts'
import { endOf, extentsIn } from '../tree/tree.ts'
import type { ConsoleEntry } from '../../vfs/world.ts'
import { SECTOR, type BtrfsWorld } from '../world.ts'

/** A stretch that one item describes: where it is in the file and on disk. */
interface Piece extends Range {
  readonly disk: number
}

/** A sector whose content does not have its checksum; `expected` is null where the tree has none. */
interface Bad {
  readonly disk: number
  readonly found: number
  readonly expected: number | null
}

/** The content of one mirror, 0 being the first. */
export const mirrorOf = (s: BtrfsWorld, mirror: number): readonly Run[] => (mirror === 0 ? s.disk.data : (s.disk.copies[mirror - 1] ?? []))

/** Sectors of content, given by disk address, that do not have their checksum. */
export function badSectors(s: BtrfsWorld, content: readonly Run[], disk: number, length: number): Bad[] {
  const out: Bad[] = []
  for (const part of sumsOf(content, disk, disk + length, s.fills)) {
    const stored = clip(s.csums, part.from, part.to)
    if (stored.length === 1 && stored[0]?.from === part.from && stored[0].to === part.to && stored[0].crc === part.crc) continue
    for (let at = part.from; at < part.to; at += SECTOR) {
      const expected = stored.find((sum) => sum.from <= at && at < sum.to)?.crc ?? null
      if (expected !== part.crc) out.push({ disk: at, found: part.crc, expected })
    }
  }
  return out
}

/** The sectors of [from, to) that have data in extents of their own, as stretches that lie together on disk. */
export function piecesOf(s: BtrfsWorld, from: number, to: number): Piece[] {
  const whole = { from: alignDown(from, SECTOR), to: alignUp(to, SECTOR) }
  return extentsIn(s.subvol, whole.from, whole.to)
    .filter((item) => item.kind === 'reg' && item.disk !== 0)
    .map((item) => {
      const start = Math.max(whole.from, item.offset)
      return { from: start, to: Math.min(whole.to, endOf(item)), disk: item.disk + item.at + start - item.offset }
    })
}

const say = (s: BtrfsWorld, ...lines: readonly ConsoleEntry[]): void => {
  s.dmesg = [...s.dmesg, ...lines]
}

function reportBad(s: BtrfsWorld, mirror: number, offset: number, { found, expected }: Bad): void {
  s.fs.corrupt[mirror] = (s.fs.corrupt[mirror] ?? 0) + 1
  // What the tree has no checksum for is compared with zero.
  say(s, ...csumFailed(s, offset, found, expected ?? 0, mirror))
}

/**
 * Verifies content that was read for a stretch of the file, given by disk address from the first mirror. A bad sector is
 * looked for on the other mirrors: a good copy replaces it, on disk too. @returns the content, and the sectors of the file
 * that no mirror has.
 */
export function verifyRead(
  s: BtrfsWorld,
  piece: Piece,
  read: readonly Run[],
): { readonly content: readonly Run[]; readonly lost: Range[] } {
  // Data of an ordered extent have no checksum in the tree yet; who reads them waits for it first.
  if (s.bi.nodatasum || orderedIn(s, piece).length > 0) return { content: read, lost: [] }
  const bad = badSectors(s, read, piece.disk, piece.to - piece.from)
  for (const { disk, expected } of bad) if (expected === null) say(s, csumHole(s, disk))
  let content = read
  const lost: Range[] = []
  for (const one of bad) {
    const offset = piece.from + one.disk - piece.disk
    reportBad(s, 0, offset, one)
    const good = goodMirror(s, one.disk, offset)
    if (good === null) lost.push({ from: offset, to: offset + SECTOR })
    else {
      content = transfer(content, one.disk, good, one.disk, SECTOR)
      s.disk.data = transfer(s.disk.data, one.disk, good, one.disk, SECTOR)
      say(s, corrected(s, one.disk, offset))
    }
  }
  return { content, lost }
}

/** The first further mirror whose sector has its checksum; those before it are reported. Null = there is none. */
function goodMirror(s: BtrfsWorld, disk: number, offset: number): readonly Run[] | null {
  for (let mirror = 1; mirror <= s.disk.copies.length; mirror++) {
    const content = mirrorOf(s, mirror)
    const [bad] = badSectors(s, content, disk, SECTOR)
    if (!bad) return content
    reportBad(s, mirror, offset, bad)
  }
  return null
}

/** Sectors of [0, size) that no mirror has with their checksum: reading them fails. Only looks. */
export function unreadable(s: BtrfsWorld, size: number): Range[] {
  if (s.bi.nodatasum || size === 0) return []
  return piecesOf(s, 0, size)
    .filter((piece) => orderedIn(s, piece).length === 0)
    .flatMap((piece) => badSectors(s, s.disk.data, piece.disk, piece.to - piece.from).map((bad) => ({ piece, disk: bad.disk })))
    .filter(({ disk }) => s.disk.copies.every((copy) => badSectors(s, copy, disk, SECTOR).length > 0))
    .map(({ piece, disk }) => ({ from: piece.from + disk - piece.disk, to: piece.from + disk - piece.disk + SECTOR }))
}
