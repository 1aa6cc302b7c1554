/**
 * Pulling the plug: what a power failure now leaves, beside every version of the file that keeps what was promised. What is
 * promised is what `durability.ts` and `acknowledged.ts` hold a mount to; here it is asked of any state of a run.
 */
import { same } from '../../base/plain.ts'
import type { Range } from '../../base/range.ts'
import type { Held, Left, Plug, Promised, Version, Watcher } from '../../engine/plugged.ts'
import type { Letter } from '../../engine/view.ts'
import { clip, gaps, valueOf, type Piece, type Run } from '../lib/runs.ts'
import type { MmWorld } from '../mm/world.ts'
import { changed } from '../vfs/history.ts'
import type { VfsWorld } from '../vfs/world.ts'
import { bytesIn, differences, neverHeld, wholeFile, type Cut } from './durability.ts'
import type { Shown } from './shown.ts'

/** What a file system gives: how it comes back from a power failure, and who would notice. */
export interface Crashing<W> {
  readonly shown: Shown<W>
  /** The world that the next mount makes of a power failure now, a copy. */
  readonly afterFailure: (s: W) => W
  /** What a read of the mounted file finds, with `EIO` where it fails. */
  readonly readBack: (mounted: W) => readonly Run[]
  /** Of the mounted world, and of the one that failed. */
  readonly watchers: (mounted: W, failed: W) => readonly Watcher[]
}

interface Span {
  readonly states: Version['states']
  readonly cut: Cut
}

