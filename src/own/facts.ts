/**
 * A scene's facts as oracles. `never` and `sometimes` speak of any part of a range, `always` of all of it. What says `after power` is judged
 * of the file that the next mount finds; what does not is judged where a schedule ends without a power failure.
 */
import { range, size } from '../base/range.ts'
import { always, finallyHolds, monitor, type Oracle } from '../engine/oracle.ts'
import type { System } from '../engine/system.ts'
import { errnoName } from '../kernel/lib/errno.ts'
import { clip, gaps, valuesOf, type Run } from '../kernel/lib/runs.ts'
import { callsOf, type Thread } from '../kernel/vfs/thread.ts'
import { layoutWithWaiting } from '../kernel/vfs/outcome.ts'
import type { PastCall } from '../kernel/vfs/world.ts'
import { printFact } from '../scene/fact.ts'
import type { Fact, Letter, Range, Scene, What } from '../scene/scene.ts'
import { printRange } from '../scene/size.ts'
import type { SceneSystem, SceneWorld } from './file-system.ts'
import { claimsOf, type Claimed } from './claims.ts'
import { stampName } from './stamps.ts'
import { orderOracle } from './steps.ts'
import { staleReads } from './stale.ts'

/** How many calls a task makes. */
type Counts = Readonly<Record<Letter, number>>

/** What only stores to another task's memory makes no call; what makes one is that call. */
export const countsOf = (tasks: System['tasks']): Counts =>
  Object.fromEntries(
    tasks.flatMap(({ letter, must, procedure, locals }) => {
      if ('calls' in locals) return [[letter, (locals as Thread).calls.length] as const]
      return must && procedure !== 'memset' ? [[letter, 1] as const] : []
    }),
  )

/** Has the task made all of its calls, and have they returned? */
function isDone(s: SceneWorld, letter: Letter, counts: Counts): boolean {
  const calls = s.calls[letter] ? callsOf(s, letter) : []
  return calls.length === (counts[letter] ?? 0) && calls.every(({ returned }) => returned !== null)
}

/** Data, holes and preallocated space as lseek() tells them, dirty pages are data; as FIEMAP does as far as `end`, behind the end of the file. */
const layoutNow = <W extends SceneWorld>({ shown }: SceneSystem<W>, s: W, end = s.inode.i_size) =>
  layoutWithWaiting(shown.layout(s, Math.max(end, s.inode.i_size)), s, s.inode.i_size)

/** Parts of the range of this kind in the file's maps. */
const ofKind = <W extends SceneWorld>(fs: SceneSystem<W>, s: W, { from, to }: Range, kind: string): Range[] =>
  clip(layoutNow(fs, s, kind === 'unwritten' ? to : undefined), from, to).filter((piece) => piece.kind === kind)

/** Has what was read this value? Where it may have several: `all`, whatever it is; otherwise, at least in one of these cases. */
const is = (stamp: string, value: string, all: boolean): boolean =>
  all ? valuesOf(stamp).every((one) => one === value) : valuesOf(stamp).includes(value)

/** Parts of what reads find that have this value. */
const holding = <W extends SceneWorld>({ shown }: SceneSystem<W>, s: W, { from, to }: Range, value: string, all: boolean): Run[] =>
  shown.content(s, from, to).filter(({ stamp }) => is(stamp, value, all))

/** Is all of the range in these parts, or any of it? */
const covering = (parts: readonly Range[], { from, to }: Range, all: boolean): boolean =>
  all
    ? gaps(
        [...parts].sort((a, b) => a.from - b.from),
        from,
        to,
      ).length === 0
    : parts.length > 0

