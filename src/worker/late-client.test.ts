import { expect, it } from 'vitest'
import { fakeClient } from '../testing/client.ts'
import type { Client, Word } from './client.ts'
import { lateClient } from './late-client.ts'

const run = { scenario: 'append-hole', kernel: '6.1', toggles: [], settings: {}, schedule: { named: 'bug' } }

/** A client that comes when it is asked, as often as it is, and fails to come as long as `gone` is true. */
function late() {
  const calls: string[] = []
  const page = { loads: 0, gone: false, calls, say: (_: Word): void => undefined }
  const fake = fakeClient().client
  const real: Client = {
    ...fake,
    trace: (...asked) => (calls.push('trace'), fake.trace(...asked)),
    why: (...asked) => (calls.push('why'), fake.why(...asked)),
    cancelWhy: () => void calls.push('cancel why'),
    onWord: (listener) => void (page.say = listener),
  }
  const client = lateClient(() => {
    page.loads++
    return page.gone ? Promise.reject(new Error('offline')) : Promise.resolve(real)
  })
  return { page, client }
}

it('its program comes with the first question, once, and not for what takes back or listens', async () => {
  const { page, client } = late()
  client.onWord(() => undefined)
  client.leave()
  client.cancelWhy()
  expect(page).toMatchObject({ loads: 0, calls: [] })
  const [first, second] = await Promise.all([client.trace(run), client.trace(run)])
  expect([first.ok, second.ok, page.loads]).toEqual([true, true, 1])
})

it('what is asked and taken back before it has come arrives in that order', async () => {
  const { page, client } = late()
  const why = client.why(run, 1, () => undefined)
  client.cancelWhy()
  await client.trace(run)
  await why
  expect(page.calls).toEqual(['why', 'cancel why', 'trace'])
})

it('words of the workers reach whoever listened before it came', async () => {
  const { page, client } = late()
  const words: Word[] = []
  client.onWord((word) => words.push(word))
  await client.trace(run)
  page.say('silent')
  expect(words).toEqual(['silent'])
})

it('a program that cannot be had is a failure that can be tried again', async () => {
  const { page, client } = late()
  page.gone = true
  expect(await client.trace(run)).toMatchObject({ ok: false, failure: { reader: 'worker' } })
  page.gone = false
  expect(await client.trace(run)).toMatchObject({ ok: true })
  expect(page.loads).toBe(2)
})
