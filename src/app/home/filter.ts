/** Which scenarios a reader looks for, as the address has it: `#/?fs=btrfs&kernel=6.1&q=generic/362`. */
import type { Harm } from '../../scenarios/card.ts'
import type { Facets, Head } from './facets.ts'
import type { AllNamed, Named } from './named.ts'

export interface Entry {
  readonly card: Head
  readonly facets: Facets
  /** Null where nobody has looked for a text yet. */
  readonly named: Named | null
}

/** The scenarios that home can show, in the order of the catalogue, in which they are computed. */
export const entriesOf = (facets: Readonly<Record<string, Facets>>, named: AllNamed | null): readonly Entry[] =>
  Object.values(facets).map((known) => ({ card: known.head, facets: known, named: named?.[known.head.id] ?? null }))

export const conditions = ['harm', 'fs', 'kernel', 'topic', 'q'] as const
export type Condition = (typeof conditions)[number]

/** What is asked for; empty = anything. */
export type Filter = Readonly<Record<Condition, string>>

export const everything: Filter = { harm: '', fs: '', kernel: '', topic: '', q: '' }

/** Headings and what they mean; the order is that of the page. */
export const harms: Readonly<Record<Harm, readonly [heading: string, means: string]>> = {
  hole: ['Holes', 'Data land behind a gap that nobody asked for.'],
  'lost data': ['Lost data', 'A call has reported bytes that are not there.'],
  'stale data': ['Stale data', 'Bytes that had been replaced come back.'],
  checksum: ['Checksums', 'Data and their checksum do not belong together.'],
  metadata: ['Broken metadata', 'A tree says two things about the same bytes.'],
  lock: ['Broken locks', 'A lock does not keep out whom it should.'],
  deadlock: ['Deadlock', 'A task waits for ever.'],
  'wrong result': ['Wrong results', 'A call gives another answer than it should.'],
  question: ['Questions', 'Can this go wrong? Every interleaving was asked.'],
}

export const conditionNames: Readonly<Record<Condition, string>> = {
  harm: 'what goes wrong',
  fs: 'file system',
  kernel: 'kernel',
  topic: 'topic',
  q: 'text',
}

/** What the query of an address asks for. A value that no scenario has stays: then nothing is found, and the page says why. */
export function filterOf(query: string): Filter {
  const asked = new URLSearchParams(query)
  return { ...everything, ...Object.fromEntries(conditions.map((name) => [name, (asked.get(name) ?? '').slice(0, 100)])) }
}

/** The same as a query, empty for everything in its usual groups. */
export function queryOf(filter: Filter, by: Grouping = 'harm'): string {
  const query = new URLSearchParams(conditions.flatMap((name) => (filter[name] === '' ? [] : [[name, filter[name]]])))
  if (by !== 'harm') query.set('by', by)
  return query.size === 0 ? '' : `?${query.toString()}`
}

/** In which groups the scenarios are shown. */
export type Grouping = 'harm' | 'fs'

export const groupingOf = (query: string): Grouping => (new URLSearchParams(query).get('by') === 'fs' ? 'fs' : 'harm')

/** What free text is looked for in: words, functions, commits, rules. */
const textOf = ({ card, facets, named }: Entry): string =>
  [
    card.id,
    card.title,
    card.summary,
    ...(named?.words ?? []),
    ...(named?.functions ?? []),
    ...(named?.rules ?? []),
    ...facets.topics,
    facets.fs,
  ]
    .join('\n')
    .toLowerCase()

const texts = new WeakMap<Entry, string>()

function has(entry: Entry, text: string): boolean {
  const known = texts.get(entry) ?? textOf(entry)
  texts.set(entry, known)
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => known.includes(word) || (/^[0-9a-f]{13,40}$/.test(word) && known.includes(word.slice(0, 12))))
}

const meets: Readonly<Record<Condition, (entry: Entry, value: string) => boolean>> = {
  harm: ({ card }, value) => card.harm === value,
  fs: ({ facets }, value) => facets.fs === value,
  kernel: ({ facets }, value) => facets.hurts.on.includes(value),
  topic: ({ facets }, value) => facets.topics.includes(value),
  q: has,
}

/** Every word of the text, and everything else that is asked for. */
export const matches = (entry: Entry, filter: Filter): boolean =>
  conditions.every((name) => filter[name].trim() === '' || meets[name](entry, filter[name].trim()))

export interface Removal {
  readonly condition: Condition
  readonly value: string
  /** How many scenarios there are without it. */
  readonly leaves: number
}

/** What is asked for, and how many scenarios there would be without each. */
export const removals = (entries: readonly Entry[], filter: Filter): Removal[] =>
  conditions.flatMap((condition) => {
    const value = filter[condition].trim()
    if (value === '') return []
    const without = { ...filter, [condition]: '' }
    return [{ condition, value, leaves: entries.filter((entry) => matches(entry, without)).length }]
  })

/** The values that some scenario has, in the order of the catalogue; of kernels the newest first. */
export function valuesOf(entries: readonly Entry[]): Readonly<Record<Exclude<Condition, 'q'>, readonly string[]>> {
  const all = (of: (entry: Entry) => readonly string[]): string[] => [...new Set(entries.flatMap(of))]
  return {
    harm: Object.keys(harms).filter((harm) => entries.some(({ card }) => card.harm === harm)),
    fs: all(({ facets }) => [facets.fs]),
    topic: all(({ facets }) => facets.topics).sort((a, b) => a.localeCompare(b, 'en')),
    kernel: all(({ facets }) => facets.hurts.on).sort(newestFirst),
  }
}

/** `6.11-rc2` before 6.11; numbers by size. */
function newestFirst(a: string, b: string): number {
  const numbers = (version: string): number[] => {
    const [, x, y, z, rc] = /^(\d+)\.(\d+)(?:\.(\d+))?(?:-rc(\d+))?$/.exec(version) ?? []
    return [Number(x), Number(y), Number(z ?? 0), rc === undefined ? Infinity : Number(rc)]
  }
  const [left, right] = [numbers(a), numbers(b)]
  const at = left.findIndex((part, i) => part !== right[i])
  return at < 0 ? 0 : (left[at] ?? 0) < (right[at] ?? 0) ? 1 : -1
}
