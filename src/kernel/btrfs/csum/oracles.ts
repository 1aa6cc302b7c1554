/** Oracles for data and their checksums. Wordings and ids: facts direct-io B.6. They know content, checksums and callers, nothing else. */
import { printCsum } from '../../../base/crc32c.ts'
import { range, type Range } from '../../../base/range.ts'
import { finallyHolds, type Oracle } from '../../../engine/oracle.ts'
import type { Letter } from '../../../engine/view.ts'
import { clip, gaps, transfer, valueOf } from '../../lib/runs.ts'
import { stablePages } from '../../oracles/pages.ts'
import { readsWhatWasHeld } from '../../oracles/reads.ts'
import { ranges } from '../../oracles/shown.ts'
import { SECTOR, type BtrfsWorld } from '../world.ts'
import { badSectors, mirrorOf, piecesOf } from './verify.ts'

const everywhere = Number.MAX_SAFE_INTEGER
const allPieces = (s: BtrfsWorld): ReturnType<typeof piecesOf> => piecesOf(s, 0, everywhere - (everywhere % 4096))
/** Lanes of the picture of checksums: what the tree says, what a mirror holds, and which checksums the data there have. */
export const lanes = {
  tree: 'csums',
  data: (mirror: number): string => `mirror${mirror + 1}`,
  found: (mirror: number): string => `found${mirror + 1}`,
} as const

const mirrors = (s: BtrfsWorld): number[] => [0, ...s.disk.copies.map((_, i) => i + 1)]

/** Sectors of the file that do not have, on some mirror, the checksum which the tree has for them. */
const mismatches = (s: BtrfsWorld) =>
  allPieces(s).flatMap((piece) =>
    mirrors(s).flatMap((mirror) =>
      badSectors(s, mirrorOf(s, mirror), piece.disk, piece.to - piece.from).flatMap(({ disk, found, expected }) => {
        const from = piece.from + disk - piece.disk
        return expected === null ? [] : [{ from, to: from + SECTOR, mirror, found, expected }]
      }),
    ),
  )

const dataMatchSums: Oracle<BtrfsWorld> = finallyHolds({
  id: 'B-O1',
  kind: 'verdict',
  name: 'data match their checksum',
  says: 'in the end every allocated sector of an inode with checksums has, on every mirror, the data that its checksum was made of',
  judge: (s) => {
    if (s.bi.nodatasum) return null
    const all = mismatches(s)
    const [first] = all
    if (!first) return null
    const { from, mirror, found, expected } = first
    return {
      says: `the data at ${from} on mirror ${mirror + 1} have checksum ${printCsum(found)}, the csum tree says ${printCsum(expected)}`,
      // Neither is wrong by itself.
      marks: [...ranges(lanes.tree, all), ...all.flatMap((one) => ranges(lanes.found(one.mirror), [one]))],
    }
  },
})

/** Disk addresses as the log prints them. */
const bytenr = ({ from, to }: Range): string => `[${from}, ${to})`

const sumsExist: Oracle<BtrfsWorld> = finallyHolds({
  id: 'B-O2',
  kind: 'verdict',
  name: 'checksums exactly where due',
  says: 'every sector that a file extent item of an inode with checksums shows has one in the csum tree; one of a NODATASUM inode has none',
  judge: (s) => {
    for (const piece of allPieces(s)) {
      const inFile = ({ from, to }: Range): Range => ({ from: piece.from + from - piece.disk, to: piece.from + to - piece.disk })
      const end = piece.disk + piece.to - piece.from
      const missing = gaps(s.csums, piece.disk, end)
      if (missing[0] && !s.bi.nodatasum)
        return {
          says: `disk bytenr ${bytenr(missing[0])} has data of the file but no checksum`,
          marks: ranges(lanes.data(0), missing.map(inFile)),
        }
      const present = clip(s.csums, piece.disk, end)
      if (present[0] && s.bi.nodatasum)
        return {
          says: `disk bytenr ${bytenr(present[0])} of a NODATASUM inode has a checksum`,
          marks: ranges(lanes.tree, present.map(inFile)),
        }
    }
    return null
  },
})

const mirrorsAgree: Oracle<BtrfsWorld> = finallyHolds({
  id: 'B-O4',
  kind: 'verdict',
  name: 'all mirrors are equal',
  says: 'in the end all mirrors of a sector are equal, byte by byte',
  judge: (s) => {
    for (const piece of allPieces(s)) {
      const content = mirrors(s).map((mirror) => transfer([], 0, mirrorOf(s, mirror), piece.disk, piece.to - piece.from))
      const [first = [], ...others] = content
      for (const [i, other] of others.entries())
        for (const run of first) {
          const same = clip(other, run.from, run.to).filter(({ stamp }) => valueOf(stamp) === valueOf(run.stamp))
          const [differs] = gaps(same, run.from, run.to)
          if (!differs) continue
          const part = { from: piece.from + differs.from, to: piece.from + differs.to }
          return {
            says: `the mirrors of the file's ${range(part.from, part.to)} are not equal`,
            marks: [...ranges(lanes.data(0), [part]), ...ranges(lanes.data(i + 1), [part])],
          }
        }
    }
    return null
  },
})

/** Nothing here damages data on the disk, so any such line is a false alarm. */
const noFalseAlarm: Oracle<BtrfsWorld> = finallyHolds({
  id: 'B-O6',
  kind: 'info',
  name: 'no false checksum alarm',
  says: 'no "csum failed" is logged unless the content of the disk was damaged',
  judge: (s) => {
    const line = s.dmesg.find(({ text }) => text.includes('csum failed'))
    return line ? `logged, though the disk is healthy: ${line.text.slice(line.text.indexOf('csum failed'))}` : null
  },
})

/** The oracles of data checksums, for one writer and one later reader of the same range. */
export const csumOracles = (writer: Letter, reader: Letter): readonly Oracle<BtrfsWorld>[] => [
  dataMatchSums,
  sumsExist,
  readsWhatWasHeld(writer, reader),
  mirrorsAgree,
  stablePages('B-O5'),
  noFalseAlarm,
]
