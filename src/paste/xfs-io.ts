/** `xfs_io -c "fiemap -v"` and `xfs_bmap -vvp` (io/fiemap.c and io/bmap.c of xfsprogs): rows of inclusive 512-byte blocks. */
import { flagNames, hasPlace, kindOf } from './flags.ts'
import { isExact, layoutOf, listed, type Kind, type Listed, type PastedFile } from './layout.ts'
import { isElision, shown, withoutRemark, type Damage, type Line } from './line.ts'
import { rowAt } from './rows.ts'
import { listedTwice, pathLine, titleOf } from './title.ts'

const UNIT = 512
const begins = /^\s*\d+:\s*\[/
/** Index, first and last block, place, and behind that the columns that differ. */
const full = /^\s*(\d+):\s*\[(\d+)\s*\.\.\s*(\d+)\]:\s*(hole|delalloc|(\d+)\s*\.\.\s*(\d+))((?:\s+[\d().]+)*)(\s+0x[\da-f]+)?\s*$/i
const header = /\bEXT:\s+FILE-OFFSET\b/

/** Is this a row of xfs_io? */
export const isXfsIoRow = (text: string): boolean => begins.test(text)

/** `xfs_bmap` has allocation groups, or flags in octal without `0x`; FLAGS has the letters AG in it, too. */
export const isBmap = (lines: readonly Line[]): boolean => {
  if (lines.some(({ text }) => /\bAG-OFFSET\b/.test(text))) return true
  if (lines.some(({ text }) => /^\s*\d+:\s*\[.*\(\d+\.\.\d+\)/.test(text))) return true
  return (
    lines.some(({ text }) => /\bxfs_bmap\b|\bbmap -/.test(text)) && !lines.some(({ text }) => /\bfiemap\b|\b0x[\da-f]+\s*$/i.test(text))
  )
}

/** Flags of xfs_bmap that say what an extent is; the four of stripe alignment say nothing of the layout. */
const bmapFlags: readonly (readonly [number, string])[] = [
  [0o100000, 'shared'],
  [0o10000, 'unwritten'],
]

/** Reads the files that a paste lists. */
export function readXfsIo(lines: readonly Line[], bmap: boolean, damage: Set<Damage>): PastedFile[] {
  const files: Listed[] = []
  let file: Listed | null = null
  let name: string | null = null
  let title: string | null = null
  let elided = false
  let lastRow = -1
  /** The line right behind the last row. */
  let afterRow = -1
  const verbose =
    lines.some(({ text }) => header.test(text)) || lines.some(({ text }) => begins.test(text) && /\s0x[\da-f]+\s*$/i.test(text))
  const clean = (text: string): string => {
    const bare = withoutRemark(text)
    if (bare.remark && begins.test(text)) damage.add('remarks')
    return bare.text
  }
  const open = (): Listed => {
    close()
    const one = listed({ name, title, unit: UNIT, openEnd: verbose && !bmap })
    files.push(one)
    name = null
    title = null
    elided = false
    lastRow = -1
    return one
  }
  for (let i = 0; i < lines.length;) {
    const { text = '' } = lines[i] ?? {}
    if (header.test(text)) {
      if (text.startsWith('EXT:')) damage.add('indentation lost')
      if (/^\s*(BLOCK-RANGE|AG|AG-OFFSET|TOTAL|FLAGS)(\s|$)/.test(lines[i + 1]?.text ?? '')) damage.add('wrapped')
      file = open()
    } else if (begins.test(text)) {
      const index = Number(/\d+/.exec(text)?.[0])
      file ??= open()
      // Without the header between them, the next file begins where its name stands.
      if (file.rows.length > 0 && name !== null && index <= lastRow) file = open()
      i = readRow(file, i)
      afterRow = i
      continue
    } else if (file && isElision(text)) {
      // Behind the rows it may as well be the mail that goes on.
      if (i === afterRow || file.rows.length === 0) elided = true
    } else {
      const heading = titleOf(text)
      if (heading !== null) title = heading
      else name = pathLine(text) ?? name
    }
    i++
  }
  close()
  const filled = files.filter(({ rows, problems }) => rows.length > 0 || problems.length > 0)
  if (listedTwice(filled)) damage.add('two listings')
  return filled.map(layoutOf)

  /** Rows were left out behind the last one that is there; a row that is marked as the last one of its file is. */
  function close(): void {
    const rows = file?.rows ?? []
    if (file && elided && !rows.at(-1)?.flags.includes('last')) file.openEnd = true
  }

  /** @returns the index of the line after the row. */
  function readRow(into: Listed, at: number): number {
    const { text = '', number = 0 } = lines[at] ?? {}
    const row = rowAt(lines, at, full, begins, clean)
    if (!row) {
      into.problems.push(`line ${number}: the row ${shown(text)} cannot be read; write it as xfs_io prints it, "0: [0..7]: 8..15 8 0x1"`)
      elided = true
      return at + 1
    }
    const [, index = '', first = '', last = '', what = '', disk, , columns = '', hex = ''] = row.match
    const read = { next: row.next, columns, hex }
    takeTail(read, what)
    if (read.next > at + 1) damage.add('wrapped')
    const bytes = { from: Number(first) * UNIT, to: (Number(last) + 1) * UNIT }
    const place = disk === undefined ? null : Number(disk) * UNIT
    if (bytes.to <= bytes.from || !isExact(bytes.from, bytes.to, place ?? 0)) {
      into.problems.push(`line ${number}: the blocks ${first}..${last} are no range of a file; one of these numbers is damaged`)
      elided = true
      return read.next
    }
    const flags = flagsOf(read.columns, read.hex)
    const kind: Kind = what === 'hole' || what === 'delalloc' ? what : bmap && flags.includes('unwritten') ? 'unwritten' : kindOf(flags)
    const missing = elided || Number(index) !== lastRow + 1
    if (missing) into.elided = true
    into.rows.push({ ...bytes, kind, flags, disk: hasPlace(flags) ? place : null, afterElision: missing })
    if (flags.includes('last')) into.openEnd = false
    lastRow = Number(index)
    elided = false
    return read.next
  }

  /** Takes in columns that were wrapped off the end of a row: what is left of it is numbers alone. */
  function takeTail(read: { next: number; columns: string; hex: string }, what: string): void {
    const words = clean(lines[read.next]?.text ?? '')
      .trim()
      .split(/\s+/)
    const last = words.at(-1) ?? ''
    const isHex = /^0x[\da-f]+$/i.test(last)
    const numbers = isHex ? words.slice(0, -1) : words
    if (read.hex !== '' || (what !== 'hole' && !verbose) || !numbers.every((word) => /^\(?\d[\d().]*$/.test(word))) return
    read.columns += ` ${numbers.join(' ')}`
    if (isHex) read.hex = last
    read.next++
  }

  function flagsOf(columns: string, hex: string): string[] {
    if (!bmap) return hex.trim() === '' ? [] : flagNames(Number(hex))
    // Behind the allocation group and its offset come TOTAL and, where an extent has any, FLAGS.
    const [, octal = '0'] = columns
      .slice(columns.lastIndexOf(')') + 1)
      .trim()
      .split(/\s+/)
    const bits = Number.parseInt(octal, 8)
    return bmapFlags.flatMap(([bit, word]) => ((bits & bit) === 0 ? [] : [word])).sort()
  }
}
