/** Oracles for data and their checksums. Wordings and ids: facts direct-io B.6. They know content, checksums and callers, nothing else. */
import { printCsum } from '../../base/crc32c.ts'
import { range, type Range } from '../../base/range.ts'
import { finallyHolds, monitor, type Oracle } from '../../engine/oracle.ts'
import type { Letter } from '../../engine/view.ts'
import { clip, gaps, transfer, valueOf, type Run } from '../lib/runs.ts'
import { badSectors, mirrorOf, piecesOf } from './csum/verify.ts'
import type { BtrfsWorld } from './world.ts'

const everywhere = Number.MAX_SAFE_INTEGER
const allPieces = (s: BtrfsWorld): ReturnType<typeof piecesOf> => piecesOf(s, 0, everywhere - (everywhere % 4096))
const mirrors = (s: BtrfsWorld): number[] => [0, ...s.disk.copies.map((_, i) => i + 1)]

const dataMatchSums: Oracle<BtrfsWorld> = finallyHolds({
  id: 'B-O1',
  kind: 'verdict',
  says: 'in the end every allocated sector of an inode with checksums has, on every mirror, the data that its checksum was made of',
  judge: (s) => {
    if (s.bi.nodatasum) return null
    for (const piece of allPieces(s))
      for (const mirror of mirrors(s))
        for (const { disk, found, expected } of badSectors(s, mirrorOf(s, mirror), piece.disk, piece.to - piece.from))
          if (expected !== null)
            return `the data at ${piece.from + disk - piece.disk} on mirror ${mirror + 1} have checksum ${printCsum(found)}, the csum tree says ${printCsum(expected)}`
    return null
  },
})

/** Disk addresses as the log prints them. */
const bytenr = ({ from, to }: Range): string => `[${from}, ${to})`

const sumsExist: Oracle<BtrfsWorld> = finallyHolds({
  id: 'B-O2',
  kind: 'verdict',
  says: 'every sector that a file extent item of an inode with checksums shows has one in the csum tree; one of a NODATASUM inode has none',
  judge: (s) => {
    for (const piece of allPieces(s)) {
      const end = piece.disk + piece.to - piece.from
      const [missing] = gaps(s.csums, piece.disk, end)
      if (missing && !s.bi.nodatasum) return `disk bytenr ${bytenr(missing)} has data of the file but no checksum`
      const [present] = clip(s.csums, piece.disk, end)
      if (present && s.bi.nodatasum) return `disk bytenr ${bytenr(present)} of a NODATASUM inode has a checksum`
    }
    return null
  },
})

/** By writer: everything that its buffer held, by offset in the buffer, since the call began. */
type Held = Record<Letter, Run[]>

/** Does a run of `held` cover each byte of this value? */
const wasHeld = (held: readonly Run[], { from, to, stamp }: Run): boolean =>
  gaps(
    clip(held, from, to)
      .filter((run) => valueOf(run.stamp) === valueOf(stamp))
      .sort((a, b) => a.from - b.from),
    from,
    to,
  ).length === 0

const readsWhatWasHeld = (writer: Letter, reader: Letter): Oracle<BtrfsWorld> =>
  monitor<BtrfsWorld, Held>({
    id: 'B-O3',
    kind: 'verdict',
    says: 'a read returns, byte by byte, a value that the buffer held between the call and the return of the write',
    watch: ['buffers', 'calls'],
    start: {},
    observe: (memory, before, after) => {
      if (before.calls[writer]?.returned === null)
        for (const { buffers } of [before, after])
          for (const run of buffers[writer]?.content ?? []) {
            const held = (memory[writer] ??= [])
            if (!held.some((old) => old.stamp === run.stamp && old.from === run.from && old.to === run.to)) held.push({ ...run })
          }
      const count = after.calls[reader]?.returned ?? 0
      // What others store to the reader's memory is not what the read returned.
      if (count <= 0 || after.buffers[reader]?.shared) return null
      const read = transfer([], 0, after.buffers[reader]?.content ?? [], 0, count)
      const strange = read.find((run) => !wasHeld(memory[writer] ?? [], run))
      return strange ? `${reader} read ${strange.stamp} in ${range(strange.from, strange.to)}, which ${writer}'s buffer did not hold` : null
    },
  })

const mirrorsAgree: Oracle<BtrfsWorld> = finallyHolds({
  id: 'B-O4',
  kind: 'verdict',
  says: 'in the end all mirrors of a sector are equal, byte by byte',
  judge: (s) => {
    for (const piece of allPieces(s)) {
      const content = mirrors(s).map((mirror) => transfer([], 0, mirrorOf(s, mirror), piece.disk, piece.to - piece.from))
      const [first = [], ...others] = content
      for (const other of others)
        for (const run of first) {
          const same = clip(other, run.from, run.to).filter(({ stamp }) => valueOf(stamp) === valueOf(run.stamp))
          const [differs] = gaps(same, run.from, run.to)
          if (differs) return `the mirrors of the file's ${range(piece.from + differs.from, piece.from + differs.to)} are not equal`
        }
    }
    return null
  },
})

const stablePages: Oracle<BtrfsWorld> = monitor<BtrfsWorld, object>({
  id: 'B-O5',
  kind: 'verdict',
  says: 'a page whose writeback flag is set does not change until the flag is cleared',
  watch: ['mapping'],
  start: {},
  observe: (_memory, before, after) => {
    for (const run of before.mapping.runs.filter(({ writeback }) => writeback)) {
      const now = clip(after.mapping.runs, run.from, run.to).find(({ writeback, stamp }) => writeback && stamp !== run.stamp)
      if (now) return `the page cache at ${range(now.from, now.to)} became ${now.stamp} under writeback`
    }
    return null
  },
})

/** Nothing here damages data on the disk, so any such line is a false alarm. */
const noFalseAlarm: Oracle<BtrfsWorld> = finallyHolds({
  id: 'B-O6',
  kind: 'info',
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
  stablePages,
  noFalseAlarm,
]
