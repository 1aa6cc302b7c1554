/** Finds a scene in whatever it came in, a whole mail say, and heals what mail did to its lines. */
import { unquote } from '../paste/unquote.ts'
import { meant, nearest } from './nearest.ts'
import { lineWords, beginsLine } from './words.ts'
import { VERSION } from './scene.ts'

/** What is wrong with a text: one sentence, with where it is and what would mend it. */
export interface Problem {
  /** From 1, in the text as it was given. */
  readonly line: number
  /** The word it is about; null = the line. */
  readonly word: string | null
  /** Without the line's number. */
  readonly message: string
}

export interface Word {
  readonly text: string
  readonly line: number
}

/** One statement's words, in one line again if a mailer wrapped it. */
export interface Logical {
  readonly line: number
  readonly words: readonly Word[]
  readonly comment: string | null
}

export interface Found {
  readonly name: string | null
  readonly lines: readonly Logical[]
  readonly problems: readonly Problem[]
  /** Indices of the scene's first and last line among those of the text; the whole text where there is none. */
  readonly span: { readonly first: number; readonly last: number }
}

/** The first line: the version, and a name perhaps. */
const opening = /^\s*lockstep\s+(\d+)(?:\s+([a-z0-9][a-z0-9-]{0,63}))?\s*(?:;.*)?$/
/** Does a scene begin with this line, whoever quoted it? */
export const opensScene = (line: string): boolean => opening.test(unquoted(line))

/** Columns mean nothing here: whatever stands before the first word of a line is a quote's. */
const unquoted = (line: string): string => line.replace(/^[\s>|]+/, '')

/** A line as long as this was wrapped by a mailer, with whatever comment it ends with. */
const wrapsFrom = 56

/** `[0, 4k)` is one word, a comma is one, and what blanks part. */
const wordPattern = /\[[^\])]*[\])]?|,|[^\s,[]+/g

const wordsOf = (text: string, line: number): Word[] => [...text.matchAll(wordPattern)].map((match) => ({ text: match[0], line }))

/** The statements between `lockstep 1` and `end`. */
export function findScene(text: string): Found {
  const lines = unquote(text).lines.map(({ text: line, number }) => ({ text: unquoted(line), number }))
  const first = lines.findIndex((line) => opening.test(line.text))
  const head = first < 0 ? null : opening.exec(lines[first]?.text ?? '')
  if (!head) return nothingFound(lines)
  if (Number(head[1]) !== VERSION) {
    const message = `version ${head[1]} of the language is not known here: this page reads \`lockstep ${VERSION}\``
    const problems = [{ line: lines[first]?.number ?? 1, word: head[1] ?? null, message }]
    return { name: null, lines: [], problems, span: spanFrom(lines, first) }
  }
  return { name: head[2] ?? null, ...statements(lines.slice(first + 1)), span: spanFrom(lines, first) }
}

const closing = /^end\s*(;.*)?$/

function spanFrom(lines: readonly { readonly text: string }[], first: number): Found['span'] {
  const last = lines.findIndex(({ text }, i) => i > first && closing.test(text.trim()))
  return { first, last: last < 0 ? lines.length - 1 : last }
}

function nothingFound(lines: readonly { readonly text: string; readonly number: number }[]): Found {
  const like = lines.find(({ text }) => /^\s*lockstep\b/i.test(text) && !/[.!?]\s*$/.test(text))
  const problem: Problem = like
    ? { line: like.number, word: null, message: 'a scene begins with `lockstep 1` and perhaps a name of lower-case letters, digits and -' }
    : { line: 1, word: null, message: 'no line reads `lockstep 1`: a scene begins with it and ends with `end`' }
  return { name: null, lines: [], problems: [problem], span: { first: 0, last: lines.length - 1 } }
}

function statements(lines: readonly { readonly text: string; readonly number: number }[]): Pick<Found, 'lines' | 'problems'> {
  const found: { line: number; words: Word[]; comment: string | null; last: string }[] = []
  const problems: Problem[] = []
  let ended = false
  for (const { text, number } of lines) {
    const trimmed = text.trim()
    if (trimmed === '') continue
    if (closing.test(trimmed)) {
      ended = true
      break
    }
    const word = /^\S+/.exec(trimmed)?.[0] ?? ''
    const before = found.at(-1)
    if (beginsLine(word)) {
      const at = trimmed.indexOf(';')
      const said = at < 0 ? trimmed : trimmed.slice(0, at)
      found.push({ line: number, words: wordsOf(said, number), comment: at < 0 ? null : trimmed.slice(at + 1).trim(), last: trimmed })
    } else if (!before) problems.push({ line: number, word, message: notALine(word) })
    else if (before.comment === null) {
      const at = trimmed.indexOf(';')
      before.words.push(...wordsOf(at < 0 ? trimmed : trimmed.slice(0, at), number))
      if (at >= 0) before.comment = trimmed.slice(at + 1).trim()
      before.last = trimmed
    } else if (before.last.length >= wrapsFrom && nearest(word, lineWords) === null) {
      before.comment = `${before.comment} ${trimmed}`
      before.last = trimmed
    } else problems.push({ line: number, word, message: notALine(word) })
  }
  if (!ended) {
    const line = lines.findLast(({ text }) => text.trim() !== '')?.number ?? 1
    problems.push({ line, word: null, message: 'the scene has no last line: it ends with `end`' })
  }
  return { lines: found.map(({ line, words, comment }) => ({ line, words, comment })), problems }
}

const notALine = (word: string): string =>
  `no statement begins with \`${word}\`: ${meant(word.replace(/:$/, ''), ['A:', ...lineWords.slice(1)])}`
