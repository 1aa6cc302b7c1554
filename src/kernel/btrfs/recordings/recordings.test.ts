/**
 * The model beside recordings of real btrfs. What does not agree is written down here, with the mechanism that is missing;
 * the list may only become shorter. A part of the sequences in every run, all of them in the long one. The page "How far to
 * trust this" shows the same numbers: `LONG=1 UPDATE=1 npx vitest run src/kernel/btrfs/recordings` writes them anew.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { compare, levels, playLike, type Level } from '../ops/compare.ts'
import { parseRecord, type Recorded } from '../ops/record.ts'
import { refusalOf } from '../ops/sequence.ts'

const long = process.env['LONG'] === '1'

interface Expected {
  readonly sequences: number
  readonly levels: readonly Level[]
  /** What was recorded, in words. */
  readonly says: string
  /** By sequence: the levels at which the model differs, and the mechanism of the kernel that it lacks. */
  readonly differs: Readonly<Record<string, { readonly levels: readonly Level[]; readonly why: string }>>
  /** Sequences that the model refuses, by what it names. */
  readonly refused: Readonly<Record<string, RegExp>>
}

const states: readonly Level[] = ['ret', 'size', 'data', 'map', 'fiemap', 'items', 'itemsExact']
const numbered = (prefix: string, count: number): string[] =>
  Array.from({ length: count }, (_, i) => `${prefix}${String(i).padStart(3, '0')}`)

const files: Readonly<Record<string, Expected>> = {
  'btrfs-ops': {
    sequences: 200,
    says: 'random sequences of commands on one file, its state after every command',
    levels: [...states, 'final'],
    differs: {},
    refused: {},
  },
  'btrfs-ops-variants': {
    sequences: 110,
    says: 'the same without NO_HOLES, with nodatacow, with compression, and on small files',
    levels: [...states, 'final'],
    differs: {},
    refused: Object.fromEntries(numbered('z', 20).map((id) => [id, /compressed extents/])),
  },
  'btrfs-ops-6.12': {
    sequences: 60,
    says: 'the first sequences again on a kernel that sends direct writes to checksummed files through the page cache',
    levels: [...states, 'final'],
    differs: {},
    refused: {},
  },
  'btrfs-fsync-crash': {
    sequences: 48,
    says: 'sequences with fsync, then a power failure: the log tree on disk, and the file after log replay',
    levels: [...states, 'log', 'after', 'afterItems'],
    differs: {
      c005: {
        levels: ['items', 'itemsExact', 'log', 'afterItems'],
        why: 'a direct write could not drop the pages that it had just written back, and went through the page cache as a whole',
      },
    },
    refused: {},
  },
  'btrfs-found': {
    sequences: 53,
    says: 'sequences that were disputed, each with a power failure, on 6.1.192 and 6.12.117; two of them have two right ends',
    levels: [...states, 'log', 'after', 'afterItems'],
    differs: {},
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
    const scores = compare(record, playLike(record)).levels
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
  return { refused: null, has: expected.levels, differs: expected.differs[id]?.levels ?? [] }
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

/** The numbers that the page shows, from what is written down above; the tests hold that to the model. */
const agreement = Object.entries(files).map(([file, { sequences, says, levels: has, differs, refused }]) => {
  const played = sequences - Object.keys(refused).length
  const disagreeing = (level: Level): number => Object.values(differs).filter((entry) => entry.levels.includes(level)).length
  return {
    file,
    says,
    kernel: recordsOf(file)[0]?.kernel,
    levels: has.map((level) => ({ level, agree: played - disagreeing(level), of: played })),
    differs: Object.entries(differs).map(([id, { levels: at, why }]) => ({ id, levels: at, why })),
    refused: [...new Set(Object.values(refused).map(({ source }) => source))].map((what) => ({
      what,
      sequences: Object.values(refused).filter(({ source }) => source === what).length,
    })),
  }
})

it('is what the page says of it', () => {
  const file = join(import.meta.dirname, '../../../app/trust/agreement.json')
  if (long && process.env['UPDATE'] === '1') writeFileSync(file, `${JSON.stringify(agreement, null, 2)}\n`)
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(agreement)
})
