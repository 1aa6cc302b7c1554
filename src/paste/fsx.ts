/** The `LOG DUMP` of fsx (ltp/fsx.c of fstests), alone or inside the diff of a failed test. */
import { isExact } from './layout.ts'
import { shown, type Damage, type Line } from './line.ts'

/** One operation that fsx logged, in bytes. */
export interface FsxOperation {
  readonly n: number
  /** As fsx prints it: WRITE, MAPWRITE, READ, TRUNCATE DOWN, PUNCH, ... */
  readonly op: string
  readonly from: number | null
  /** Half open; fsx prints the last byte. */
  readonly to: number | null
  /** Where CLONE, DEDUPE, COPY and EXCHANGE put or compare the bytes. */
  readonly dest: number | null
  readonly skipped: boolean
  /** What fsx prints behind it: HOLE, EXTEND, INTERIOR, the letters of an overlap with the bad bytes. */
  readonly marks: readonly string[]
}

export interface FsxLog {
  /** How many operations fsx says there were. */
  readonly total: number | null
  readonly operations: readonly FsxOperation[]
  /** What was read when bytes differed. */
  readonly bad: { readonly from: number; readonly to: number } | null
  /** Offsets of bytes that differed, as far as fsx lists them; absent where the listing is not there. */
  readonly differing?: readonly number[]
  readonly problems: readonly string[]
}

const dump = /\bLOG DUMP \((\d+) total operations\)/
/** Older ones put the time between number and operation. */
const opLine = /^\s*(\d+)\s*(?:\(\s*\d+ mod \d+\))?:\s+(?:\d+\.\d+\s+)?([A-Z].*)$/
const looksLikeOp = /^\s*\d+\s*(?:\(\s*\d+ mod \d+\))?:/
const from0x = /0x([\da-f]{1,13})/gi
/** `OFFSET GOOD BAD RANGE`: one byte a row. C's `%#06x` prints a zero without `0x`, and older ones pad the range behind it. */
const badRow = /^\s*0x([\da-f]{1,13})\s+(?:0x)?[\da-f]{2,8}\s+(?:0x)?[\da-f]{2,8}\s+0x\s*[\da-f]+\s*$/i
const badData = /BAD DATA: offset = (0x[\da-f]+|\d+), size = (0x[\da-f]+|\d+)/i
const names =
  /^(MAPREAD|READ|MAPWRITE|WRITE|TRUNCATE UP|TRUNCATE DOWN|TRUNCATE|PUNCH|PREALLOC|FALLOC|ZERO|COLLAPSE|INSERT|CLONE|DEDUPE|COPY|EXCHANGE|UNSHARE|CLOSE\/OPEN|MSYNC|FSYNC|INVALI|[A-Z]+)\b/

/** A diff puts a mark and the indentation of the check before each line. */
const plain = (text: string): string => text.replace(/^\s*[+-](?=\s?\S)/, '')

export const hasFsxLog = (lines: readonly Line[]): boolean => lines.some(({ text }) => dump.test(text))

/** Reads the log; damage that shows in it is added to `damage`. */
export function readFsx(lines: readonly Line[], damage: Set<Damage>): FsxLog {
  const start = lines.findIndex(({ text }) => dump.test(text))
  const inDiff = /^\s*[+-]/.test(lines[start]?.text ?? '')
  if (inDiff) damage.add('diff')
  const bare = lines.map((line) => ({ ...line, text: inDiff ? plain(line.text) : line.text }))
  const bytes = bare.map(({ text }) => badData.exec(text)).find((found) => found !== null)
  const offset = bytes ? Number(bytes[1]) : 0
  const size = bytes ? Number(bytes[2]) : 0
  const differing = bare.flatMap(({ text }) => badRow.exec(text)?.[1] ?? []).map((hex) => Number.parseInt(hex, 16))
  const operations: FsxOperation[] = []
  const problems: string[] = []
  for (let i = start + 1; i < bare.length; i++) {
    const line = bare[i]
    const op = opLine.exec(line?.text ?? '')
    if (!line || !op) {
      if (/^Log of operations saved|^Correct content saved/.test(line?.text.trim() ?? '')) break
      if (line && looksLikeOp.test(line.text)) problems.push(unread(line))
      continue
    }
    let text = op[2] ?? ''
    // A row that was wrapped goes on with what no row and no end begins with.
    for (let next = bare[i + 1]; next && /^\s*(0x|thru\b|to\b|from\b|\(0x|\*{3}|HOLE|EXTEND)/.test(next.text); next = bare[i + 1]) {
      text += ` ${next.text.trim()}`
      damage.add('wrapped')
      i++
    }
    const read = operationOf(Number(op[1]), text.replace(/\s+/g, ' ').trim())
    if (read) operations.push(read)
    else problems.push(unread(line))
  }
  const bad = bytes && size > 0 && isExact(offset, offset + size) ? { from: offset, to: offset + size } : null
  return {
    total: Number(dump.exec(lines[start]?.text ?? '')?.[1]),
    operations,
    bad,
    ...(differing.length === 0 ? {} : { differing }),
    problems,
  }
}

const unread = (line: Line): string =>
  `line ${line.number}: the operation ${shown(line.text)} cannot be read; write its bytes as fsx does, "0x0 thru 0xfff"`

function operationOf(n: number, text: string): FsxOperation | null {
  const skipped = /^SKIPPED|\bSKIPPED\b/.test(text)
  const op = names.exec(text.replace(/^SKIPPED\s*/, ''))?.[1] ?? 'SKIPPED'
  const numbers = [...text.matchAll(from0x)].map(([, hex = '']) => Number.parseInt(hex, 16))
  const marks = [...text.matchAll(/\b(HOLE|EXTEND|INTERIOR|PAST_EOF|EXTENDING)\b|\*{3,}[A-Z*]*/g)].map(([mark]) => mark)
  const row = (from: number | null, to: number | null, dest: number | null = null): FsxOperation | null =>
    isExact(from ?? 0, to ?? 0, dest ?? 0) && (from === null || to === null || from <= to)
      ? { n, op, from, to, dest, skipped, marks }
      : null
  if (op.startsWith('TRUNCATE')) {
    const ends = /from (0x[\da-f]+)(?: \(\d+\))? to (0x[\da-f]+)/i.exec(text)
    if (!ends) return skipped ? row(null, null) : null
    // A truncation is what it cuts off or adds.
    const [before, after] = [Number(ends[1]), Number(ends[2])]
    return row(Math.min(before, after), Math.max(before, after), after)
  }
  if (/ thru 0x/i.test(text)) {
    const [from = 0, last = 0] = numbers
    // FALLOC is printed with its end, all others with their last byte; the count of bytes is the same for all.
    const count = /\(0x([\da-f]+) bytes\)/i.exec(text)?.[1]
    const to = count === undefined ? (op === 'FALLOC' ? last : last + 1) : from + Number.parseInt(count, 16)
    const dest = /\bto (0x[\da-f]+)/i.exec(text)?.[1]
    return row(from, to, dest === undefined ? null : Number(dest))
  }
  return skipped || numbers.length === 0 ? row(null, null) : null
}
