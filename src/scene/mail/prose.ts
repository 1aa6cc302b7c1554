/** What a table's cell or a numbered step says that a task does: only sentences that can mean one call alone are read. */
import { beginsLine, commandNames } from '../words.ts'
import { cCall, numberOf } from './c-call.ts'
import { complaint, handAfter, mapped, onBytes, opening, said, unsaid, type Hand, type Said } from './said.ts'

const clauseEnd = /;|\.(?=\s|$)|:(?=\s|$)|,(?![^[(]*[\])])\s*|\s+(?:and|then|which|where|while|but|because|so)\s+/
/** Who does it, and that it is done. */
const subject = /^(?:(?:the\s+)?(?:task|thread|process|cpu)\s*#?\w{1,3}(?:'s)?|it|he|she|[A-Z])\s+(?=\w)/i
const doing =
  /^(?:and|then|now|again|also|first|finally|next)\s+|^(?:calls?|does|do|issues?|runs?|executes?|invokes?|performs?|makes?|starts?)\s+(?:an?\s+|the\s+)?/i

/** The parts of a sentence, each about one thing. */
export const clauses = (text: string): string[] =>
  text
    .split(clauseEnd)
    .map((one) => one.trim())
    .filter((one) => /\w/.test(one))

const size = String.raw`(\d{1,16}\s?[KMG]?i?B?)`
const half = new RegExp(String.raw`\[\s*${size}\s*,\s*${size}\s*([)\[\]])`, 'i')
const atLength = new RegExp(
  String.raw`\b(?:(?:file )?offset|at)\s+${size}\s*,?\s*(?:length|len|size)\s+${size}|\b${size}\s+(?:bytes\s+)?at\s+(?:(?:file )?offset\s+)?${size}`,
  'i',
)
const to = new RegExp(String.raw`\bto\s+(?:a size of\s+|size\s+)?${size}(?:\s+bytes)?`, 'i')

/** The bytes that a clause names, and the clause without them. */
function bytesIn(text: string): { readonly from: number; readonly to: number; readonly rest: string } | null {
  const range = half.exec(text)
  const spot = range ? null : atLength.exec(text)
  const found = range ?? spot
  if (!found) return null
  const rest = text.replace(found[0], ' ')
  if (/\d/.test(rest.replace(/O_\w+|\bCPU\s?\d+/g, ''))) return null
  const numbers = found.slice(1, 5).map((one) => numberOf(one ?? ''))
  if (range) {
    const [from, end] = numbers
    if (from === null || from === undefined || end === null || end === undefined || end <= from) return null
    // [0, 4095] has its last byte in it; [256K, 260K) and the French [256K, 260K[ have not.
    return { from, to: range[3] === ']' && end % 2 === 1 ? end + 1 : end, rest }
  }
  const [offset, length] = numbers[0] === null ? [numbers[3], numbers[2]] : [numbers[0], numbers[1]]
  return typeof offset === 'number' && typeof length === 'number' && length > 0 ? { from: offset, to: offset + length, rest } : null
}

/** Words that change nothing of what is done. */
const filler =
  /^(the|a|an|its?|this|that|same|file|inode|range|bytes?|of|in|into|to|at|from|for|over|hole|data|pages?|blocks?|with|by|via|through|using|foo|system|call|syscall|on|new|offset|buffered|again|up)$/i
const direct = /^(direct|dio|o_direct|i\/o|io)$/i
const memory = /^(mmap|mmapped|mapped|mapping|mmaped|memory)$/i

type Verb = 'punch' | 'allocate' | 'zero' | 'write' | 'read' | 'truncate' | 'store' | 'sync' | 'open'

const verbs: readonly (readonly [RegExp, Verb])[] = [
  [/^(hole-?)?punch(es|ed|ing)?$/i, 'punch'],
  [/^(pre-?)?allocat(es?|ed|ing)$|^fallocates?$/i, 'allocate'],
  [/^zero(es|s|ed|ing)?$/i, 'zero'],
  [/^(over)?writ(es?|ing)$/i, 'write'],
  [/^p?reads?$/i, 'read'],
  [/^f?truncat(es?|ed|ing)$/i, 'truncate'],
  [/^stor(es?|ing)$/i, 'store'],
  [/^f(data)?syncs?$|^f(data)?sync\(\)$/i, 'sync'],
  [/^opens?$/i, 'open'],
]

/** What one clause says. */
export function proseCall(clause: string, hand: Hand): { readonly said: Said; readonly hand: Hand } {
  const text = withoutSubject(clause)
  const then = (what: Said) => ({ said: what, hand: 'commands' in what ? handAfter(what.commands, hand) : hand })
  const bare = text.replace(/\s*[;:]$/, '')
  const inC = /^(?:f(?:data)?sync|msync|sync|syncfs)\(\s*\w*\s*\)$/.test(bare) ? bare : /\(.*\)/.test(bare) ? bare : null
  if (inC !== null) {
    const found = cCall(inC, hand)
    if (found) return found
  }
  const [first = ''] = bare.split(/\s+/)
  if ((commandNames as readonly string[]).includes(first) && complaint(bare, 'task') === null && !beginsLine(first)) return then(said(bare))
  return then(inWords(text, hand) ?? unsaid('it says no call with its bytes: write it as `pwrite 0 4k`, `fsync`, `truncate 16k`'))
}

function withoutSubject(clause: string): string {
  let text = clause.trim().replace(subject, '')
  for (let before = ''; before !== text;) [before, text] = [text, text.replace(doing, '')]
  return text
}

function inWords(text: string, { flags }: Hand): Said | null {
  const bytes = bytesIn(text)
  const end = bytes ? null : to.exec(text)
  const rest = bytes?.rest ?? (end ? text.replace(end[0], ' ') : text)
  const words = rest.split(/[\s,()]+/).filter((word) => word !== '')
  const found = words.flatMap((word) => verbs.find(([is]) => is.test(word))?.[1] ?? [])
  const [verb] = found
  const other = words.some((word) => !filler.test(word) && !direct.test(word) && !memory.test(word) && !verbs.some(([is]) => is.test(word)))
  if (verb === undefined || found.length > 1 || other) return null
  const isDirect = words.some((word) => /^(direct|dio|o_direct)$/i.test(word))
  const isMapped = words.some((word) => memory.test(word))
  if (verb === 'sync') return bytes || end ? null : said(/fdata/i.test(rest) ? 'fdatasync' : 'fsync')
  if (verb === 'open') return bytes || end || isMapped ? null : said(isDirect ? 'open -d' : 'open')
  if (verb === 'truncate') {
    const size = numberOf(end?.[1] ?? '')
    return size === null ? null : said(`truncate ${size}`)
  }
  if (!bytes) return null
  const { from, to: until } = bytes
  if (verb === 'store' || (verb === 'write' && isMapped)) return isMapped ? said(...mapped(from, until)) : null
  if (isMapped) return null
  const name = { punch: 'fpunch', allocate: 'falloc', zero: 'fzero', write: 'pwrite', read: 'pread' }[verb]
  const one = onBytes(name, from, until - from)
  // This call alone is said to be direct.
  return isDirect && (verb === 'write' || verb === 'read') && !flags.includes('d') ? said('open -d', one, opening(flags)) : said(one)
}