/** The call whose result a fact means: the task's last read or write, or its last call if it has neither. */
function tellingCall(s: SceneWorld, letter: Letter): PastCall | undefined {
  const calls = s.calls[letter] ? callsOf(s, letter) : []
  return calls.findLast(({ text }) => /pread|pwrite|write\(|read\(|io_/.test(text)) ?? calls.at(-1)
}

/** The task's last read. */
const lastRead = (s: SceneWorld, letter: Letter): PastCall | undefined =>
  (s.calls[letter] ? callsOf(s, letter) : []).findLast(({ read }) => read !== null)

/** Does it hold in this state? `all`: of the whole range. */
export function holds<W extends SceneWorld>(fs: SceneSystem<W>, s: W, what: What, all: boolean, counts: Counts): boolean {
  switch (what.kind) {
    case 'hole':
    case 'unwritten':
      return covering(ofKind(fs, s, what.range, what.kind), what.range, all)
    case 'zeros':
      return covering(holding(fs, s, what.range, '0', all), what.range, all)
    case 'data':
      return covering(
        what.stamp === null ? ofKind(fs, s, what.range, 'data') : holding(fs, s, what.range, stampName(what.stamp), all),
        what.range,
        all,
      )
    case 'size':
      return s.inode.i_size === what.size
    case 'log overlap':
      return fs.facts.logOverlap(s)
    case 'abort':
      return fs.facts.aborted(s)
    case 'csum error':
      return fs.facts.unreadable(s)
    case 'returns': {
      const returned = isDone(s, what.task, counts) ? (tellingCall(s, what.task)?.returned ?? null) : null
      return (
        returned !== null && (typeof what.value === 'number' ? returned === what.value : returned < 0 && errnoName(returned) === what.value)
      )
    }
    case 'reads':
      return what.what === 'zeros' && (lastRead(s, what.task)?.read ?? []).some(({ stamp }) => is(stamp, '0', all))
    case 'reads data': {
      const call = lastRead(s, what.task)
      if (!call?.read) return false
      // What was read lies in the buffer from where the call began in the file.
      const at = call.at - (call.returned ?? 0)
      const found = call.read
        .filter(({ stamp }) => is(stamp, stampName(what.stamp), all))
        .map((run) => ({ from: run.from + at, to: run.to + at }))
      return covering(clip(found, what.range.from, what.range.to), what.range, all)
    }
    case 'deadlock':
    case 'before':
      return false
  }
}

/** Can it be judged here? */
const judged = (s: SceneWorld, { whenDone, what }: Fact, counts: Counts): boolean =>
  (whenDone === null || isDone(s, whenDone, counts)) &&
  (what.kind === 'returns' || what.kind === 'reads' || what.kind === 'reads data' ? isDone(s, what.task, counts) : true)

/** What is wrong, or for `sometimes` what is found. */
function objection<W extends SceneWorld>(fs: SceneSystem<W>, s: W, { claim, fact, text }: Claimed, counts: Counts): string | null {
  if (!judged(s, fact, counts)) return null
  const found = holds(fs, s, fact.what, claim === 'always', counts)
  if (claim === 'always' ? found : !found) return null
  return claim === 'sometimes'
    ? `it is so here: ${printFact(fact)}`
    : `${text}: but ${found ? 'it is so here' : saysInstead(fs, s, fact.what)}`
}

/** What is there instead of what should be. */
function saysInstead<W extends SceneWorld>(fs: SceneSystem<W>, s: W, what: What): string {
  if (what.kind === 'size') return `i_size is ${size(s.inode.i_size)}`
  if (what.kind === 'returns') {
    const value = tellingCall(s, what.task)?.returned ?? 0
    return `${what.task} got ${value < 0 ? `-1 ${errnoName(value)}` : size(value)}`
  }
  if ('range' in what && what.kind !== 'reads data') {
    const parts = clip(layoutNow(fs, s, what.kind === 'unwritten' ? what.range.to : undefined), what.range.from, what.range.to).map(
      (piece) => `${range(piece.from, piece.to)} is ${piece.kind === 'data' ? (piece.source ?? 'data') : piece.kind}`,
    )
    return parts.length > 0 ? parts.join(', ') : `${printRange(what.range)} is past the end of the file`
  }
  return 'it is not so here'
}

const name = ({ text }: Claimed): string => text.replace(/^(never|always|sometimes) /, '$1: ')

function oracleOf<W extends SceneWorld>(fs: SceneSystem<W>, one: Claimed, counts: Counts): Oracle<W>[] {
  const { shown } = fs
  const { id, claim, fact, text } = one
  const base = { id, kind: claim === 'sometimes' ? ('info' as const) : ('verdict' as const), name: name(one), says: text }
  const { kind } = fact.what
  // The engine's own rule says it.
  if (kind === 'deadlock') return []
  if (kind === 'before') return [orderOracle<W>(base, one, (s) => judged(s, fact, counts))]
  if (fact.what.kind === 'reads' && fact.what.what === 'stale')
    return [staleReads<W>(base, shown, fact.what.task, claim, (s) => judged(s, fact, counts))]
  if (fact.afterPower)
    return [
      monitor<W, object>({
        ...base,
        watch: shown.watch.mounts,
        start: {},
        observe: (_memory, before, after) => (shown.mounts(after) > shown.mounts(before) ? objection(fs, after, one, counts) : null),
      }),
    ]
  if (kind === 'log overlap' || kind === 'abort')
    return [
      always<W>({ ...base, watch: [...fs.facts.watch, 'calls'], judge: (s) => (shown.isDown(s) ? null : objection(fs, s, one, counts)) }),
    ]
  return [finallyHolds<W>({ ...base, judge: (s) => (shown.mounts(s) > 0 || shown.isDown(s) ? null : objection(fs, s, one, counts)) })]
}

export const factOracles = <W extends SceneWorld>(fs: SceneSystem<W>, scene: Scene, counts: Counts): readonly Oracle<W>[] =>
  claimsOf(scene).flatMap((one) => oracleOf(fs, one, counts))
