/** A recording beside what the model shows, level by level. */
import { canonical } from '../../../base/plain.ts'
import { INO } from '../world.ts'
import { loggedOf, parseLogDump, type Logged } from './log-dump.ts'
import type { Recorded, RecordedState } from './record.ts'
import { play, type Played } from './sequence.ts'

/** From what a program is told to what lies on the disk. `final`: everything after a last syncfs. */
export const levels = ['ret', 'size', 'data', 'map', 'fiemap', 'items', 'itemsExact', 'final', 'log', 'after', 'afterItems'] as const
export type Level = (typeof levels)[number]

/** How many agree, of how many. */
export type Score = [agree: number, total: number]

export interface LevelScore {
  readonly sequences: Score
  readonly steps: Score
}

export interface Disagreement {
  readonly id: string
  /** 1-based; null for what was looked at after the last command. */
  readonly step: number | null
  readonly level: Level
  readonly says: string
}

export interface Comparison {
  /** Levels that the recording has. */
  readonly levels: Partial<Record<Level, LevelScore>>
  /** The first one in the sequence's course; null if all levels agree. */
  readonly first: Disagreement | null
}

type Entries = readonly (readonly unknown[])[]

/** Items without generations; disk addresses by the order in which they are met, so that only who shares one counts. */
function renamed(items: Entries): unknown[] {
  const names = new Map<unknown, number>()
  return items.map((item) =>
    item[1] === 'inline'
      ? item.slice(0, 3)
      : item.slice(0, 7).map((value, i) => {
          if (i !== 2 || value === 0) return value
          if (!names.has(value)) names.set(value, names.size + 1)
          return names.get(value)
        }),
  )
}

const exact = (items: Entries): unknown[] => items.map((item) => (item[1] === 'inline' ? item.slice(0, 3) : item.slice(0, 7)))
const withoutAddress = (fiemap: Entries): unknown[] => fiemap.map(([logical, , length, flags]) => [logical, length, flags])

type Seen = RecordedState & { readonly ret?: number }

/** What a level looks at; undefined where it was not recorded. */
function facet(level: Level, state: Seen): unknown {
  switch (level) {
    case 'ret':
      return state.ret === undefined ? undefined : [state.ret, state.err ?? null]
    case 'size':
      return state.size
    case 'data':
      return state.data
    case 'map':
      return state.map
    case 'fiemap':
      return state.fiemap && withoutAddress(state.fiemap)
    case 'items':
    case 'afterItems':
      return state.items && renamed(state.items)
    case 'itemsExact':
      return state.items && exact(state.items)
    case 'after':
      return [state.err !== undefined, state.size ?? null, state.data ?? null, state.map ?? null]
    case 'final':
      return ['size', 'data', 'map', 'fiemap', 'items'].map((part) => facet(part as Level, state) ?? null)
    case 'log':
      return undefined
  }
}

/** A log with disk addresses as parts of the extents it names. */
function namedLog({ size, extents, csums }: Logged): unknown {
  const known = [...new Map(extents.filter(({ disk }) => disk !== 0).map((extent) => [extent.disk, extent])).values()]
  const name = (disk: number): string => {
    const at = known.findIndex((extent) => extent.disk <= disk && disk < extent.disk + extent.diskLength)
    return at < 0 ? 'elsewhere' : `${at}+${disk - (known[at]?.disk ?? 0)}`
  }
  return {
    size,
    extents: extents.map((extent) => ({ ...extent, disk: extent.disk === 0 ? 0 : name(extent.disk) })),
    csums: csums.map(({ disk, length }) => `${name(disk)} ${length}`).sort(),
  }
}

const short = (value: unknown): string => {
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > 300 ? `${text.slice(0, 300)}...` : text
}

/** Two lists without the entries that they begin and end with in common. */
function trimmed(recorded: unknown, model: unknown): [unknown, unknown] {
  if (!Array.isArray(recorded) || !Array.isArray(model)) return [recorded, model]
  const same = (a: unknown, b: unknown): boolean => canonical(a) === canonical(b)
  let [from, cut] = [0, 0]
  const least = Math.min(recorded.length, model.length)
  while (from < least && same(recorded[from], model[from])) from++
  while (cut < least - from && same(recorded[recorded.length - 1 - cut], model[model.length - 1 - cut])) cut++
  return [recorded.slice(from, recorded.length - cut), model.slice(from, model.length - cut)]
}

