/**
 * A short name that stands in a mail may not come to mean something else: names can be added, none can change. Before they are published
 * the record is made anew by `npm run generate` (see src/testing/promises.ts).
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { catalog } from '../../scenarios/catalog.ts'
import type { Card } from '../../scenarios/card.ts'
import { mayWrite, published } from '../../testing/promises.ts'
import { shortNamesOf } from './short-names.ts'

type Record = Readonly<{ [scenario: string]: Readonly<{ [short: string]: string }> }>

/** `~9` for a patch, `n9` for a schedule, `or` for a setting, `or.a` for a value; a kernel loses its dots by a rule that needs no record. */
function short(card: Card): Record[string] {
  const { patches, schedules, settings, values } = shortNamesOf(card)
  const all = [
    ...[...patches].map(([name, one]) => [`~${one}`, name] as const),
    ...[...schedules].map(([name, one]) => [`n${one}`, name] as const),
    ...[...settings].map(([name, one]) => [`o${one}`, name] as const),
    ...[...values].flatMap(([name, of]) => [...of].map(([value, one]) => [`o${settings.get(name) ?? ''}.${one}`, value] as const)),
  ]
  return Object.fromEntries(all.filter(([one, name]) => !one.endsWith(`.${name}`)))
}

const file = join(import.meta.dirname, 'short-names.json')
const now: Record = Object.fromEntries(catalog.map((card) => [card.id, short(card)]))
const read = (): Record => (existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Record) : {})
if (mayWrite) {
  const before = read()
  // Published names stay; what a card has more comes in.
  const kept = published === null ? now : Object.fromEntries(Object.entries(now).map(([id, names]) => [id, { ...names, ...before[id] }]))
  writeFileSync(file, `${JSON.stringify(kept, null, 1)}\n`)
}
const recorded = read()

it.each(catalog)('the short names of $id mean what they meant; what is added to a card comes at the end of its list', ({ id }) => {
  expect(now[id]).toEqual(recorded[id])
})

it('a name that is added at the end changes no other', () => {
  for (const card of catalog) {
    const more: Card = {
      ...card,
      patches: [...card.patches, { id: 'aaaaaaaaaaaa', name: 'aaaaaaaaaaaa', subject: '', kind: 'fix', needs: [], excludes: [] }],
      schedules: [...card.schedules, { name: 'another', says: '' }],
      settings: [...card.settings, { name: 'another', label: '', values: ['ab', 'abc'], default: 'ab', says: '' }].map((setting) => ({
        ...setting,
        values: [...setting.values, 'another'],
      })),
    }
    expect(short(more)).toMatchObject(short(card) ?? {})
  }
})
