/** A scene's text in parts, each with what it is, for colours. Whatever is typed is cut into parts that together are the text. */
import { claims, commandNames, eventNames, factWords, lineWords, modelWords } from '../../../scene/words.ts'

export type PartKind = 'plain' | 'word' | 'task' | 'command' | 'number' | 'comment' | 'kernel' | 'range'

export interface Part {
  readonly text: string
  readonly kind: PartKind
  /** The letter of a task. */
  readonly task?: string
}

const begins = new Set<string>(lineWords)
const commands = new Set<string>(commandNames)
const words = new Set<string>([
  ...claims,
  ...eventNames,
  ...factWords,
  ...modelWords,
  ...'after power when done returns reads step before stale zeros until overlap error absent first shared mapped uring aio fd as'.split(
    ' ',
  ),
])

/** The parts of one line. */
export function partsOf(line: string): Part[] {
  const at = line.indexOf(';')
  const said = at < 0 ? line : line.slice(0, at)
  const parts = said.match(/\s+|\[[^\])]*[\])]?|[^\s[]+/g) ?? []
  let first = true
  const out = parts.map((text): Part => {
    const part = text.trim() === '' ? ({ text, kind: 'plain' } as const) : partOf(text, first)
    if (text.trim() !== '') first = false
    return part
  })
  return at < 0 ? out : [...out, { text: line.slice(at), kind: 'comment' }]
}

function partOf(text: string, first: boolean): Part {
  const bare = text.replace(/[,:]$/, '')
  if (first && /^[A-Z]:/.test(text)) return { text, kind: 'task', task: text.charAt(0) }
  if (first) return { text, kind: begins.has(bare) ? 'word' : 'plain' }
  if (/^[A-Z]$/.test(bare)) return { text, kind: 'task', task: bare }
  if (text.startsWith('[')) return { text, kind: 'range' }
  if (/^[+-][a-z0-9]{2}/.test(text)) return { text, kind: 'kernel' }
  if (commands.has(bare)) return { text, kind: 'command' }
  if (words.has(bare) || text === '--') return { text, kind: 'word' }
  return { text, kind: /^(0x[0-9a-f]+|\d[\d.]*[kmg]?(-rc\d+)?)$/i.test(bare) ? 'number' : 'plain' }
}
