/** Oracles for appending writes. Wordings and ids: facts direct-io A.6. They know callers, sizes and content, nothing else. */
import { range, size } from '../../base/range.ts'
import { finallyHolds, monitor, type Oracle } from '../../engine/oracle.ts'
import type { Letter } from '../../engine/view.ts'
import { clip, gaps } from '../lib/runs.ts'
import { awaitsPages } from './ordered.ts'
import { layoutOf, type Piece } from './tree/extents.ts'
import { allItems } from './tree/tree.ts'
import type { BtrfsWorld } from './world.ts'

/** What is remembered of one appending call: sizes seen under the inode lock before the call raised i_size itself. */
interface Append {
  sizes: number[]
  raised: boolean
  judged: boolean
  /** The smallest size that somebody else cut the file to since; bytes beyond it may be anybody's. */
  cut: number
}

type Memory = Record<Letter, Append>

/** Larger than any file. */
const uncut = Number.MAX_SAFE_INTEGER

const appenders = (s: BtrfsWorld): Letter[] => Object.keys(s.kiocbs).filter((letter) => s.kiocbs[letter]?.append)

/** Keeps the sizes that an O_APPEND position may come from. */
function follow(memory: Memory, before: BtrfsWorld, after: BtrfsWorld, task: Letter): void {
  for (const letter of appenders(after)) {
    const call = (memory[letter] ??= { sizes: [], raised: false, judged: false, cut: uncut })
    if (letter === task && after.inode.i_size > before.inode.i_size) call.raised = true
    if (letter !== task && after.inode.i_size < before.inode.i_size && call.sizes.length > 0)
      call.cut = Math.min(call.cut, after.inode.i_size)
    const holds = after.locks.i_rwsem.holders.includes(letter)
    if (holds && !call.raised && !call.sizes.includes(after.inode.i_size)) call.sizes.push(after.inode.i_size)
  }
}

/**
 * Calls that have returned a count and can be judged, each once: no ordered extent works on the file any more and, where
 * items are looked at (`written`), nothing is left for writeback either.
 */
function* settled(memory: Memory, s: BtrfsWorld, written = true): Generator<{ letter: Letter; call: Append; count: number }> {
  if (s.ordered.some((oe) => !awaitsPages(s, oe))) return
  const { runs, locked } = s.mapping
  if (written && (s.ordered.length > 0 || locked.length > 0 || runs.some((run) => run.dirty || run.writeback))) return
  for (const letter of appenders(s)) {
    const call = memory[letter]
    const count = s.calls[letter]?.returned ?? 0
    if (!call || call.judged || count <= 0) continue
    call.judged = true
    yield { letter, call, count }
  }
}

/** How many calls change the file: all but those that sync it. */
const changing = (s: BtrfsWorld): number => Object.values(s.calls).filter(({ text }) => !/^f?(data)?sync/.test(text)).length

const layout = (s: BtrfsWorld): Piece[] => layoutOf(allItems(s.subvol), s.disk.data, s.inode.i_size)
const wroteBy = (piece: Piece, letter: Letter): boolean => piece.kind === 'data' && (piece.stamp === letter || piece.stamp === `0${letter}`)
const watch = ['inode', 'locks', 'calls', 'ordered', 'mapping'] as const

const placement = monitor<BtrfsWorld, Memory>({
  id: 'A-O1',
  kind: 'verdict',
  says: 'an O_APPEND write that returned r put its r bytes in one piece at an i_size that held while it had the inode lock, before it raised i_size itself',
  watch,
  start: {},
  observe: (memory, before, after, { task }) => {
    follow(memory, before, after, task)
    for (const { letter, call, count } of settled(memory, after)) {
      const pieces = layout(after)
      const fits = (at: number): boolean => {
        const end = Math.min(at + count, call.cut)
        const own = pieces.filter((piece) => wroteBy(piece, letter))
        return gaps(own, at, end).length === 0
      }
      if (!call.sizes.some(fits))
        return `${letter} appended ${size(count)}, but its bytes are not at ${call.sizes.map((at) => range(at, at + count)).join(' or ')}`
    }
    return null
  },
})

const growth = monitor<BtrfsWorld, Memory>({
  id: 'A-O2',
  kind: 'verdict',
  says: 'with no other writer, i_size grows by exactly what the write returned',
  watch,
  start: {},
  observe: (memory, before, after, { task }) => {
    follow(memory, before, after, task)
    if (changing(after) > 1) return null
    for (const { letter, call, count } of settled(memory, after, false)) {
      const first = call.sizes[0] ?? 0
      if (after.inode.i_size !== first + count)
        return `${letter} wrote ${size(count)} at a size of ${size(first)}, but i_size is ${size(after.inode.i_size)}`
    }
    return null
  },
})