const isSync = (call: string): boolean => /^(f(data)?sync|sync(fs)?)\(/.test(call)

/** Every version of the file, oldest first; what was so more than once stands where it was so last. */
function versionsOf(cuts: readonly Cut[]): Span[] {
  const spans: { states: [number, number]; cut: Cut }[] = []
  for (const [i, cut] of cuts.entries()) {
    const last = spans.at(-1)
    if (last && same(last.cut, cut)) last.states = [last.states[0], i]
    else spans.push({ states: [i, i], cut })
  }
  return spans.filter((span, i) => !spans.slice(i + 1).some((later) => same(later.cut, span.cut)))
}

/** What the calls that have returned promise; `cuts[i]` is the file in state i. */
function promisesOf<W extends MmWorld & VfsWorld>(worlds: readonly W[], cuts: readonly Cut[], tasks: readonly Letter[]): Promised[] {
  const now = worlds.at(-1)
  if (!now) return []
  const syncs = Object.entries(now.calls).flatMap(([task, { text, returned }]): Promised[] => {
    if (!isSync(text) || returned !== 0) return []
    const entered = worlds.findIndex((s) => s.calls[task]?.entered === true)
    return [{ task, call: text, since: entered >= 0 ? entered : Math.max(0, tasks.indexOf(task)), part: null }]
  })
  const writes = Object.entries(now.kiocbs).flatMap(([task, { dsync }]): Promised[] => {
    const told = worlds.findIndex((s) => (resultOf(s, task) ?? 0) > 0)
    const then = worlds[told]
    const part = then && dsync ? writtenBy(then, task) : null
    if (part === null) return []
    const stamp = now.ops[task]?.stamp ?? task
    const there = cuts.findIndex((cut) => holds(cut, part, stamp))
    return [{ task, call: now.calls[task]?.text ?? 'a write', since: there >= 0 && there < told ? there : told, part }]
  })
  return [...syncs, ...writes]
}

/** What the caller was told; of an asynchronous request, when it asked for the event. */
const resultOf = (s: VfsWorld, task: Letter): number | null => s.calls[task]?.returned ?? null

/** Where it wrote: noted in the history, or else what lies before the position that it left. */
function writtenBy(s: VfsWorld, task: Letter): Range | null {
  const op = s.ops[task]
  if (op) return changed(op)
  const to = s.kiocbs[task]?.ki_pos ?? 0
  const from = to - (resultOf(s, task) ?? 0)
  return from >= 0 && from < to ? { from, to } : null
}

const holds = (cut: Cut, part: Range, stamp: string): boolean => {
  const found = clip(cut, part.from, part.to)
  return gaps(found, part.from, part.to).length === 0 && found.every((run) => valueOf(run.stamp) === valueOf(stamp))
}

/** The file in the states that this promise allows. */
const allowed = (cuts: readonly Cut[], { since }: Promised): readonly Cut[] => cuts.slice(since)

/** Does a file keep a promise about a part of it: was that part so at some time since? */
const keeps = (cut: Cut, cuts: readonly Cut[], promise: Promised): boolean => {
  const { part } = promise
  if (part === null) return true
  const own = clip(cut, part.from, part.to)
  return allowed(cuts, promise).some((other) => same(clip(other, part.from, part.to), own))
}

const held = (cut: Cut): Held[] => cut.map(({ from, to, stamp }) => [from, to, stamp])
const endOf = (cut: Cut): number => cut.at(-1)?.to ?? 0
const nobodyWrote = ({ stamp }: Run): boolean => stamp === '?' || stamp === 'EIO'

/** What of the file is not as it was promised, or was never written by anybody. */
function wrongIn(found: Cut, nearest: Cut | null, cuts: readonly Cut[], promises: readonly Promised[]): Range[] {
  const strange = found.filter(nobodyWrote)
  if (promises.some(({ part }) => part === null)) return nearest ? differences(found, nearest) : [...found]
  const broken = promises.flatMap((promise) => {
    const { part } = promise
    if (part === null || keeps(found, cuts, promise)) return []
    const own = clip(found, part.from, part.to)
    return [
      ...neverHeld(
        own,
        allowed(cuts, promise).map((cut) => clip(cut, part.from, part.to)),
      ),
      ...gaps(own, part.from, part.to),
    ]
  })
  return [...strange, ...broken].map(({ from, to }) => ({ from, to })).sort((a, b) => a.from - b.from)
}

const extent = ({ from, to, kind, stamp }: Piece): Left['layout'][number] => ({ from, to, kind, source: stamp })

/** The operation that a file system gives its systems. */
export function plugOf<W extends MmWorld & VfsWorld>({ shown, afterFailure, readBack, watchers }: Crashing<W>): Plug<W> {
  // Whoever walks along a run asks of the same states again.
  const known = new WeakMap<W, Cut>()
  const fileIn = (s: W): Cut => {
    const cut = known.get(s) ?? wholeFile(shown, s)
    known.set(s, cut)
    return cut
  }
  return (worlds, tasks) => {
    const [first, now] = [worlds[0], worlds.at(-1)]
    if (!first || !now) throw new Error('[engine bug] a run has a first state')
    const isOver = (s: W): boolean => shown.isDown(s) || shown.mounts(s) > shown.mounts(first)
    const failed = worlds.findIndex(isOver)
    // A failure cannot be undone by another: what may be left was decided at the first.
    const alive = failed < 0 ? worlds : worlds.slice(0, failed)
    const cuts = alive.map(fileIn)
    const promises = promisesOf(alive, cuts, tasks)
    const whole = promises.filter(({ part }) => part === null)
    const since = Math.max(...whole.map((promise) => promise.since))
    const committed: Span = { states: null, cut: wholeFile(shown, afterFailure(first)) }
    const all = versionsOf(cuts)
    const before = whole.length === 0 && !all.some(({ cut }) => same(cut, committed.cut)) ? [committed] : []
    const legal = [...before, ...all.filter(({ states }) => states !== null && (whole.length === 0 || states[1] >= since))].filter(
      ({ cut }) => promises.every((promise) => keeps(cut, cuts, promise)),
    )
    const mounted = afterFailure(now)
    const found = readBack(mounted)
    const match = legal.findIndex(({ cut }) => same(cut, found))
    const distances = legal.map(({ cut }) => bytesIn(differences(found, cut)))
    const nearest = distances.lastIndexOf(Math.min(...distances))
    return {
      left: {
        size: mounted.inode.i_size,
        layout: shown.layout(mounted).map(extent),
        content: held(found),
        watchers: watchers(mounted, now),
      },
      promises,
      legal: legal.map(({ states, cut }) => ({ states, size: endOf(cut), content: held(cut) })),
      match: match < 0 ? null : match,
      nearest: nearest < 0 ? null : nearest,
      eachByte:
        legal.some(({ cut }) => endOf(cut) === endOf(found)) &&
        neverHeld(
          found,
          legal.map(({ cut }) => cut),
        ).length === 0,
      wrong: match >= 0 ? [] : wrongIn(found, legal[nearest]?.cut ?? null, cuts, promises),
      failed: failed < 0 ? null : failed,
    }
  }
}
