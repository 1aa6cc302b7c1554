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

/** Does a line say that something was left out here: `...`, `[...]`, `(...)`, `[snip]`? */
export const isElision = (text: string): boolean =>
  /^[[(<{\s]*(\.\.\.+|…|(snip|snipped|cut|\d+ (more )?(rows|lines|extents|items)( (left out|omitted|removed|elided|more))?))[\s.\])>}]*$/i.test(
    text.trim(),
  ) && /[.…a-z]/i.test(text)

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
