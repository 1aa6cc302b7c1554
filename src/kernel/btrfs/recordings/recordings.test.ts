/**
 * The model beside recordings of real btrfs. What does not agree is written down here, with the mechanism that is missing;
 * the list may only become shorter. A part of the sequences in every run, all of them in the long one.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { compare, levels, type Level } from '../ops/compare.ts'
import { parseRecord, type Recorded } from '../ops/record.ts'
import { play, refusalOf } from '../ops/sequence.ts'

const long = process.env['LONG'] === '1'

interface Expected {
  readonly sequences: number
  readonly levels: readonly Level[]
  /** By sequence: the levels at which the model differs. */
  readonly differs: Readonly<Record<string, readonly Level[]>>
  /** Sequences that the model refuses, by what it names. */
  readonly refused: Readonly<Record<string, RegExp>>
}

const states: readonly Level[] = ['ret', 'size', 'data', 'map', 'fiemap', 'items', 'itemsExact']
const numbered = (prefix: string, count: number): string[] =>
  Array.from({ length: count }, (_, i) => `${prefix}${String(i).padStart(3, '0')}`)

const files: Readonly<Record<string, Expected>> = {
  'btrfs-ops': { sequences: 200, levels: [...states, 'final'], differs: {}, refused: {} },
  'btrfs-ops-variants': {
    sequences: 110,
    levels: [...states, 'final'],
    differs: {},
    refused: Object.fromEntries(numbered('z', 20).map((id) => [id, /compressed extents/])),
  },
  'btrfs-ops-6.12': {
    sequences: 60,
    levels: [...states, 'final'],
    // The kernel committed by itself before the last syncfs, so freed space was used again.
    differs: { o042: ['final'] },
    refused: {},
  },
  'btrfs-fsync-crash': {
    sequences: 48,
    levels: [...states, 'log', 'after', 'afterItems'],
    // A direct write could not drop the pages that it had just written back, and went through the page cache as a whole.
    differs: { c005: ['items', 'itemsExact', 'log', 'afterItems'] },
    refused: {},
  },
}

const recordsOf = (file: string): Recorded[] =>
  gunzipSync(readFileSync(join(import.meta.dirname, `${file}.jsonl.gz`)))
    .toString()
    .trimEnd()
    .split('\n')
    .map(parseRecord)

/** What the model makes of a record: it refuses, or differs at some of the levels that the record has. */
interface Judged {
  readonly refused: string | null
  readonly has: readonly Level[]
  readonly differs: readonly Level[]
}

function judge(record: Recorded): Judged {
  try {
    const scores = compare(record, play(record)).levels
    const has = levels.filter((level) => scores[level])
    return { refused: null, has, differs: has.filter((level) => scores[level]?.sequences[0] === 0) }
  } catch (error) {
    const refused = refusalOf(error)
    if (refused === null) throw error
    return { refused, has: [], differs: [] }
  }
}

/** What is written down of a record, in the same form; a refusal counts by what it names. */
function writtenDown(expected: Expected, id: string, judged: Judged): Judged {
  const refusal = expected.refused[id]
  if (refusal)
    return { refused: judged.refused !== null && refusal.test(judged.refused) ? judged.refused : String(refusal), has: [], differs: [] }
  return { refused: null, has: expected.levels, differs: expected.differs[id] ?? [] }
}

describe.each(Object.entries(files))('%s', (file, expected) => {
  const records = recordsOf(file)

  it('is whole', () => expect(records.length).toBe(expected.sequences))

  it('agrees with the model but where it is written down', { timeout: 300_000 }, () => {
    // Those that are known to differ come along in every run.
    const chosen = records.filter(({ id }, i) => long || i % 5 === 0 || expected.differs[id])
    for (const record of chosen) {
      const judged = judge(record)
      expect({ id: record.id, ...judged }).toEqual({ id: record.id, ...writtenDown(expected, record.id, judged) })
    }
  })
})
