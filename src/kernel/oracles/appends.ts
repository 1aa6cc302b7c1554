/** Oracles for appending writes. Wordings and ids: facts direct-io A.6. They know callers, sizes and content, nothing else. */
import { range, size, type Range } from '../../base/range.ts'
import { finallyHolds, lasting, monitor, recorder, type Answer, type Oracle, type Recorder } from '../../engine/oracle.ts'
import { differs } from '../../engine/stretches.ts'
import type { Letter } from '../../engine/view.ts'
import { clip, gaps, type Piece } from '../lib/runs.ts'
import { fileEnd, ranges, type FileWorld, type Shown } from './shown.ts'

/** What is remembered of appending calls, by letter. */
interface Memory {
  /** Sizes seen under the inode lock before the call raised i_size itself: what an O_APPEND position may come from. */
  sizes: Record<Letter, number[]>
  raised: Record<Letter, true>
  /** The smallest size that somebody else cut the file to since; bytes beyond it may be anybody's. Absent = nobody did. */
  cut: Record<Letter, number>
}

/** Larger than any file. */
const uncut = Number.MAX_SAFE_INTEGER

const isAppend = (s: FileWorld, letter: Letter): boolean => s.kiocbs[letter]?.append === true
const appenders = (s: FileWorld): Letter[] => Object.keys(s.kiocbs).filter((letter) => isAppend(s, letter))
const resultOf = (s: FileWorld, letter: Letter): number => s.calls[letter]?.returned ?? 0

/** Notes the size that a call sees under the inode lock. */
function seeSize(memory: Memory, s: FileWorld, letter: Letter): void {
  if (memory.raised[letter] || !s.locks.i_rwsem.holders.includes(letter)) return
  const sizes = (memory.sizes[letter] ??= [])
  if (!sizes.includes(s.inode.i_size)) sizes.push(s.inode.i_size)
}

/** Notes who has changed i_size. */
function followSize(memory: Memory, before: FileWorld, after: FileWorld, task: Letter): void {
  if (!differs(before.inode, after.inode, 'i_size')) return
  const change = after.inode.i_size - before.inode.i_size
  for (const letter of appenders(after)) {
    if (letter === task && change > 0) memory.raised[letter] = true
    if (letter !== task && change < 0 && (memory.sizes[letter] ?? []).length > 0)
      memory.cut[letter] = Math.min(memory.cut[letter] ?? uncut, after.inode.i_size)
    seeSize(memory, after, letter)
  }
}

interface Settled {
  readonly letter: Letter
  readonly sizes: readonly number[]
  readonly cut: number
  /** What it returned. */
  readonly count: number
}

const settledOf = ({ sizes, cut }: Memory, s: FileWorld, letter: Letter): Settled => ({
  letter,
  sizes: sizes[letter] ?? [],
  cut: cut[letter] ?? uncut,
  count: resultOf(s, letter),
})

/** Where the bytes of a call can be: where they belong, and where its position says that they are. */
const placesOf = ({ letter, sizes, count }: Settled, s: FileWorld): Range[] =>
  [...new Set([...sizes.map((at) => at + count), s.kiocbs[letter]?.ki_pos ?? 0])].map((to) => ({ from: to - count, to }))

/** How many calls change the file: all but those that sync it. */
const changing = (s: FileWorld): number => Object.values(s.calls).filter(({ text }) => !/^f?(data)?sync/.test(text)).length

const wroteBy = (piece: Piece, letter: Letter): boolean => piece.kind === 'data' && (piece.stamp === letter || piece.stamp === `0${letter}`)

const bytesIn = (parts: readonly Range[]): number => parts.reduce((sum, { from, to }) => sum + to - from, 0)

/** What is wrong with one call, given what was remembered of it. */
type Judged<W> = (call: Settled, s: W) => Answer

/**
 * What an append has done wrong stays to be seen, unless the file is cut or somebody writes who does not append: holes are filled by
 * nobody else.
 */
const mends = (before: FileWorld, after: FileWorld): boolean =>
  (differs(before.inode, after.inode, 'i_size') && after.inode.i_size < before.inode.i_size) || othersWrite(after)

/** Is there a call that changes what is within the file, and is no append? */
const othersWrite = (s: FileWorld): boolean =>
  Object.entries(s.calls).some(([letter, { text }]) => !isAppend(s, letter) && !/^f?(data)?sync|^ftruncate/.test(text))

