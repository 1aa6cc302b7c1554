import { expect, it } from 'vitest'
import { catalog } from './catalog.ts'
import { flip, type Switch } from './switches.ts'

const card = catalog.find(({ id }) => id === 'append-relapse')
const needed = ['66ff4d366e7e', 'ff66fe666233']

/** What the model says of the patches when `on` are on, none of which the release has. */
const patches = (on: readonly string[]): Switch[] =>
  (card?.patches ?? []).map(({ id }) => ({
    id,
    name: id,
    subject: '',
    kind: 'fix',
    on: on.includes(id),
    shipped: false,
    consulted: true,
    refusal: null,
  }))

it('flipped twice a fix is as before: what came along with it goes, what the reader chose stays', () => {
  if (!card) throw new Error('there is no such card')
  expect(card.patches.find(({ id }) => id === card.fix)?.needs).toEqual(['ff66fe666233'])
  expect(flip(patches([]), [], card, card.fix)).toEqual([card.fix])
  expect(flip(patches([card.fix, ...needed]), [card.fix], card, card.fix)).toEqual([])
  expect(flip(patches([card.fix, ...needed]), [card.fix, '66ff4d366e7e'], card, card.fix)).toEqual(['66ff4d366e7e'])
  // Without what it needs the fix cannot stay.
  expect(flip(patches([card.fix, ...needed]), [card.fix], card, 'ff66fe666233')).toEqual([])
})
