/**
 * What filefrag -v printed until 2013 (e2fsprogs 1.41): columns without a range, and the size of a block in other words. Mails of that
 * time have it, and mails that quote them. It is put into the words of today's before it is read.
 */
import type { Line } from './line.ts'

const head = /^\s*ext\s+logical\s+physical\s+expected\s+length(\s+flags)?\s*$/
const sizeWords = /\((\d+) blocks?, blocksize (\d+)\)/
/** Number, first block, block on the disk, where that was expected if it is elsewhere, length. */
const row = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(?:(\d+)\s+)?(\d+)(?:\s+([a-z][\w,]*))?\s*$/

/** The same lines, with the rows of such a listing as today's filefrag would print them. */
export function modernFilefrag(lines: readonly Line[]): readonly Line[] {
  if (!lines.some(({ text }) => head.test(text))) return lines
  let inTable = false
  return lines.map((line) => {
    const { text } = line
    if (head.test(text)) inTable = true
    else if (/\d+ extents? found/.test(text)) inTable = false
    if (head.test(text)) return { ...line, text: ' ext:     logical_offset:        physical_offset: length:   expected: flags:' }
    const cells = inTable ? row.exec(text) : null
    if (!cells) return { ...line, text: text.replace(sizeWords, '($1 blocks of $2 bytes)') }
    const [, n = '', logical = '', physical = '', expected, length = '', flags = ''] = cells
    const last = (from: string): number => Number(from) + Number(length) - 1
    const told = expected === undefined ? '' : ` ${expected}:`
    return { ...line, text: `${n}: ${logical}..${last(logical)}: ${physical}..${last(physical)}: ${length}:${told} ${flags}` }
  })
}
