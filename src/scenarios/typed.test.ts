/** What a scenario may not get wrong does not compile: `npm run types` is what runs these. */
import { expect, it } from 'vitest'
import type { SettingsOf } from './card.ts'
import type { card } from './append-hole/card.ts'

/** As every stage has them. */
const settings: SettingsOf<typeof card> = {
  buffer: 'shared',
  resident: '4',
  appenders: '1',
  resident2: '0',
  before: '64K',
  length: '1M',
  open: 'dsync',
  align: 'page',
  touch: 'off',
  space: 'some',
  truncate: 'off',
}

it('knows the settings of its card by name and value', () => {
  // @ts-expect-error: the card has no setting of this name
  expect(settings.residents).toBeUndefined()
  // @ts-expect-error: the setting cannot be this
  expect(settings.open === 'nowait').toBe(false)
  // @ts-expect-error: a value that the card does not have
  expect(({ ...settings, length: '2M' } satisfies SettingsOf<typeof card>).length).toBe('2M')
})
