/** Numbered steps as changelogs have them, `1) Task A ...;`, with ranges and boxes of a leaf's items. */
import { K, M } from '../base/range.ts'
import { isExact } from './layout.ts'
import type { Damage, Line } from './line.ts'

type Pair = readonly [from: number, to: number]

/** A step, and the bytes that it names; `items` are those of the file extent items in a box. */
export interface NumberedStep {
  readonly n: number
  /** Null where the step names nobody. */
  readonly task: string | null
  readonly ranges?: readonly Pair[]
  readonly items?: readonly Pair[]
}

export interface Steps {
  readonly tasks: readonly string[]
  readonly steps: readonly NumberedStep[]
}

/** `1)`, `1.`, `(1)`, `Step 1:` */
const begins = /^(\s*(?:Step\s+|\()?)(\d{1,3})(?:[).]|(?<=Step\s+\d+):)\s+(\S.*)$/i
const units: Readonly<Record<string, number>> = { '': 1, K, M, G: 1024 * M }
const number = String.raw`(\d{1,16})([KMG]?)i?B?`
const half = new RegExp(String.raw`\[\s*${number}\s*,\s*${number}\s*([)\[\]])`, 'g')
const box = new RegExp(String.raw`\bfile extent item,? offset ${number},? length ${number}`, 'g')
const named = /\b(?:task|thread|process)\s+([A-Z]|\d{1,2})\b|\b(CPU)\s?(\d{1,2})\b/i

const bytesOf = (digits = '', unit = ''): number => Number(digits) * (units[unit] ?? 1)

/** Do these lines have steps, counted from one on? */
export const hasSteps = (lines: readonly Line[]): boolean => {
  const counted = lines.flatMap(({ text }) => begins.exec(text)?.[2] ?? [])
  return counted.length >= 2 && counted.some((n, i) => Number(counted[i + 1]) === Number(n) + 1)
}

/** A step in one line, whoever wrapped it, and where it begins in the paste. */
interface StepText {
  readonly n: number
  /** Null where it names nobody. */
  readonly task: string | null
  readonly text: string
  readonly line: number
}

/** The steps of a paste as they are written. */
export function stepTexts(lines: readonly Line[], damage: Set<Damage>): StepText[] {
  const texts: { readonly n: number; text: string; readonly indent: number; readonly line: number }[] = []
  for (const { text, number: line } of lines) {
    const step = begins.exec(text)
    const last = texts.at(-1)
    if (step) texts.push({ n: Number(step[2]), text: step[3] ?? '', indent: text.length - (step[3] ?? '').length, line })
    else if (last && text.trim() !== '') {
      // The frame of a box is no text.
      const bare = text
        .trim()
        .replace(/^[|+-]+(?=\s|$)|[|+]$|^-{4,}$/g, '')
        .trim()
      if (/^[a-z\d[(]/.test(bare) && text.search(/\S/) < last.indent) damage.add('wrapped')
      last.text += ` ${bare}`
    }
  }
  return texts.map(({ n, text, line }) => {
    const found = named.exec(text)
    return { n, text, line, task: found ? (found[1]?.toUpperCase() ?? `CPU${found[3]}`) : null }
  })
}

/** Reads the steps of a paste. */
export function readSteps(lines: readonly Line[], damage: Set<Damage>): Steps {
  const steps = stepTexts(lines, damage).map(({ n, text, task }): NumberedStep => {
    const pairs = (pattern: RegExp, end: (from: number, second: number, closing: string) => number): Pair[] =>
      [...text.matchAll(pattern)].flatMap(([, a, unitA, b, unitB, closing]): Pair[] => {
        const from = bytesOf(a, unitA)
        const to = end(from, bytesOf(b, unitB), closing ?? '')
        return isExact(from, to) && from < to ? [[from, to]] : []
      })
    const items = pairs(box, (from, length) => from + length)
    // [0, 4095] has its last byte in it; [256K, 260K) and the French [256K, 260K[ have not.
    return items.length > 0
      ? { n, task, items }
      : { n, task, ranges: pairs(half, (_, to, closing) => (closing === ']' && to % 2 === 1 ? to + 1 : to)) }
  })
  return { tasks: [...new Set(steps.flatMap(({ task }) => task ?? []))], steps }
}
