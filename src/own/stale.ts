/** A read that returns what the file did not hold at any moment of the call, byte by byte. */
import { same } from '../base/plain.ts'
import { range, type Range } from '../base/range.ts'
import { monitor, type Oracle } from '../engine/oracle.ts'
import { clip, valuesOf, type Run } from '../kernel/lib/runs.ts'
import { neverHeld, type Cut } from '../kernel/oracles/durability.ts'
import type { Shown } from '../kernel/oracles/shown.ts'
import { callsOf } from '../kernel/vfs/thread.ts'
import type { Claim, Letter } from '../scene/scene.ts'
import type { SceneWorld } from './file-system.ts'

interface Reading {
  /** Which of the task's calls runs, from 1; 0 = none has begun. */
  call: number
  /** What it asks for, if it reads. */
  part: Range | null
  /** Every version of that part since the call began. */
  cuts: Cut[]
  /** The first read that was stale, in words. */
  found: string | null
}

/** Bytes that may have several values: each by itself. */
const oneByOne = ({ from, to, stamp }: Run): Run[] => valuesOf(stamp).map((value) => ({ from, to, stamp: value }))

/** The part as a reader finds it; beyond the end of the file are zeros, as whoever finds it longer will see. */
function version<W extends SceneWorld>(shown: Shown<W>, s: W, { from, to }: Range): Cut {
  const end = Math.max(from, Math.min(to, s.inode.i_size))
  const found = clip(shown.content(s, from, to), from, end).flatMap(oneByOne)
  return end < to ? [...found, { from: end, to, stamp: '0' }] : found
}

function remember<W extends SceneWorld>(memory: Reading, part: Range, shown: Shown<W>, s: W): void {
  const now = version(shown, s, part)
  if (!memory.cuts.some((cut) => same(cut, now))) memory.cuts.push(now)
}

/** The call that has just begun. */
function begin(memory: Reading, s: SceneWorld, letter: Letter): void {
  const [iter, kiocb] = [s.iters[letter], s.kiocbs[letter]]
  memory.part = s.calls[letter]?.reads && iter && kiocb ? { from: kiocb.ki_pos, to: kiocb.ki_pos + iter.count } : null
  memory.cuts = []
}

function follow<W extends SceneWorld>(memory: Reading, shown: Shown<W>, s: W, letter: Letter): void {
  const calls = s.calls[letter] ? callsOf(s, letter) : []
  if (calls.length !== memory.call) {
    memory.call = calls.length
    begin(memory, s, letter)
  }
  const { part } = memory
  const last = calls.at(-1)
  if (!part || !last) return
  remember(memory, part, shown, s)
  if (last.returned === null) return
  const found = (last.read ?? [])
    .flatMap(oneByOne)
    .map(({ from, to, stamp }): Run => ({ from: from + part.from, to: to + part.from, stamp }))
  const [wrong] = neverHeld(found, memory.cuts)
  if (wrong)
    memory.found ??= `${letter} read ${wrong.stamp === '0' ? 'zeros' : wrong.stamp} in ${range(wrong.from, wrong.to)}, which the file did not hold there at any moment of the call`
  memory.part = null
  memory.cuts = []
}

/** The rule for the reads of one task; under `sometimes` it tells that one is stale. */
export const staleReads = <W extends SceneWorld>(
  base: Pick<Oracle<W>, 'id' | 'kind' | 'name' | 'says'>,
  shown: Shown<W>,
  letter: Letter,
  claim: Claim,
  judged: (s: W) => boolean,
): Oracle<W> =>
  monitor<W, Reading>({
    ...base,
    watch: ['calls', 'iters', 'kiocbs', 'inode', ...shown.watch.content],
    start: { call: 0, part: null, cuts: [], found: null },
    observe: (memory, _before, after) => {
      follow(memory, shown, after, letter)
      if (!judged(after)) return null
      if (claim === 'always') return memory.found === null ? `${base.says}: but ${letter} read what the file held` : null
      return memory.found
    },
  })
