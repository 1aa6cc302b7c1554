import { expect, it } from 'vitest'
import type { FromWorker, RunChoice } from './protocol.ts'
import { handle } from './serve.ts'

async function ask(request: Parameters<typeof handle>[0]): Promise<FromWorker> {
  const replies: FromWorker[] = []
  await handle(request, (reply) => replies.push(reply))
  const last = replies.at(-1)
  if (!last) throw new Error('no reply')
  return last
}

it('the answer to a switched patch brings the run that would be asked for next, the very same, and to who compares the one beside it', async () => {
  const from: RunChoice = { scenario: 'append-hole', kernel: '6.1', toggles: [], settings: {}, schedule: { named: 'bug' } }
  const to = { kernel: '6.1', toggles: ['939b656bc8ab'], settings: {} }
  for (const schedule of [from.schedule, { choices: 'A5' }]) {
    const carried = await ask({ kind: 'carry', id: 1, from: { ...from, schedule }, step: 5, to, compared: true })
    if (carried.kind !== 'carry') throw new Error(carried.kind)
    const asked = await ask({ kind: 'trace', id: 2, run: { ...from, ...to, schedule: carried.schedule } })
    expect(asked).toEqual({ kind: 'trace', id: 2, trace: carried.trace })
    const right = { kernel: '6.1', toggles: [] }
    expect(carried.beside?.right).toEqual(right)
    const compared = await ask({ kind: 'compare', id: 3, left: { ...from, ...to, schedule: carried.schedule }, right })
    expect(compared).toEqual({ kind: 'compare', id: 3, compare: carried.beside?.compare })
  }
})
