/** Lines for a mail: ASCII, spaces only, no wider than asked, no trailing blanks. */

/** Signs of the page that have a way to be written in ASCII. */
const signs: Readonly<Record<string, string>> = {
  '\u201c': '"',
  '\u201d': '"',
  '\u2018': "'",
  '\u2019': "'",
  '\u2013': '-',
  '\u2014': '-',
  '\u2026': '...',
  '\u00d7': 'x',
  '\u2192': '->',
  '\u2264': '<=',
  '\u2265': '>=',
  '\u00a0': ' ',
}

/** The same in ASCII; what has no way to be written there becomes a question mark. A tab is what it is in a terminal. */
export const ascii = (text: string): string => expandTabs(text).replace(/[^\x20-\x7e\n]/gu, (sign) => signs[sign] ?? '?')

function expandTabs(text: string): string {
  if (!text.includes('\t')) return text
  let out = ''
  for (const sign of text) out += sign === '\t' ? ' '.repeat(8 - (out.length % 8)) : sign
  return out
}

/** Ranges, keys and values are not torn apart: `[640K, 644K)`, `(257 EXTENT_DATA 655361)`, `ref = 1`. */
const whole = /[\w>.-]+ = [\w.-]*\w|\[[\w.]+, [\w.]+\)|\([\w.]+ [A-Z_]+ \d+\)/g
const GLUE = '\u0001'

/**
 * Breaks text at blanks into lines of at most `width` columns; the first begins with `first`, the others with `rest`. A word that
 * is wider is cut.
 */
export function fill(text: string, width: number, first = '', rest = first): string[] {
  const words = ascii(text)
    .replace(whole, (part) => (part.length > width - rest.length ? part : part.replaceAll(' ', GLUE)))
    .split(/\s+/)
    .filter((word) => word !== '')
  const lines: string[] = []
  let line = first
  let empty = true
  const put = (): void => {
    lines.push(line.replaceAll(GLUE, ' ').trimEnd())
    line = rest
    empty = true
  }
  for (const word of words) {
    let left = word
    if (!empty && line.length + 1 + left.length > width) put()
    while (line.length + left.length > width && empty) {
      const room = Math.max(1, width - line.length)
      // A name is cut behind one of its words.
      const cut = left.lastIndexOf('_', room - 1) + 1
      const take = cut > room / 2 ? cut : room
      line += left.slice(0, take)
      left = left.slice(take)
      put()
    }
    if (left === '') continue
    line += (empty ? '' : ' ') + left
    empty = false
  }
  if (!empty || lines.length === 0) put()
  return lines
}

/** A line that a tool or the kernel printed: as it is and, where it is too wide, wrapped with a continuation of four spaces. */
export function printed(text: string, width: number): string[] {
  const line = ascii(text).trimEnd()
  if (line.length <= width) return [line]
  const indent = line.slice(0, line.length - line.trimStart().length)
  return fill(line.trimStart(), width, indent, `${indent.length + 4 < width / 2 ? indent : ''}    `)
}

/** Columns side by side, each a list of lines and where it begins. */
export function beside(columns: readonly { readonly at: number; readonly lines: readonly string[] }[]): string[] {
  const height = Math.max(0, ...columns.map(({ lines }) => lines.length))
  return Array.from({ length: height }, (_, row) =>
    columns.reduce((line, { at, lines }) => (lines[row] ? line.padEnd(at) + lines[row] : line), '').trimEnd(),
  )
}

/** `a`, `a and b`, `a, b and c`. */
export const listed = (parts: readonly string[]): string =>
  parts.length < 2 ? (parts[0] ?? '') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`
