import { describe, expect, it } from 'vitest'
import type { FromWorker, RunChoice } from './protocol.ts'
import { handle, type Request } from './serve.ts'

const run: RunChoice = { scenario: 'dio-csum', kernel: '6.1', toggles: [], settings: {}, schedule: { named: 'bug' } }
const maxStates = 100_000

async function asked(request: Request): Promise<FromWorker | undefined> {
  const replies: FromWorker[] = []
  await handle(request, (reply) => replies.push(reply))
  return replies.at(-1)
}

const store = { task: 'G', procedure: 'memset', label: 'store_to_buffer', nth: 1 }
const device = { task: 'a', procedure: 'submit_bio', label: 'dma', nth: 1 }
const checksum = { task: 'A', procedure: 'btrfs_dio_submit_io', label: 'csum_one_bio', nth: 1 }

describe('what is asked of all schedules', () => {
  it('is why, with the run shown in it', { timeout: 60_000 }, async () => {
    const reply = await asked({ kind: 'why', id: 1, run, maxStates })
    expect(reply).toMatchObject({
      kind: 'why',
      id: 1,
      why: { answer: 'some', window: { exact: true, alternatives: [{ inside: store, here: { holds: true } }] } },
    })
  })

  it(
    'is a map whose run goes through cells from which it can still go either way, and a schedule through one',
    { timeout: 60_000 },
    async () => {
      const reply = await asked({ kind: 'map', id: 2, run, tasks: ['A', 'G'], maxStates })
      const map = reply?.kind === 'map' ? reply.map : null
      const cell = map?.path.find(([i, j]) => map.rows[j]?.[i]?.kind === 'possible') ?? [0, 0]
      expect(map?.others).toEqual(expect.arrayContaining(['R', 'a']))
      const through = await asked({ kind: 'through', id: 3, run, tasks: ['A', 'G'], cell, want: 'violating', maxStates })
      expect(through).toMatchObject({ kind: 'through', through: { violates: true } })
    },
  )

  it(
    'is whether a step can come before another: the store before the device reads, the device before the checksum never',
    { timeout: 60_000 },
    async () => {
      const before = await asked({ kind: 'ask', id: 4, run, first: store, second: device, maxStates })
      expect(before).toMatchObject({ kind: 'ask', answer: { answer: 'sometimes', complete: true } })
      const never = await asked({ kind: 'ask', id: 5, run, first: device, second: checksum, maxStates })
      expect(never).toMatchObject({ kind: 'ask', answer: { answer: 'never', before: null } })
    },
  )

  it('is refused in words for a step or a task that is not there', { timeout: 60_000 }, async () => {
    expect(await asked({ kind: 'ask', id: 6, run, first: { ...store, label: 'sleep' }, second: device, maxStates })).toMatchObject({
      kind: 'failed',
      reader: 'input',
      message: 'G never takes the step memset.sleep here; pick a step of the timeline',
    })
    expect(await asked({ kind: 'map', id: 7, run, tasks: ['A', 'Q'], maxStates })).toMatchObject({ kind: 'failed', reader: 'input' })
  })
})
