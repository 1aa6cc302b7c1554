/** `filefrag -v`, also `-k`, `-b512` and `-e` (misc/filefrag.c of e2fsprogs). */
import { flagWords, hasPlace, kindOf } from './flags.ts'
import { isExact, layoutOf, listed, type Listed, type PastedFile } from './layout.ts'
import { isElision, shown, withoutRemark, type Damage, type Line } from './line.ts'
import { rowAt } from './rows.ts'
import { listedTwice, titleOf } from './title.ts'

const begins = /^\s*\d+:\s*\d+\s*\.\./
// Blanks stand in one place of a pattern each: where two could take them, a long run of them would take for ever.
const full = /^\s*(\d+):\s*(\d+)\s*\.\.\s*(\d+):\s*(\d+)\s*\.\.\s*(\d+):\s*(\d+):(?:\s*\d+:)?(?:\s*([a-z][\w,]*))?\s*$/
/** `ile size of`, so that damage at the front does no harm. */
const sizeLine = /\bof (\S.{0,400}?) is (\d+) \((\d+) blocks? of (\d+)\b/
const sizeBegins = /ize of \S.{0,400} is \d+/
/** What is left of a row that was wrapped behind its length. */
const tail = /^(?:\s*\d+:)?(?:\s*([a-z][\w,]*))?\s*$/

/** What a mailer put on a line of its own: the last columns' headings. */
const headEnd = /^\s*((logical|physical)_offset:|length:|expected:|flags:)(\s|$)/

/** Is this a row of filefrag? */
export const isFilefragRow = (text: string): boolean => begins.test(text) || sizeLine.test(text)

/** Widths of the columns as filefrag prints them; longer numbers push the rest of the row. */
const LOGICAL_WIDTH = 8
const PHYSICAL_WIDTH = 10

/** Unit of a listing whose size line is missing, told by the last command line above it if there is one. */
function unitOf(above: readonly Line[]): { readonly unit: number; readonly told: boolean } {
  const command = above.map(({ text }) => /\bfilefrag\s+(.*)/.exec(text)?.[1]).findLast((options) => options !== undefined) ?? ''
  const block = /(?:^|\s)-\w*b\s*(\d+)/.exec(command)?.[1]
  if (block !== undefined && Number(block) > 0) return { unit: Number(block), told: true }
  return /(?:^|\s)-\w*k/.test(command) ? { unit: 1024, told: true } : { unit: 4096, told: false }
}

/** Reads the files that a paste lists; damage that shows in rows is added to `damage`. */
export function readFilefrag(lines: readonly Line[], damage: Set<Damage>): PastedFile[] {
  const files: Listed[] = []
  let file: Listed | null = null
  let title: string | null = null
  let elided = false
  let lastRow = -1
  const clean = (text: string): string => {
    const bare = withoutRemark(text)
    if (bare.remark && begins.test(text)) damage.add('remarks')
    return bare.text
  }
  const open = (given: Partial<Listed>, unit: number): Listed => {
    const one = listed({ ...given, title, unit, openEnd: true })
    files.push(one)
    title = null
    elided = false
    lastRow = -1
    return one
  }
  for (let i = 0; i < lines.length;) {
    const { text = '', number = 0 } = lines[i] ?? {}
    const size = sizeLine.exec(text)
      ? { match: sizeLine.exec(text), next: i + 1 }
      : sizeBegins.test(text)
        ? rowAt(lines, i, sizeLine, begins, (line) => line)
        : null
    if (size?.match) {
      const [, name = '', bytes = '', blocks = '', unit = ''] = size.match
      const [total, each] = [Number(bytes), Number(unit)]
      if (each > 0 && isExact(total, each)) {
        file = open({ name, size: total }, each)
        if (Math.ceil(total / each) !== Number(blocks))
          file.problems.push(
            `line ${number}: ${bytes} bytes are not ${blocks} blocks of ${unit}; one of these numbers is damaged: compare it with the file`,
          )
        if (size.next > i + 1 || isWrappedEnd(lines[size.next]?.text)) damage.add('wrapped')
        i = size.next
        continue
      }
    }
    if (begins.test(text)) {
      if (!file) {
        const { unit, told } = unitOf(lines.slice(0, i))
        file = open({}, unit)
        if (!told)
          file.problems.push(
            `line ${number}: no line above tells the size of a block; 4096 bytes are taken: paste the line "File size of ..." too`,
          )
      }
      i = readRow(file, i)
      continue
    }
    if (/^\s*ext:\s/.test(text)) {
      if (text.startsWith('ext:')) damage.add('indentation lost')
      if (headEnd.test(lines[i + 1]?.text ?? '')) damage.add('wrapped')
    }
    if (file && isElision(text)) elided = true
    else if (/:\s+(\d+) extents? found/.test(text)) {
      // Where the line with its size was left out, this one has the name.
      if (file && file.name === null) file.name = /^\s*(\S.{0,400}?):\s+\d+ extents? found/.exec(text)?.[1] ?? null
      if (file && / 0 extents found/.test(text) && file.rows.length === 0) file.openEnd = false
      file = null
    } else title = titleOf(text) ?? title
    i++
  }
  if (listedTwice(files)) damage.add('two listings')
  return files.map(layoutOf)

  /** @returns the index of the line after the row. */
  function readRow(into: Listed, at: number): number {
    const { text = '', number = 0 } = lines[at] ?? {}
    const row = rowAt(lines, at, full, begins, clean)
    if (!row) {
      into.problems.push(
        `line ${number}: the row ${shown(text)} cannot be read; write it as filefrag prints it, "0: 0.. 7: 8.. 15: 8: last"`,
      )
      elided = true
      return at + 1
    }
    const [, index = '', from = '', to = '', disk = '', , length = '', words = ''] = row.match
    let { next } = row
    let flags = words.split(',')
    const rest = clean(lines[next]?.text ?? '')
    const more = words === '' || words.endsWith(',') ? tail.exec(rest)?.[1]?.split(',') : undefined
    if (more?.every((word) => word === '' || flagWords.has(word)) || (words === '' && /^\s*\d+:\s*$/.test(rest))) {
      flags = [...flags, ...(more ?? [])]
      next++
    }
    if (next > at + 1) damage.add('wrapped')
    if (from.length > LOGICAL_WIDTH || disk.length > PHYSICAL_WIDTH) damage.add('columns overflow')
    flags = flags.filter((word) => word !== '').sort()
    // Of inline data filefrag tells bytes, whatever the unit.
    const unit = flags.includes('inline') ? 1 : into.unit
    const bytes = { from: Number(from) * unit, to: (Number(to) + 1) * unit }
    const place = hasPlace(flags) ? Number(disk) * unit : null
    if (bytes.to <= bytes.from || !isExact(bytes.from, bytes.to, place ?? 0)) {
      into.problems.push(`line ${number}: the blocks ${from}..${to} at ${disk} are no range of a file; one of these numbers is damaged`)
      elided = true
      return next
    }
    // An extent without a place has a length of 0 beside its real range.
    if (length !== '0' && Number(length) !== Number(to) - Number(from) + 1)
      into.problems.push(`line ${number}: the blocks ${from}..${to} are not ${length} blocks; the range is taken: compare it with the file`)
    const missing = elided || Number(index) !== lastRow + 1
    if (missing) into.elided = true
    into.rows.push({ ...bytes, kind: kindOf(flags), flags, disk: place, afterElision: missing })
    into.openEnd = !flags.includes('last') && !flags.includes('eof')
    lastRow = Number(index)
    elided = false
    return next
  }
}

const isWrappedEnd = (text = ''): boolean => /^\s*bytes\)\s*$/.test(text)
