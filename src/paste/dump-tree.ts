/** `btrfs inspect-internal dump-tree`: the EXTENT_DATA items of file trees and of log trees, a file an inode. */
import { isExact, layoutOf, listed, type Kind, type Listed, type PastedFile, type Row } from './layout.ts'
import { isElision, shown, withoutRemark, type Damage, type Line } from './line.ts'

const itemLine = /^\s*item\s+(\d+)\s+key\s+\((\S+)\s+(\S+)\s+(\S+)\)/
const leafLine = /\bleaf\s+\S+\s+items\s+(\d+)\b.*\bowner\s+(\S+)/
/** A line that was broken before the end of a key, or of the head of a leaf. */
const openKey = /^\s*item\s+\d+\s*(key\s*(\([^)]*)?)?$/
const openLeaf = /^\s*leaf\s+\S+\s+items\s+\d+\b(?!.*\bowner\s+\S)/
const bodyLine = /^\s*(generation|extent|prealloc|inline)\b/

/** Is this a line that begins an item? */
export const isItem = (text: string): boolean => itemLine.test(text)

/** The furthest byte that a file offset can name. */
const OFFSET_MAX = 2n ** 63n - 1n

export const shortItemsNote =
  'without offset lines an item reaches to the next item, or to the end of its extent counted from the first item that uses the extent'

/** An item as the dump tells it; its lines are joined, so that where they were wrapped does not matter. */
interface Item {
  readonly index: number
  readonly ino: string
  readonly type: string
  readonly offset: string
  readonly owner: string | null
  readonly number: number
  body: string
  /** Items were left out right before this one. */
  readonly afterElision: boolean
  /** Items were left out right behind this one. */
  beforeElision: boolean
}

/** The items of one inode in one tree. */
export interface InodeItems {
  /** FS_TREE, TREE_LOG, ...; null where no line names the tree. */
  readonly owner: string | null
  readonly ino: string
  readonly listed: Listed
}

/** Reads the files of a dump; damage that shows in items is added to `damage`. */
export function readDumpTree(lines: readonly Line[], damage: Set<Damage>): { readonly files: PastedFile[]; readonly short: boolean } {
  const { inodes, short } = inodesOf(lines, damage)
  if (short) damage.add('short items')
  return { files: inodes.map(({ listed: one }) => layoutOf(one)), short }
}

/** The items of each inode, before the gaps between them are named: in a log tree a gap is no hole. */
export function inodesOf(lines: readonly Line[], damage: Set<Damage>): { readonly inodes: InodeItems[]; readonly short: boolean } {
  const items = itemsOf(lines, damage)
  const owners = new Set(items.map(({ owner }) => owner))
  const inodes = new Map<string, InodeItems>()
  for (const { owner, ino, type } of items) {
    const key = `${owner} ${ino}`
    if (type === 'EXTENT_DATA' && !inodes.has(key))
      inodes.set(key, { owner, ino, listed: listed({ name: `inode ${ino}`, unit: 1, title: owners.size > 1 ? owner : null }) })
  }
  let short = false
  for (const [key, { listed: file }] of inodes) {
    const own = items.filter(({ owner, ino }) => `${owner} ${ino}` === key)
    const size = own.find(({ type }) => type === 'INODE_ITEM')?.body
    const bytes = size === undefined ? undefined : /\bsize\s(\d+)/.exec(size)?.[1]
    if (bytes !== undefined && isExact(Number(bytes))) file.size = Number(bytes)
    const extents = own.filter(({ type }) => type === 'EXTENT_DATA')
    if (extents.at(-1)?.beforeElision) file.openEnd = true
    short = rowsOf(file, extents) || short
  }
  return { inodes: [...inodes.values()], short }
}

/** Lines of which none ends within a key or within the head of a leaf. */
function whole(lines: readonly Line[], damage: Set<Damage>): Line[] {
  const out: Line[] = []
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] as Line
    const next = lines[i + 1]?.text.trim() ?? ''
    if ((openKey.test(line.text) && next !== '') || (openLeaf.test(line.text) && /\bowner\s/.test(`${line.text.trimEnd()} ${next}`))) {
      out.push({ ...line, text: `${line.text.trimEnd()} ${next}` })
      damage.add('wrapped')
      i++
    } else out.push(line)
  }
  return out
}

