import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { version } from '../base/version.ts'
import type { Plain } from '../base/plain.ts'
import { brokenPromises, grown, maySeal, promisesFile, published, sumOf, type Rows } from './promises.ts'

const read = (path: string): unknown => JSON.parse(readFileSync(join(import.meta.dirname, '..', path), 'utf8'))

const byKey = <T extends object>(rows: readonly T[], keyOf: (row: T) => string): Rows =>
  Object.fromEntries(rows.map((row) => [keyOf(row), row as unknown as Plain]))

/** Every record of what is published, by its rows. The tests that own them hold each row to what the program does today. */
const records: Readonly<Record<string, Rows>> = {
  'links (src/store/link/corpus.json)': byKey(read('store/link/corpus.json') as { readonly link: string }[], ({ link }) => link),
  'short names (src/store/link/short-names.json)': Object.fromEntries(
    Object.entries(read('store/link/short-names.json') as Record<string, Record<string, string>>).flatMap(([id, names]) =>
      Object.entries(names).map(([short, name]) => [`${id} ${short}`, name]),
    ),
  ),
  'revisions (src/scenarios/revisions.json)': read('scenarios/revisions.json') as Rows,
  'scenes (src/scene/links.json)': byKey(read('scene/links.json') as { readonly packed: string }[], ({ packed }) => packed),
  'steps of scenes (src/own/links.json)': byKey(read('own/links.json') as { readonly packed: string }[], ({ packed }) => packed),
}

const words =
  'This was published: it stands in mails, and there it means what it meant. Put the row back. Where a scenario has to change, raise its revision and write an upgrader (src/store/link/upgrade.ts); tables of the packed links grow at their ends only; the grammar keeps reading what it read.'

let seals = published
if (maySeal) {
  const broken = brokenPromises(published ?? {}, records)
  if (broken.length > 0) throw new Error(`${words}\n${broken.join('\n')}`)
  const sealed = Object.fromEntries(
    Object.entries(records).map(([record, rows]) => [
      record,
      Object.fromEntries(Object.entries(rows).map(([key, row]) => [key, sumOf(row)])),
    ]),
  )
  writeFileSync(promisesFile, `${JSON.stringify(sealed, null, 1)}\n`)
  seals = sealed
}

it('no row that was published is gone or says something else', () => {
  const broken = brokenPromises(seals ?? {}, records)
  expect(broken.length > 0 ? [words, ...broken] : []).toEqual([])
})

it('from 1.0.0 on everything that is recorded is sealed: `npm run seal` before a release', () => {
  if (Number(version.split('.')[0]) < 1) return
  expect(seals).not.toBeNull()
  const missing = Object.entries(records).flatMap(([record, rows]) =>
    Object.keys(rows).filter((key) => seals?.[record]?.[key] === undefined),
  )
  expect(missing).toEqual([])
})

it('a row that is removed or changed is named, and one that is added is not', () => {
  const seals = { links: { a: sumOf('one'), b: sumOf('two') } }
  expect(brokenPromises(seals, { links: { a: 'one', b: 'two', c: 'three' } })).toEqual([])
  expect(brokenPromises(seals, { links: { a: 'other', c: 'three' } })).toEqual(['links: a says something else', 'links: b is gone'])
  expect(brokenPromises(seals, {})).toEqual(['links: a is gone', 'links: b is gone'])
})

it('what is published is written as it was, and new rows come behind it; before that all is made anew', () => {
  const keyOf = ({ key }: { readonly key: string }): string => key
  const [before, now] = [
    [{ key: 'a', says: 1 }],
    [
      { key: 'b', says: 2 },
      { key: 'a', says: 3 },
    ],
  ]
  expect(grown(before, now, keyOf, {})).toEqual([
    { key: 'a', says: 1 },
    { key: 'b', says: 2 },
  ])
  expect(grown(before, now, keyOf, null)).toEqual(now)
})
