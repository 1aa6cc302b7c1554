/**
 * What has been published is kept. Each record (links, short names, revisions, scenes) is a file of rows that its test owns; `promises.json`
 * has every row that a release was made with, by its key, with a sum of what it says. While there is no such file nothing has been published,
 * and `npm run generate` makes each record anew; from then on it only adds rows. `npm run seal` writes it.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { hash } from '../base/hash.ts'
import { canonical, type Plain } from '../base/plain.ts'

/** Rows of a record by their keys. */
export type Rows = Readonly<Record<string, Plain>>

/** By record, by key: the sum of the row. */
type Seals = Readonly<Record<string, Readonly<Record<string, string>>>>

export const promisesFile = join(import.meta.dirname, 'promises.json')

/** What was published; null = nothing yet. */
export const published: Seals | null = existsSync(promisesFile) ? (JSON.parse(readFileSync(promisesFile, 'utf8')) as Seals) : null

export const sumOf = (row: Plain): string => hash(canonical(row))

/** Rows of a release that are gone or say something else now, by record and key. */
export const brokenPromises = (seals: Seals, records: Readonly<Record<string, Rows>>): string[] =>
  Object.entries(seals).flatMap(([record, rows]) =>
    Object.entries(rows).flatMap(([key, sum]) => {
      const row = records[record]?.[key]
      return row === undefined ? [`${record}: ${key} is gone`] : sumOf(row) === sum ? [] : [`${record}: ${key} says something else`]
    }),
  )

/** What a record becomes: made anew until something is published, then only longer. */
export function grown<T>(
  before: readonly T[],
  now: readonly T[],
  keyOf: (row: T) => string,
  seals: Seals | null = published,
): readonly T[] {
  if (seals === null) return now
  const known = new Set(before.map(keyOf))
  return [...before, ...now.filter((row) => !known.has(keyOf(row)))]
}

/** Is this run of the tests allowed to write the records (`npm run generate`), or to seal them (`npm run seal`)? */
export const mayWrite = process.env['UPDATE'] === '1'
export const maySeal = process.env['UPDATE'] === 'seal'
