/** What differs between two layouts of a paste, byte range by byte range, in words. */
import { range, size } from '../../base/range.ts'
import type { Kind, PastedFile, Run } from '../../paste/layout.ts'

const words: Readonly<Record<Exclude<Kind, 'unknown'>, string>> = {
  data: 'data',
  hole: 'a hole',
  unwritten: 'unwritten',
  delalloc: 'delalloc',
  inline: 'inline data',
}

/** More sentences than this are counted, and of more rows than this no more are compared. */
const TOLD = 12
const COMPARED = 2_000

interface Part {
  readonly from: number
  to: number
  readonly says: string
}

/** A sentence for each stretch of bytes of which both tell something, and not the same. */
export function changed(before: PastedFile, after: PastedFile): string[] {
  const edges = [
    ...new Set([...before.runs.slice(0, COMPARED), ...after.runs.slice(0, COMPARED)].flatMap(({ from, to }) => [from, to])),
  ].sort((a, b) => a - b)
  const parts: Part[] = []
  let silent = false
  const [old, now] = [walk(before), walk(after)]
  for (const [i, from] of edges.entries()) {
    const to = edges[i + 1]
    if (to === undefined) break
    const [was, is] = [old(from), now(from)]
    if (was === 'unknown' || is === 'unknown') {
      silent = true
      continue
    }
    const says = differs(was, is, from)
    const last = parts.at(-1)
    if (says === null) continue
    if (last && last.to === from && last.says === says) last.to = to
    else parts.push({ from, to, says })
  }
  const sizes =
    before.size !== null && after.size !== null && before.size !== after.size
      ? [`The file was ${size(before.size)} long and is ${size(after.size)} long.`]
      : []
  const told = parts.slice(0, TOLD).map(({ from, to, says }) => `${range(from, to)} ${says}.`)
  const more = parts.length > TOLD ? [`${parts.length - TOLD} more stretches differ.`] : []
  const nothing = sizes.length + parts.length === 0 ? ['Nothing differs between the two in what both tell.'] : []
  return [
    ...sizes,
    ...told,
    ...more,
    ...nothing,
    ...(silent ? ['Where rows were left out of one of them, nothing is said of what changed.'] : []),
  ]
}

/** What a file tells of a byte; asked for bytes that only rise. Of two runs that overlap the later one, as it is listed. */
function walk({ runs, partial }: PastedFile): (at: number) => Run | 'unknown' | null {
  const compared = runs.slice(0, COMPARED)
  let first = 0
  return (at) => {
    while (first < compared.length && (compared[first] as Run).to <= at) first++
    let found: Run | null = null
    for (let i = first; i < compared.length && (compared[i] as Run).from <= at; i++)
      if ((compared[i] as Run).to > at) found = compared[i] as Run
    if (found?.kind === 'unknown' || (found === null && (partial || compared.length < runs.length))) return 'unknown'
    return found
  }
}

/** How two differ at a byte; null if they do not. */
function differs(was: Run | null, is: Run | null, at: number): string | null {
  if (!was || !is) return was ? `was ${word(was)} and is not listed any more` : is ? `was not listed and is ${word(is)}` : null
  if (was.kind !== is.kind) return `was ${word(was)} and is ${word(is)}`
  const place = ({ disk, from }: Run): number | null => (disk === null ? null : disk + at - from)
  // Within a compressed extent all parts have the address of the whole.
  const encoded = was.flags.includes('encoded') && is.flags.includes('encoded')
  const moved = encoded ? was.disk !== is.disk : place(was) !== place(is)
  const shared = is.flags.includes('shared')
    ? was.flags.includes('shared')
      ? null
      : 'is shared now'
    : was.flags.includes('shared')
      ? 'is not shared any more'
      : null
  if (moved) return `is at another place on disk${shared === null ? '' : ` and ${shared}`}`
  return shared
}

const word = ({ kind }: Run): string => words[kind as keyof typeof words]
