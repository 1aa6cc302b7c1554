import { terms, type Term } from './names.ts'

const any = new RegExp(`(?<![A-Za-z0-9_])(?:${terms.map((term, i) => `(?<t${i}>${term.pattern})`).join('|')})(?![A-Za-z0-9_])`, 'g')

export interface Piece {
  readonly text: string
  readonly term: Term | null
}

/** A text cut at its terms; each term counts once, at its first use. `known` are explained already. */
export function piecesOf(text: string, known: ReadonlySet<string> = new Set()): readonly Piece[] {
  const pieces: Piece[] = []
  const met = new Set(known)
  let at = 0
  for (const match of text.matchAll(any)) {
    const term = terms.find((_, i) => match.groups?.[`t${i}`] !== undefined)
    if (!term || met.has(term.name)) continue
    met.add(term.name)
    if (match.index > at) pieces.push({ text: text.slice(at, match.index), term: null })
    pieces.push({ text: match[0], term })
    at = match.index + match[0].length
  }
  if (at < text.length) pieces.push({ text: text.slice(at), term: null })
  return pieces
}

/** The texts of a page that stay while one steps, in reading order: those above the caption of the step and those below it. */
export interface Texts {
  readonly above: readonly string[]
  readonly below: readonly string[]
}

const met = new WeakMap<Texts, { readonly before: ReadonlyMap<string, ReadonlySet<string>>; readonly above: ReadonlySet<string> }>()

/** The terms that a reader of `text` has met before it. A text that is not of the page's own is a caption. */
export function knownBefore(text: string, texts: Texts): ReadonlySet<string> {
  const { before, above } = met.get(texts) ?? meet(texts)
  return before.get(text) ?? above
}

function meet(texts: Texts) {
  const seen = new Set<string>()
  const before = new Map<string, ReadonlySet<string>>()
  const read = (text: string): void => {
    before.set(text, new Set(seen))
    for (const { term } of piecesOf(text, seen)) if (term) seen.add(term.name)
  }
  texts.above.forEach(read)
  const above = new Set(seen)
  texts.below.forEach(read)
  const found = { before, above }
  met.set(texts, found)
  return found
}