/** What the oracles of appends remember, all of them the same. */
const appends = <W extends FileWorld>(): Recorder<W, Memory> =>
  recorder<W, Memory>({
    id: 'appends',
    start: { sizes: {}, raised: {}, cut: {} },
    notes: [
      {
        watch: ['locks'],
        follow: (memory, before, after, { task }) => {
          if (isAppend(after, task) && !differs(before.inode, after.inode, 'i_size')) seeSize(memory, after, task)
        },
      },
      { watch: ['inode'], follow: (memory, before, after, { task }) => followSize(memory, before, after, task) },
    ],
  })

interface EachAppend<W> {
  readonly id: string
  readonly kind: 'verdict' | 'info'
  readonly name: string
  readonly says: string
  /** `idle`: no I/O is on its way where its bytes can be. `quiet`: nor is anything left to be written there. */
  readonly when: 'idle' | 'quiet'
  /** What it reads beside calls, positions and i_size. */
  readonly watch?: readonly (keyof W & string)[]
  readonly judge: Judged<W>
}

/** An oracle that judges each append that has returned a count, once its I/O is over. */
const eachAppend = <W extends FileWorld>(
  shown: Shown<W>,
  over: Recorder<W, Memory>,
  { id, kind, name, says, when, judge, watch = [] }: EachAppend<W>,
): Oracle<W> =>
  lasting<W, Memory>({
    id,
    kind,
    name,
    says,
    over,
    watch: ['calls', 'kiocbs', 'inode', ...shown.watch.quiet, ...watch],
    mends,
    judge: (memory, s) => {
      for (const letter of appenders(s)) {
        if (resultOf(s, letter) <= 0) continue
        const call = settledOf(memory, s, letter)
        const wrong = placesOf(call, s).every((place) => shown[when](s, place)) ? judge(call, s) : null
        if (wrong !== null) return wrong
      }
      return null
    },
  })

const placement = <W extends FileWorld>(shown: Shown<W>, over: Recorder<W, Memory>): Oracle<W> =>
  eachAppend(shown, over, {
    watch: shown.watch.layout,
    id: 'A-O1',
    kind: 'verdict',
    name: 'appends land at the end',
    says: 'an O_APPEND write that returned r put its r bytes in one piece at an i_size that held while it had the inode lock, before it raised i_size itself',
    when: 'quiet',
    judge: ({ letter, sizes, cut, count }, s) => {
      const own = shown.layout(s).filter((piece) => wroteBy(piece, letter))
      const missing = sizes.map((at) => gaps(own, at, Math.max(at, Math.min(at + count, cut))))
      if (missing.some((parts) => parts.length === 0)) return null
      const nearest = [...missing].sort((a, b) => bytesIn(a) - bytesIn(b))[0] ?? own
      return {
        says: `${letter} appended ${size(count)}, but its bytes are not at ${sizes.map((at) => range(at, at + count)).join(' or ')}`,
        marks: ranges(shown.lanes.layout, nearest),
      }
    },
  })

const growth = <W extends FileWorld>(shown: Shown<W>, over: Recorder<W, Memory>): Oracle<W> =>
  eachAppend(shown, over, {
    id: 'A-O2',
    kind: 'verdict',
    name: 'growth equals the bytes written',
    says: 'with no other writer, i_size grows by exactly what the write returned',
    when: 'idle',
    judge: ({ letter, sizes, count }, s) => {
      const first = sizes[0] ?? 0
      if (changing(s) > 1 || s.inode.i_size === first + count) return null
      return {
        says: `${letter} wrote ${size(count)} at a size of ${size(first)}, but i_size is ${size(s.inode.i_size)}`,
        marks: [fileEnd],
      }
    },
  })

const refused = <W extends FileWorld>(over: Recorder<W, Memory>): Oracle<W> =>
  lasting<W, Memory>({
    id: 'A-O2-error',
    kind: 'info',
    name: 'a failed write grows nothing',
    says: 'with no other writer, a write that returned an error leaves i_size as it found it',
    over,
    watch: ['calls', 'inode'],
    mends,
    judge: (memory, s) => {
      if (changing(s) > 1) return null
      for (const letter of appenders(s)) {
        const first = memory.sizes[letter]?.[0]
        if (resultOf(s, letter) < 0 && first !== undefined && s.inode.i_size !== first)
          return `${letter} got an error, but i_size went from ${size(first)} to ${size(s.inode.i_size)}`
      }
      return null
    },
  })

