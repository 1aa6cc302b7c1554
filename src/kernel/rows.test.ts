/**
 * Every row of the step tables in facts/*.md is a step of the model, or a README says why it is none. The tables
 * themselves are read, so a row that is added to one of them has to be accounted for.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { fileSystems } from './systems.ts'

/** The sections whose step tables the model follows, by document. */
const followed = {
  'direct-io': ['A.3', 'A.4', 'A.8', 'A.9', 'B.3', 'B.4', 'C.3', 'C.4', '6.1'],
  'fsync-log-tree': ['3.1', '3.2', '3.3', '3.4', '3.6', '3.7', '3.9', '3.10', '6.1', '6.2'],
  'bcachefs-buffered-write': ['3.1', '3.2', '3.3'],
  'page-cache': ['1', '2'],
  ext4: ['1.4', '1.5', '3.2', '3.7', '3.8', '3.9'],
}
const documents = Object.keys(followed)

interface Section {
  /** The rows of its step tables: `A18b`; one without an id of its own is `row 4`. */
  readonly rows: string[]
  readonly text: string[]
}

/** The ids in a first cell: `A2 relock:` is A2, `L8/L9` and `A4-error, A18` are two each; null where there are none. */
function idsIn(cell: string): readonly string[] | null {
  const ids = cell
    .replace(/[`*]/g, '')
    .split(/[,/]/)
    .map((part) => /^\s*([A-Z]\d+[\w'-]*|GL)( .*)?$/.exec(part)?.[1])
  return ids.every((id) => id !== undefined) ? ids : null
}

/** A document's sections by number: `A.3`, `6.1`. */
function sectionsOf(document: string): Map<string, Section> {
  const sections = new Map<string, Section>()
  let section: Section = { rows: [], text: [] }
  let table: 'none' | 'steps' | 'other' = 'none'
  let n = 0
  for (const line of readFileSync(join(import.meta.dirname, 'facts', `${document}.md`), 'utf8').split('\n')) {
    const heading = /^#{2,4} ([A-Z]\.\d+|\d+(?:\.\d+)?)\.? /.exec(line)
    if (heading) {
      section = { rows: [], text: [] }
      sections.set(heading[1] ?? '', section)
      n = 0
    }
    section.text.push(line)
    const cell = /^\|([^|]*)\|/.exec(line)?.[1]?.trim()
    if (cell === undefined) table = 'none'
    else if (table === 'none') table = /^(step|#|who)$/i.test(cell) ? 'steps' : 'other'
    // Dashes are the rule under the header, or the stretch between two steps, which is no step.
    else if (table === 'steps' && !/^-+$/.test(cell)) {
      n++
      section.rows.push(...(idsIn(cell) ?? [`row ${n}`]))
    }
  }
  return sections
}

const facts = new Map(documents.map((document) => [document, sectionsOf(document)]))

/** Where the facts have no table, a step cites kernel code: `v6.1 btrfs_setsize()`. */
const citesCode = (part: string): boolean => /^v\d+\.\d+ \w+\(\)$/.test(part) || part === 'return to user space'

/** `direct-io A.3 A5, A6; A.9 A7b` one by one, each with its document: `direct-io A.3 A5`. */
function references(text: string): string[] {
  let document = ''
  return text
    .split('; ')
    .filter((part) => !citesCode(part))
    .flatMap((part) => {
      const words = part.split(' ')
      if (documents.includes(words[0] ?? '')) document = words.shift() ?? ''
      const section = `${document} ${words.shift()}`
      if (words.length === 0) return [section]
      return words
        .join(' ')
        .split(', ')
        .map((id) => `${section} ${id}`)
    })
}

/** Is there such a section, row of its tables, item of its list, variant (`V1`) or actor (`F`)? */
function exists(reference: string): boolean {
  const [document = '', number = '', ...rest] = reference.split(' ')
  const section = facts.get(document)?.get(number)
  const id = rest.join(' ')
  if (!section || id === '') return section !== undefined
  const begins = [`${id.replace(/^item /, '')}. `, `**${id} `, `| ${id} |`]
  return section.rows.includes(id) || section.text.some((line) => begins.some((begin) => line.startsWith(begin)))
}

const steps = fileSystems
  .flatMap(({ procedures }) => procedures)
  .flatMap(({ name, rows }) => rows.flatMap((row) => (row.kind === 'step' ? [{ step: `${name}.${row.label}`, row: row.row }] : [])))
const rowsOfSteps = new Set(steps.flatMap(({ row }) => references(row)))

/** The tables of the READMEs: rows, what became of them, why nothing is lost. */
const excuses = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('README.md'))
  .flatMap((path) => readFileSync(join(import.meta.dirname, path), 'utf8').split('\n'))
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .filter(([, rows = '']) => documents.some((document) => rows.startsWith(`${document} `)))
  .map(([, rows = '', became = '', why = '']) => ({ rows, became, why }))
const rowsOfReadmes = excuses.flatMap(({ rows }) => references(rows))

describe('the step tables of the facts', () => {
  const rows = Object.entries(followed).flatMap(([document, numbers]) =>
    numbers.flatMap((number) => (facts.get(document)?.get(number)?.rows ?? []).map((id) => `${document} ${number} ${id}`)),
  )

  it('are read whole: 29 rows of the buggy direct write, 22 of fsync, 13 of writeback and completion', () => {
    const count = (prefix: string): number => rows.filter((row) => row.startsWith(`${prefix} `)).length
    // A1..A24 with A18b, A23b, A23c, F1, F2; A0..A20 with A5 twice; F1..F4 and W0..W8.
    expect([count('direct-io A.3'), count('fsync-log-tree 3.1'), count('fsync-log-tree 3.7')]).toEqual([29, 22, 13])
  })

  it('have no row that is neither a step nor excused in a README', () => {
    expect(rows.filter((row) => !rowsOfSteps.has(row) && !rowsOfReadmes.includes(row))).toEqual([])
  })

  it('have no row that is a step and excused as well', () => {
    expect(rowsOfReadmes.filter((row) => rowsOfSteps.has(row))).toEqual([])
  })

  it('have every row that a README excuses, once', () => {
    expect(rowsOfReadmes.filter((row, i) => !exists(row) || rowsOfReadmes.indexOf(row) !== i)).toEqual([])
    expect(excuses.filter(({ became, why }) => !['merged', 'left out', 'not modelled yet'].includes(became) || why === '')).toEqual([])
  })

  it('have every row that a step names; a step for which they have none cites a function of a release', () => {
    const named = steps.flatMap(({ step, row }) => references(row).map((reference) => ({ step, reference })))
    expect(named.filter(({ reference }) => !exists(reference))).toEqual([])
  })
})
