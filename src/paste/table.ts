/** A table of what tasks do at the same time: a column a task, time runs down. */
import { isElision, type Damage, type Line } from './line.ts'

/** One thing that a task does. */
export interface TableStep {
  /** Index of its task. */
  readonly task: number
  readonly text: string
}

export interface Table {
  readonly tasks: readonly string[]
  readonly steps: readonly TableStep[]
}

const TAB = 8
/** How far left of its heading a text may begin that quoting has moved. */
const SLACK = 4
/** A heading stands in the middle of its column as often as at its left: what begins so far right of all that is left of it is a column. */
const APART = 8

const heading = /^(?:CPU|Task|Thread|Process|Proc|Writer|Reader|P|T)\s?#?[\w-]{0,12}(?:\s\([^)]{1,40}\))?:?$/i
const aRule = /^[\s|+=_-]*$/

interface Cell {
  readonly at: number
  readonly text: string
}

function expand(text: string): string {
  let out = ''
  for (const letter of text) out += letter === '\t' ? ' '.repeat(TAB - (out.length % TAB)) : letter
  return out
}

/** What stands apart in a line by two blanks, a tab or a bar, and where. */
function cellsOf(text: string): Cell[] {
  const bars = expand(text).replace(/(^|\s)[|│┃](?=\s|$)/g, (bar) => ' '.repeat(bar.length - 1) + '\n')
  return [...bars.matchAll(/[^\s\n]+(?: [^\s\n]+)*/g)].map((match) => ({ at: match.index, text: match[0] }))
}

/** The headings of a table, where this line is that: two or more names of tasks and nothing else. */
function headings(text: string): Cell[] | null {
  const cells = cellsOf(text)
  return cells.length >= 2 && cells.every((cell) => heading.test(cell.text)) ? cells : null
}

const barAt = (text: string): number => expand(text).search(/(?<=^|\s|[-=+])[|│┃+](?=\s|$|[-=])/)

/** Names that nobody would know for those of tasks are headings where a bar parts them, and parts the lines below at the same column. */
function barred(lines: readonly Line[], at: number): Cell[] | null {
  const text = lines[at]?.text ?? ''
  const cells = cellsOf(text)
  const bar = barAt(text)
  if (cells.length < 2 || bar < 0 || aRule.test(text) || cells.some((cell) => cell.text.length > 40 || !/[a-z]/i.test(cell.text)))
    return null
  const below = lines.slice(at + 1, at + 4).filter((line) => line.text.trim() !== '')
  return below.length >= 2 && below.every((line) => Math.abs(barAt(line.text) - bar) <= 2) ? cells : null
}

/** Index of the line with the headings of a table, or -1. */
export function tableAt(lines: readonly Line[]): number {
  const named = lines.findIndex(({ text }) => headings(text) !== null)
  return named >= 0 ? named : lines.findIndex((_, at) => barred(lines, at) !== null)
}

/** Prose after a table begins after a blank line, with a capital, and ends as a sentence does. */
const isProse = (text: string): boolean =>
  /^[A-Z][\w,'-]*( [\w,'()-]+){3,}.*[.:?!]$/.test(text) || /^[A-Z][a-z]+( [\w,'()-]+){8,}/.test(text)

/** The lines that say something, up to where prose begins. */
function rowsBelow(lines: readonly Line[]): Line[] {
  const rows: Line[] = []
  let blank = false
  for (const line of lines) {
    const { text } = line
    blank ||= text.trim() === ''
    if (text.trim() === '' || aRule.test(text)) continue
    if (blank && isProse(text.trim()) && barAt(text) < 0) break
    blank = false
    rows.push(line)
  }
  return rows
}

/** Where the column of each heading begins, as the lines below show it. */
function columnsOf(heads: readonly Cell[], lines: readonly Line[]): number[] {
  const begins = [...new Set(lines.flatMap(({ text }) => cellsOf(text)[0]?.at ?? []))].sort((a, b) => a - b)
  return heads.map(({ at }, i) => {
    const left = heads[i - 1]
    if (!left) return 0
    const nearer = (left.at + at) / 2
    const apart = begins.find((begin, nth) => begin > nearer && begin < at && begin - (begins[nth - 1] ?? 0) >= APART)
    return Math.min(apart ?? at, at - SLACK)
  })
}

/** What stands in a line under each heading; blanks within a column's text do not divide it. */
function byTask(cells: readonly Cell[], columns: readonly number[]): Map<number, string> {
  const out = new Map<number, string>()
  for (const { at, text } of cells) {
    const task = columns.findLastIndex((column) => column <= at)
    const before = out.get(task)
    out.set(task, before === undefined ? text : `${before} ${text}`)
  }
  return out
}

/** Names of the tasks and what they do, each with its line in the paste, of the table whose headings are in line `at`. */
export function tableSteps(
  lines: readonly Line[],
  at: number,
  damage: Set<Damage>,
): { readonly tasks: string[]; readonly steps: (TableStep & { readonly line: number })[] } {
  const heads = headings(lines[at]?.text ?? '') ?? barred(lines, at) ?? []
  const rows = rowsBelow(lines.slice(at + 1))
  const columns = columnsOf(heads, rows)
  const steps: (TableStep & { readonly line: number })[] = []
  for (const { text, number: line } of rows) {
    if (isElision(text)) {
      damage.add('rows elided')
      continue
    }
    if (text.includes('\t')) damage.add('tabs')
    for (const [task, words] of byTask(cellsOf(text), columns)) {
      // Numbers that a column counts for itself say nothing of the order in time.
      const bare = words.replace(/^\(?\d+[).:]\s+/, '')
      if (!aRule.test(bare)) steps.push({ task, text: bare, line })
    }
  }
  if (lines[at]?.text.includes('\t')) damage.add('tabs')
  return { tasks: heads.map(({ text }) => text.replace(/:$/, '')), steps }
}

/** Reads the table whose headings are in line `at`. */
export function readTable(lines: readonly Line[], at: number, damage: Set<Damage>): Table {
  const { tasks, steps } = tableSteps(lines, at, damage)
  return { tasks, steps: steps.map(({ task, text }) => ({ task, text })) }
}
