/** What a paste says, whatever tool or person wrote it: the document that `lockstep read` prints. */
import { InputError } from '../base/assert.ts'
import { isItem, readDumpTree, shortItemsNote } from './dump-tree.ts'
import { isFilefragRow, readFilefrag } from './filefrag.ts'
import { modernFilefrag } from './filefrag-old.ts'
import { hasFsxLog, readFsx, type FsxLog } from './fsx.ts'
import type { PastedFile } from './layout.ts'
import { inOrder, shown, type Damage, type Line } from './line.ts'
import { hasSteps, readSteps, type Steps } from './steps.ts'
import { readTable, tableAt, type Table } from './table.ts'
import { unquote } from './unquote.ts'
import { isBmap, isXfsIoRow, readXfsIo } from './xfs-io.ts'

interface Common {
  /** What the mail, or who pasted, did to the text. */
  readonly damage: readonly Damage[]
  /** What a reader should know of how this was read. */
  readonly note?: string
}

/** Layouts of files. */
export interface LayoutDocument extends Common {
  readonly format: 'filefrag' | 'fiemap' | 'bmap' | 'dump-tree'
  readonly files: readonly PastedFile[]
}

export type PasteDocument =
  | LayoutDocument
  | (Common & { readonly format: 'table' } & Table)
  | (Common & { readonly format: 'steps' } & Steps)
  | (Common & { readonly format: 'fsx' } & FsxLog)

/** Longer pastes are no mail. */
const SIZE_MAX = 2_000_000

const accepted =
  'paste what filefrag -v, xfs_io -c "fiemap -v", xfs_bmap -vvp or btrfs inspect-internal dump-tree printed, a LOG DUMP of fsx, a table with a column for each CPU, or steps numbered 1), 2)'

/** Reads a paste. @throws InputError in one sentence that names the line and the remedy. */
export function readPaste(text: string): PasteDocument {
  if (text.length > SIZE_MAX)
    throw new InputError(`the text has ${text.length} characters, more than ${SIZE_MAX}: paste the part that is about one file`)
  const { lines: given, damage } = unquote(text)
  const lines = modernFilefrag(given)
  // Parsers note what they see in `damage`, so they run before it is told.
  const said = bodyOf(lines, damage)
  if ('files' in said && said.files.some(({ partial }) => partial)) damage.add('rows elided')
  const notes = [...('note' in said && said.note !== undefined ? [said.note] : []), ...notRead(lines, said.format)]
  return { ...said, ...(notes.length === 0 ? {} : { note: notes.join('; ') }), damage: inOrder(damage) } as PasteDocument
}

/** Listings of two tools in one text: only one of them is read, which is said. */
function notRead(lines: readonly Line[], format: PasteDocument['format']): string[] {
  const present: readonly (readonly [formats: readonly string[], is: (text: string) => boolean, what: string])[] = [
    [['dump-tree'], isItem, 'items of dump-tree'],
    [['fiemap', 'bmap'], isXfsIoRow, 'rows of xfs_io'],
    [['filefrag'], isFilefragRow, 'rows of filefrag'],
  ]
  return present.flatMap(([formats, is, what]) => {
    const line = formats.includes(format) ? undefined : lines.find(({ text }) => is(text))
    return line ? [`the ${what} from line ${line.number} on are not read: paste them alone`] : []
  })
}

type Body = PasteDocument extends infer D ? (D extends unknown ? Omit<D, 'damage'> : never) : never

function bodyOf(lines: readonly Line[], damage: Set<Damage>): Body {
  if (hasFsxLog(lines)) return { format: 'fsx', ...readFsx(lines, damage) }
  if (lines.some(({ text }) => isItem(text))) {
    const { files, short } = readDumpTree(lines, damage)
    if (files.length === 0) throw new InputError(`${firstOf(lines, isItem)}: no item here is EXTENT_DATA: paste the items of a file, too`)
    return { format: 'dump-tree', files, ...(short ? { note: shortItemsNote } : {}) }
  }
  if (lines.some(({ text }) => isXfsIoRow(text))) {
    const bmap = isBmap(lines)
    return { format: bmap ? 'bmap' : 'fiemap', files: readXfsIo(lines, bmap, damage) }
  }
  if (lines.some(({ text }) => isFilefragRow(text))) return { format: 'filefrag', files: readFilefrag(lines, damage) }
  const table = tableAt(lines)
  if (table >= 0) {
    const read = readTable(lines, table, damage)
    if (read.steps.length > 0) return { format: 'table', ...read }
  }
  if (hasSteps(lines)) return { format: 'steps', ...readSteps(lines, damage) }
  const first = lines.find(({ text }) => text.trim() !== '')
  if (!first) throw new InputError(`line 1: there is no text here: ${accepted}`)
  throw new InputError(`line ${first.number}: ${shown(first.text)} begins nothing that can be read: ${accepted}`)
}

const firstOf = (lines: readonly Line[], is: (text: string) => boolean): string => `line ${lines.find(({ text }) => is(text))?.number ?? 1}`