function itemsOf(lines: readonly Line[], damage: Set<Damage>): Item[] {
  const items: Item[] = []
  let owner: string | null = null
  let elided = false
  let indent = 0
  /** The first item of a leaf follows whatever the last one was. */
  let newLeaf = true
  let inLeaf: number | null = null
  const leave = (): void => {
    const last = items.at(-1)
    if (last && (elided || (inLeaf !== null && last.index + 1 < inLeaf))) last.beforeElision = true
  }
  for (const { text: given, number } of whole(lines, damage)) {
    const { text, remark } = withoutRemark(given)
    if (remark && (isItem(text) || bodyLine.test(text))) damage.add('remarks')
    const leaf = leafLine.exec(text)
    if (leaf) {
      leave()
      owner = leaf[2] ?? null
      inLeaf = Number(leaf[1])
      newLeaf = true
      continue
    }
    const key = itemLine.exec(text)
    if (key) {
      const [, index = '', ino = '', type = '', offset = ''] = key
      const before = items.at(-1)
      // Slots that follow one another in a leaf have nothing between them: what was left out there are lines of an item.
      const follows = before !== undefined && !newLeaf && Number(index) === before.index + 1
      const afterElision = !follows && (elided || Number(index) !== 0)
      if (before && afterElision) before.beforeElision = true
      const rest = { number, body: text.slice(key[0].length), afterElision, beforeElision: false }
      items.push({ index: Number(index), ino, type, offset, owner, ...rest })
      elided = false
      newLeaf = false
      indent = text.length - text.trimStart().length
      continue
    }
    const last = items.at(-1)
    if (isElision(text)) elided = true
    else if (last && text.trim() !== '') {
      last.body += ` ${text.trim()}`
      if (bodyLine.test(text) && text.length - text.trimStart().length <= indent) damage.add('indentation lost')
      // A mailer breaks a line before a word that is the value of the one before.
      if (/^\s*(\d+(\s|$)|\(\w+\)|(itemoff|itemsize|nr|ram|offset|ram_bytes)\s)/.test(text)) damage.add('wrapped')
    }
  }
  leave()
  for (const item of items) item.body = item.body.replace(/\s+/g, ' ')
  return items
}

/** Turns a file's items into rows. @returns whether some had no line that says which part of the extent they are. */
function rowsOf(file: Listed, items: readonly Item[]): boolean {
  /** Where in the file an extent would begin that begins with the first item that uses it. */
  const begin = new Map<string, number>()
  let short = false
  items.forEach((item, i) => {
    const { index, body, number } = item
    const next = items[i + 1]
    const problem = (says: string): void => void file.problems.push(`item ${index}: ${says}`)
    const from = Number(item.offset)
    if (!/^\d+$/.test(item.offset) || !isExact(from)) {
      problem(`its offset ${shown(item.offset)} is no place in a file (line ${number}); it is damaged: write the number of the key`)
      file.elided = true
      return
    }
    const add = (row: Omit<Row, 'from' | 'afterElision'>): void => {
      if (!isExact(from, row.to, row.disk ?? 0)) problem(`offset ${item.offset} is larger than a file can be`)
      else file.rows.push({ from, ...row, afterElision: item.afterElision && (i > 0 || from > 0) })
    }
    const inline = /\binline extent data size (\d+)(?: ram(?:_bytes)? (\d+))?/.exec(body)
    if (inline) {
      const length = Number(inline[2] ?? inline[1])
      if (length > 0) add({ to: from + length, kind: 'inline', flags: ['inline'], disk: null })
      return
    }
    const extent = /\bdata disk byte (\d+) nr (\d+)/.exec(body)
    const part = /\bdata offset (\d+) nr (\d+)/.exec(body)
    const prealloc = /\bprealloc\b/.test(body)
    if (!extent && !part) {
      problem(`the lines that say where it is on disk are missing (line ${number}): paste them too, or leave the item out`)
      file.elided = true
      return
    }
    const [disk, whole] = [Number(extent?.[1] ?? 0), Number(extent?.[2] ?? 0)]
    const isHole = extent !== null && disk === 0
    let [at, length] = [Number(part?.[1] ?? 0), Number(part?.[2] ?? 0)]
    if (part) {
      if (BigInt(from) + BigInt(part[2] ?? 0) > OFFSET_MAX) {
        problem(`length ${part[2]} runs past the end of the file offsets`)
        return
      }
    } else {
      short = true
      const key = String(extent?.[1])
      const start = begin.get(key) ?? from
      at = isHole ? 0 : from - start
      const end = isHole ? Number(next?.offset ?? from) : start + whole
      length = Math.min(end, next && Number(next.offset) > from ? Number(next.offset) : end) - from
    }
    if (extent && !isHole && !begin.has(extent[1] ?? '')) begin.set(extent[1] ?? '', from - at)
    if (length <= 0) {
      problem(`nothing of its extent is left for it (line ${number}): compare its numbers with the tree`)
      return
    }
    const compressed = /\bcompression [1-9]/.test(body)
    const kind: Kind = isHole ? 'hole' : prealloc ? 'unwritten' : 'data'
    const flags = isHole ? [] : [...(compressed ? ['compressed'] : []), ...(prealloc ? ['prealloc'] : [])]
    // Within a compressed extent an offset is one of the data that it unpacks to.
    add({ to: from + length, kind, flags, disk: isHole || !extent ? null : compressed ? disk : disk + at })
  })
  return short
}
