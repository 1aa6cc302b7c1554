/** Walks over the words of one statement. What is wrong is thrown as one sentence and becomes a problem of the statement. */
import { meant, nearest } from './nearest.ts'
import type { Logical, Problem, Word } from './lines.ts'
import { BYTES_MAX, type Letter, type Range, type Stamp } from './scene.ts'
import { parseSize } from './size.ts'
import { lineWords } from './words.ts'

/** Why a statement cannot be read. Never leaves `parse()`. */
export class Unreadable extends Error {
  readonly problem: Problem
  constructor(problem: Problem) {
    super(problem.message)
    this.problem = problem
  }
}

export class Reader {
  #at = 0
  readonly #words: readonly Word[]
  readonly #line: number

  constructor({ words, line }: Pick<Logical, 'words' | 'line'>) {
    this.#words = words
    this.#line = line
  }

  get here(): Word | undefined {
    return this.#words[this.#at]
  }

  get done(): boolean {
    return this.here === undefined
  }

  /** The word that comes next, without taking it. */
  peek(ahead = 0): string {
    return this.#words[this.#at + ahead]?.text ?? ''
  }

  /** Throws with this word, or with the end of the statement. */
  fail(message: string, word: Word | undefined = this.here): never {
    throw new Unreadable({ line: word?.line ?? this.#words.at(-1)?.line ?? this.#line, word: word?.text ?? null, message })
  }

  take(what: string): string {
    const word = this.here
    if (!word) this.fail(`${what} is missing at the end`)
    this.#at++
    return word.text
  }

  /** Takes the word if it is next. */
  skip(word: string): boolean {
    if (this.peek() !== word) return false
    this.#at++
    return true
  }

  expect(word: string, after: string): void {
    if (!this.skip(word))
      this.fail(this.done ? `\`${word}\` is missing after ${after}` : `\`${this.peek()}\` stands where \`${word}\` belongs, after ${after}`)
  }

  oneOf<T extends string>(words: readonly T[], what: string): T {
    const word = this.here
    if (!word) this.fail(`${what} is missing at the end: ${words.join(', ')}`)
    const found = words.find((one) => one === word.text)
    if (found === undefined) this.fail(`no ${what} \`${word.text}\`: ${meant(word.text, words)}`)
    this.#at++
    return found
  }

  size(what: string): number {
    const word = this.here
    const text = this.take(`the ${what}`)
    const bytes = parseSize(text)
    if (bytes !== null) return bytes
    const number = /^-?[\d.]+[a-z]*$/i.test(text) && !/^\d+[kmg]?$/i.test(text)
    if (/^\d+[kmg]?$/i.test(text)) this.fail(`the ${what} \`${text}\` is beyond ${BYTES_MAX} bytes, the longest file`, word)
    this.fail(
      `the ${what} \`${text}\` is no size: write whole bytes, or k, m, g behind them${number ? ', without sign or point' : ''}`,
      word,
    )
  }

  range(): Range {
    const word = this.here
    const text = this.take('a range like [0,64k)')
    const match = /^\[\s*([^,\s]+)\s*,\s*([^,\s]+?)\s*([)\]]?)$/.exec(text)
    const [from, to] = [parseSize(match?.[1] ?? ''), parseSize(match?.[2] ?? '')]
    if (!match || from === null || to === null || match[3] !== ')')
      this.fail(`\`${text}\` is no range: write it half-open, [0,64k), with sizes that xfs_io takes`, word)
    if (from >= to) this.fail(`the range ${text} is empty: its end has to be behind its beginning`, word)
    return { from, to }
  }

  letter(what: string): Letter {
    const word = this.here
    const text = this.take(what)
    if (!/^[A-Z]$/.test(text)) this.fail(`\`${text}\` is no task: ${what} is a capital letter, A to Z`, word)
    return text
  }

  stamp(): Stamp {
    const word = this.here
    const text = this.take('a byte or a letter')
    const stamp = stampOf(text)
    if (stamp === null) this.fail(`\`${text}\` is no byte and no letter: write A, a or 0x61, at most 0xff`, word)
    return stamp
  }

  /** Nothing may be left. */
  end(after: string): void {
    const word = this.here
    if (!word) return
    const begun = word.line !== this.#line && this.#words[this.#at - 1]?.line !== word.line
    const near = begun ? nearest(word.text, lineWords) : null
    if (near !== null && near !== word.text) this.fail(`no statement begins with \`${word.text}\`: did you mean \`${near}\`?`)
    this.fail(`\`${word.text}\` is too many after ${after}`)
  }
}

/** A letter stands for itself; a number is a byte. Null = neither. */
export function stampOf(text: string): Stamp | null {
  if (/^[A-Za-z]$/.test(text)) return text
  if (!/^(0x[0-9a-f]{1,2}|\d{1,3})$/i.test(text)) return null
  const byte = Number(text)
  return byte <= 255 ? `0x${byte.toString(16).padStart(2, '0')}` : null
}
