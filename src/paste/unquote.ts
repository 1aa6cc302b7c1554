/** Takes away what mail does to a text: quoted-printable, carriage returns, no-break spaces, quote marks of any depth and spacing. */
import { LINE_MAX, type Damage, type Line } from './line.ts'

/** Quote marks with blanks before them, and the one blank that belongs to them. */
const quoteMarks = /^[ \t]*>(?:[ \t]*>)* ?/

const NO_BREAK = /[\u00a0\u2000-\u200a\u202f\u205f\u3000]/g
/** Marks without a width that editors and mailers leave. */
const INVISIBLE = /[\u200b-\u200d\u2060\ufeff]/g

/** The lines of a paste with the damage of mail undone, and what damage that was. Tabs stay: what they mean depends on the format. */
export function unquote(text: string): { readonly lines: Line[]; readonly damage: Set<Damage> } {
  const damage = new Set<Damage>()
  if (/\r\n/.test(text)) damage.add('crlf')
  const raw = text.split(/\r?\r\n|\n|\r/).map((line, i): Line => ({ text: line, number: i + 1 }))
  const decoded = hasPrintable(raw) ? printable(raw) : raw
  if (decoded !== raw) damage.add('quoted-printable')
  const lines = decoded.map(({ text: line, number }): Line => {
    const blanks = line.replace(INVISIBLE, '').replace(NO_BREAK, ' ')
    if (/[\u00a0\u202f]/.test(line)) damage.add('no-break spaces')
    const bare = blanks.replace(quoteMarks, '')
    if (bare !== blanks) damage.add('quoted')
    return { text: bare.length > LINE_MAX ? '' : bare, number }
  })
  return { lines, damage }
}

/** In quoted-printable an equals sign stands only before two hexadecimal digits, or at the end of a line that goes on. */
const isConsistent = ({ text }: Line): boolean => !/=(?![0-9A-F]{2}|\s*$)/.test(text)

/**
 * Are lines of this text encoded? What is encoded nowhere else are an equals sign, a blank behind a blank or a mark, bytes beyond ASCII, and the end of
 * a line that goes on. `bs=4096` and `count=20` could be escapes as well, and say nothing. A reply may quote encoded lines between others
 * that never were.
 */
function hasPrintable(lines: readonly Line[]): boolean {
  const consistent = lines.filter(isConsistent)
  return (
    consistent.some(({ text }) => /=3D|^[\s>]*=(20|09)|(?<!\w)=(20|09)\s*$|=[89A-F][0-9A-F]=|=[89A-F][0-9A-F]\s|[^=]=\s*$/.test(text)) ||
    consistent.some(({ text }) => /^[\s>]*(\d+:|item\b|generation\b|extent\b|prealloc\b|leaf\b).*=20\s*$/.test(text)) ||
    consistent.filter(({ text }) => /\w=20\s*$/.test(text)).length > 1
  )
}

/** Decodes quoted-printable; a line that goes on takes the next one in, without the quote marks that it may have got since. */
function printable(lines: readonly Line[]): Line[] {
  const out: Line[] = []
  let parts: string[] = []
  let number = 0
  for (const line of lines) {
    const goesOn = parts.length > 0
    if (!goesOn) ({ number } = line)
    if (!goesOn && !isConsistent(line)) {
      out.push(line)
      continue
    }
    const text = goesOn && quoteMarks.test(parts[0] ?? '') ? line.text.replace(quoteMarks, '') : line.text
    const soft = /=\s*$/.test(text)
    parts.push(soft ? text.replace(/=\s*$/, '') : text)
    if (soft) continue
    out.push({ text: parts.join('').replace(/(?:=[0-9A-F]{2})+/g, bytes), number })
    parts = []
  }
  if (parts.length > 0) out.push({ text: parts.join('').replace(/(?:=[0-9A-F]{2})+/g, bytes), number })
  return out
}

/** `=C3=A9` as the letter that it is; bytes that are no UTF-8 are read one by one. */
function bytes(escaped: string): string {
  try {
    return decodeURIComponent(escaped.replaceAll('=', '%'))
  } catch {
    return escaped.replace(/=(..)/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  }
}