const refused = monitor<BtrfsWorld, Memory>({
  id: 'A-O2-error',
  kind: 'info',
  says: 'with no other writer, a write that returned an error leaves i_size as it found it',
  watch,
  start: {},
  observe: (memory, before, after, { task }) => {
    follow(memory, before, after, task)
    if (changing(after) > 1) return null
    for (const letter of appenders(after)) {
      const { returned } = after.calls[letter] ?? { returned: null }
      const first = memory[letter]?.sizes[0]
      if (returned !== null && returned < 0 && first !== undefined && after.inode.i_size !== first)
        return `${letter} got an error, but i_size went from ${size(first)} to ${size(after.inode.i_size)}`
    }
    return null
  },
})

const coverage = monitor<BtrfsWorld, Memory>({
  id: 'A-O3',
  kind: 'verdict',
  says: 'every byte an append was told it wrote has a file extent item, and no hole lies between the old end and it',
  watch,
  start: {},
  observe: (memory, before, after, { task }) => {
    follow(memory, before, after, task)
    for (const { letter, call, count } of settled(memory, after)) {
      const holeFrom = (from: number): Piece | undefined =>
        clip(layout(after), from, Math.min(from + count, call.cut)).find((piece) => piece.kind === 'hole')
      if (call.sizes.some((from) => !holeFrom(from))) continue
      const from = call.sizes[0] ?? 0
      const hole = holeFrom(from)
      if (hole) return `${letter} was told that ${size(count)} were appended at ${size(from)}, but ${range(hole.from, hole.to)} is a hole`
    }
    return null
  },
})

const position = monitor<BtrfsWorld, Memory>({
  id: 'A-O4',
  kind: 'info',
  says: 'after the write ki_pos is where the appended bytes end',
  watch,
  start: {},
  observe: (memory, before, after, { task }) => {
    follow(memory, before, after, task)
    for (const { letter, call, count } of settled(memory, after, false)) {
      const ends = call.sizes.map((at) => at + count)
      const pos = after.kiocbs[letter]?.ki_pos ?? 0
      if (!ends.includes(pos)) return `${letter}'s ki_pos is ${size(pos)}, not ${ends.map(size).join(' or ')}`
    }
    return null
  },
})

/** With `initial` the size before any call; calls that set the size make the sum meaningless. */
const sum = (initial: number): Oracle<BtrfsWorld> =>
  finallyHolds({
    id: 'A-O5',
    kind: 'info',
    says: 'i_size grows by the sum of what the appending calls returned',
    judge: (s) => {
      const letters = appenders(s)
      if (changing(s) > letters.length) return null
      const want = letters.reduce((total, letter) => total + Math.max(0, s.calls[letter]?.returned ?? 0), initial)
      return s.inode.i_size === want ? null : `i_size is ${size(s.inode.i_size)}, the calls add up to ${size(want)}`
    },
  })

export const quiescence: Oracle<BtrfsWorld> = finallyHolds({
  id: 'A-O6',
  kind: 'verdict',
  says: 'in the end no ordered extent is left but for pages that nobody has asked to be written, i_dio_count is 0 and the inode lock is free',
  judge: (s) => {
    const left = s.ordered.filter((oe) => !awaitsPages(s, oe)).length
    if (left > 0) return `${left} ordered extents are left`
    if (s.inode.i_dio_count !== 0) return `i_dio_count is ${s.inode.i_dio_count}`
    const { mode, holders } = s.locks.i_rwsem
    if (mode === 'broken') return 'the inode lock was released more often than it was taken'
    return mode === 'free' ? null : `the inode lock is held by ${holders.join(' and ')}`
  },
})

const lostAppend = monitor<BtrfsWorld, object>({
  id: 'A-O9',
  kind: 'verdict',
  says: 'no O_APPEND write overwrites bytes that another O_APPEND write placed and no truncate has removed since',
  watch: ['subvol'],
  start: {},
  observe: (_memory, before, after) => {
    const letters = appenders(after)
    const [old, now] = [layout(before), layout(after)]
    for (const piece of old) {
      const owner = letters.find((letter) => wroteBy(piece, letter))
      if (owner === undefined) continue
      const thief = clip(now, piece.from, piece.to).find((part) => letters.some((letter) => letter !== owner && wroteBy(part, letter)))
      if (thief) return `${owner}'s bytes in ${range(thief.from, thief.to)} are replaced by ${thief.stamp}'s`
    }
    return null
  },
})

/** The oracles of appending writes; `initial` is i_size before any call. */
export const appendOracles = (initial: number): readonly Oracle<BtrfsWorld>[] => [
  placement,
  growth,
  refused,
  coverage,
  position,
  sum(initial),
  quiescence,
  lostAppend,
]
