/** A paste as lines, and what was done to it on its way: all that parsers share. */

/** A line of a paste with the damage of mail taken away, and its number in the paste as it came. */
export interface Line {
  readonly text: string
  readonly number: number
}

/** What happened to a text, in the order in which it is told. */
const damages = [
  'quoted',
  'quoted-printable',
  'crlf',
  'no-break spaces',
  'diff',
  'tabs',
  'wrapped',
  'indentation lost',
  'columns overflow',
  'rows elided',
  'short items',
  'remarks',
  'two listings',
] as const

export type Damage = (typeof damages)[number]

/** The damages in the order in which they are told. */
export const inOrder = (found: ReadonlySet<Damage>): Damage[] => damages.filter((damage) => found.has(damage))

/** Longer lines are no rows of any tool; they are not looked at, so that no pattern can take long. */
export const LINE_MAX = 2_000

const leftOut =
  /^(snip|snipped|cut|etc|and|so|on|more|other|similar|rows|lines|extents|items|entries|left|out|omitted|removed|elided|skipped|many|lots|of|\d+)$/i

/** Does a line say that something was left out here: `...`, `[...]`, `(...)`, `[snip]`, `-- 8< --`, `[... 20 more rows ...]`? */
export function isElision(text: string): boolean {
  const line = text.trim()
  if (line === '' || line.length > 80) return false
  const bare = line.replace(/^[\s[\](){}<>.\u2026*~_=-]+|[\s[\](){}<>.\u2026*~_=-]+$/g, '')
  if (bare === '') return /\.\s?\.\s?\.|\u2026/.test(line)
  if (/^[-=~\s]*(8<|>8)[-=~\s]*$/.test(line)) return true
  const words = bare.split(/\s+/)
  return /^[[(<{.\u2026-]|^\d+ /.test(line) && words.every((word) => leftOut.test(word)) && words.some((word) => !/^\d+$/.test(word))
}

/** A remark that a reader wrote behind a row (`<<< not this one`, `<-- here`), taken off. */
export function withoutRemark(text: string): { readonly text: string; readonly remark: boolean } {
  const at = text.search(/\s<(<|-|=)|\s(#|\/\/)\s/)
  return at > 0 && /\d/.test(text.slice(0, at)) ? { text: text.slice(0, at), remark: true } : { text, remark: false }
}

/** A line as it is shown in a sentence: short, and in quotes. */
export const shown = (text: string): string => {
  const one = text.trim().replace(/\s+/g, ' ')
  return `"${one.length > 60 ? `${one.slice(0, 57)}...` : one}"`
}