const coverage = <W extends FileWorld>(shown: Shown<W>, over: Recorder<W, Memory>): Oracle<W> =>
  eachAppend(shown, over, {
    watch: shown.watch.layout,
    id: 'A-O3',
    kind: 'verdict',
    name: 'no hole in appended data',
    says: 'every byte an append was told it wrote has a file extent item, and no hole lies between the old end and it',
    when: 'quiet',
    judge: ({ letter, sizes, cut, count }, s) => {
      const holesFrom = (from: number): Piece[] =>
        clip(shown.layout(s), from, Math.min(from + count, cut)).filter((piece) => piece.kind === 'hole')
      if (sizes.some((from) => holesFrom(from).length === 0)) return null
      const from = sizes[0] ?? 0
      const holes = holesFrom(from)
      const [hole] = holes
      if (!hole) return null
      return {
        says: `${letter} was told that ${size(count)} were appended at ${size(from)}, but ${range(hole.from, hole.to)} is a hole`,
        marks: ranges(shown.lanes.layout, holes),
      }
    },
  })

const position = <W extends FileWorld>(shown: Shown<W>, over: Recorder<W, Memory>): Oracle<W> =>
  eachAppend(shown, over, {
    id: 'A-O4',
    kind: 'info',
    name: 'position follows the appended bytes',
    says: 'after the write ki_pos is where the appended bytes end',
    when: 'idle',
    judge: ({ letter, sizes, count }, s) => {
      const ends = sizes.map((at) => at + count)
      const pos = s.kiocbs[letter]?.ki_pos ?? 0
      return ends.includes(pos) ? null : `${letter}'s ki_pos is ${size(pos)}, not ${ends.map(size).join(' or ')}`
    },
  })

/** With `initial` the size before any call; calls that set the size make the sum meaningless. */
const sum = <W extends FileWorld>(initial: number): Oracle<W> =>
  finallyHolds<W>({
    id: 'A-O5',
    kind: 'info',
    name: 'growth equals all appends',
    says: 'i_size grows by the sum of what the appending calls returned',
    judge: (s) => {
      const letters = appenders(s)
      if (changing(s) > letters.length) return null
      const want = letters.reduce((total, letter) => total + Math.max(0, resultOf(s, letter)), initial)
      return s.inode.i_size === want ? null : `i_size is ${size(s.inode.i_size)}, the calls add up to ${size(want)}`
    },
  })

const lostAppend = <W extends FileWorld>(shown: Shown<W>): Oracle<W> =>
  monitor<W, object>({
    id: 'A-O9',
    kind: 'verdict',
    name: 'appends never overwrite each other',
    says: 'no O_APPEND write overwrites bytes that another O_APPEND write placed and no truncate has removed since',
    watch: shown.watch.layout,
    start: {},
    observe: (_memory, before, after) => {
      const appended = (piece: Piece): Letter | null => {
        const writer = piece.kind === 'data' ? (piece.stamp ?? '').replace(/^0(?=.)/, '') : ''
        return isAppend(after, writer) ? writer : null
      }
      const now = shown.layout(after)
      for (const piece of shown.layout(before)) {
        const changed = clip(now, piece.from, piece.to).filter(({ stamp }) => stamp !== piece.stamp)
        const owner = changed.length > 0 ? appended(piece) : null
        if (owner === null) continue
        const thief = changed.find((part) => ![null, owner].includes(appended(part)))
        if (thief)
          return {
            says: `${owner}'s bytes in ${range(thief.from, thief.to)} are replaced by ${thief.stamp}'s`,
            marks: ranges(shown.lanes.layout, [thief]),
          }
      }
      return null
    },
  })

/** `initial`: i_size before any call. `atRest` is judged with them, in its place in the list of the facts. */
export function appendOracles<W extends FileWorld>(shown: Shown<W>, initial: number, atRest: Oracle<W>): readonly Oracle<W>[] {
  const over = appends<W>()
  return [
    placement(shown, over),
    growth(shown, over),
    refused(over),
    coverage(shown, over),
    position(shown, over),
    sum(initial),
    atRest,
    lostAppend(shown),
  ]
}