function differs(level: Level, cmd: string, recorded: unknown, model: unknown): string {
  const [there, here] = trimmed(recorded, model)
  return `${level} after "${cmd}": recorded ${short(there)}, model ${short(here)}`
}

interface Verdict {
  readonly agree: number
  readonly total: number
  readonly first: { readonly step: number | null; readonly says: string } | null
}

const stepLevels = ['ret', 'size', 'data', 'map', 'fiemap', 'items', 'itemsExact'] as const

function judgeSteps(level: Level, steps: readonly (Seen & { readonly cmd: string })[], played: Played): Verdict {
  let [agree, total] = [0, 0]
  let first: Verdict['first'] = null
  played.steps.forEach((model, i) => {
    const step = steps[i]
    const want = step && facet(level, step)
    if (!step || want === undefined) return
    total++
    const got = facet(level, model)
    if (canonical(want) === canonical(got)) agree++
    else first ??= { step: i + 1, says: differs(level, step.cmd, want, got) }
  })
  return { agree, total, first }
}

function judgeOnce(level: Level, says: string, want: unknown, got: unknown): Verdict {
  const same = canonical(want) === canonical(got)
  return { agree: same ? 1 : 0, total: 1, first: same ? null : { step: null, says: differs(level, says, want, got) } }
}

/** Each course that was recorded, judged; the model is right if it meets one of them. */
function verdicts(level: Level, record: Recorded, played: Played): Verdict[] {
  if (level === 'log')
    return record.crashes.flatMap(({ log }) =>
      log ? [judgeOnce(level, 'the crash', namedLog(parseLogDump(log, INO)), namedLog(loggedOf(played.log, INO)))] : [],
    )
  if (level === 'after' || level === 'afterItems')
    return record.crashes.flatMap(({ after }) => {
      const want = facet(level, after)
      return want !== undefined && played.after ? [judgeOnce(level, 'log replay', want, facet(level, played.after) ?? [])] : []
    })
  if (level === 'final')
    return record.courses.flatMap(({ final }) =>
      final && played.final ? [judgeOnce(level, 'syncfs', facet(level, final), facet(level, played.final))] : [],
    )
  return record.courses.map(({ steps }) => judgeSteps(level, steps, played)).filter(({ total }) => total > 0)
}

/** Where in the sequence a disagreement stands; after all steps where it stands in none. */
const place = (first: Disagreement): number => first.step ?? Infinity

/**
 * The model's course that is most like the recording. What a power failure leaves may depend on whether a worker has finished an ordered
 * extent before a fast fsync looks at the tree: both are right.
 */
export function playLike(record: Recorded): Played {
  const played = play(record)
  if (record.crashes.length === 0 || compare(record, played).first === null) return played
  const other = play(record, 'workers')
  return compare(record, other).first === null ? other : played
}

/** Compares one sequence. */
export function compare(record: Recorded, played: Played): Comparison {
  const scores: Partial<Record<Level, LevelScore>> = {}
  let first: Disagreement | null = null
  for (const level of levels) {
    const judged = verdicts(level, record, played)
    const best = judged.reduce<Verdict | null>((one, other) => (one && one.agree >= other.agree ? one : other), null)
    if (!best) continue
    const stepwise = (stepLevels as readonly Level[]).includes(level)
    scores[level] = {
      sequences: [best.first === null ? 1 : 0, 1],
      steps: stepwise ? [best.agree, best.total] : [best.first === null ? 1 : 0, 1],
    }
    if (best.first === null) continue
    // Addresses are a bonus: where the items agree up to renaming, an address alone is told only if there is nothing else.
    const found: Disagreement = { id: record.id, step: best.first.step, level, says: best.first.says }
    if (!first || (level !== 'itemsExact' && place(found) < place(first))) first = found
  }
  return { levels: scores, first }
}

/** Adds the scores of one more sequence. */
export function addScores(
  sum: Partial<Record<Level, LevelScore>>,
  more: Partial<Record<Level, LevelScore>>,
): Partial<Record<Level, LevelScore>> {
  const plus = (a: Score, b: Score): Score => [a[0] + b[0], a[1] + b[1]]
  const out: Partial<Record<Level, LevelScore>> = {}
  for (const level of levels) {
    const [a, b] = [sum[level], more[level]]
    const both = a && b ? { sequences: plus(a.sequences, b.sequences), steps: plus(a.steps, b.steps) } : (a ?? b)
    if (both) out[level] = both
  }
  return out
}
