/** What the bar of a call is called, and where that stands. */
import type { CallBar } from './calls.ts'
import { fitting, pad } from './text-width.ts'

export interface Stretch {
  readonly x: number
  readonly width: number
}

interface Around {
  /** Folded: with the number of steps. */
  readonly isFolded: boolean
  /** What is drawn over the bar. */
  readonly taken: readonly Stretch[]
  /** Where the next bar of its level begins, or the axis ends. */
  readonly next: number
}

/**
 * In the first stretch of the bar that nothing takes and that has room for it, or behind the bar, where nothing else is; as
 * much of the name as fits somewhere. Null where not even the least of it does.
 */
export function placeName(
  { procedures, inside }: Pick<CallBar, 'procedures' | 'inside'>,
  { x, width }: Stretch,
  { isFolded, taken, next }: Around,
): { readonly text: string; readonly x: number; readonly isBehind: boolean } | null {
  const free = stretches(x, x + width, taken).map(({ from, to }) => ({ from, to, isBehind: false }))
  const places = [...free, { from: x + width, to: next, isBehind: true }]
  const count = `${inside.length} steps`
  const names = namesOf(procedures)
  const texts = isFolded ? [...names.map((name) => `${name} · ${count}`), count, `${inside.length}`] : names
  for (const text of texts) {
    const place = places.find(({ from, to }) => fitting([text], to - from - 2 * pad) !== null)
    if (place) return { text, x: place.from + pad, isBehind: place.isBehind }
  }
  return null
}

/**
 * What a bar can be called, the fullest name first: all procedures that share it, the innermost, and of that the last words,
 * which tell one function of a file system from another.
 */
function namesOf(procedures: readonly string[]): string[] {
  const name = procedures.at(-1) ?? ''
  const words = name.split('_')
  const tails = words.flatMap((_, i) => (i === 0 ? [] : [`…${words.slice(i).join('_')}`])).filter((tail) => tail.length > 3)
  return [...(procedures.length > 1 ? [procedures.join(' › ')] : []), name, ...tails]
}

/** What is left of [from, to) beside what is taken. */
function stretches(from: number, to: number, taken: readonly Stretch[]): { readonly from: number; readonly to: number }[] {
  const out: { from: number; to: number }[] = []
  let at = from
  for (const { x, width } of [...taken].sort((a, b) => a.x - b.x)) {
    if (x + width <= from || x >= to) continue
    if (x > at) out.push({ from: at, to: x })
    at = Math.max(at, x + width)
  }
  return at < to ? [...out, { from: at, to }] : out
}
