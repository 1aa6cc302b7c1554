import { expect, it } from 'vitest'
import { scalesOf } from './scales.ts'

const setting = (
  name: string,
  values: readonly string[],
  usual: string,
): { name: string; values: readonly string[]; default: string; label: string; says: string } => ({
  name,
  values,
  default: usual,
  label: '',
  says: '',
})

it('counts each setting up from its default, leaving the others as they are', () => {
  const settings = [setting('appenders', ['1', '2', '3'], '1'), setting('open', ['a', 'b'], 'a'), setting('extents', ['1', '2', '3'], '2')]
  expect(scalesOf({ id: 'x', settings })).toEqual([
    { settings: {}, from: null },
    { settings: { appenders: '2' }, from: {} },
    { settings: { appenders: '3' }, from: { appenders: '2' } },
    { settings: { extents: '3' }, from: {} },
  ])
})
