/** Rows of a table that a mailer may have wrapped. */
import type { Line } from './line.ts'

/** A row in full, and the index of the line after it. */
export interface FoundRow {
  readonly match: RegExpExecArray
  readonly next: number
}

/** Most lines that a wrapped row is spread over. */
const SPREAD = 3

/**
 * Reads the row that begins in line `at`: that line, or with the lines that it was wrapped into, as far as none of them begins a row of
 * its own. Null if they make no row.
 */
export function rowAt(lines: readonly Line[], at: number, full: RegExp, begins: RegExp, clean: (text: string) => string): FoundRow | null {
  let text = ''
  for (let next = at; next < Math.min(lines.length, at + SPREAD);) {
    const line = clean(lines[next]?.text ?? '')
    if (next > at && (line.trim() === '' || begins.test(line))) return null
    text = next === at ? line : `${text.trimEnd()} ${line.trim()}`
    next++
    const match = full.exec(text)
    if (match) return { match, next }
  }
  return null
}
