import { describe, expect, it } from 'vitest'
import { createDesk } from './desk.ts'
import type { FromWorker, RunChoice } from './protocol.ts'

const run: RunChoice = { scenario: 'append-hole', kernel: '6.1', toggles: [], settings: {}, schedule: { named: 'bug' } }
/** Some hundred thousand states: seconds of searching. */
const long: RunChoice = { ...run, settings: { appenders: '2' } }
const maxStates = 400_000

/** A desk whose replies can be waited for. */
function desk() {
  /** But for those that only tell how far a search is: how many come depends on the machine. */
  const replies: FromWorker[] = []
  const waiting: { kind: string; go: () => void }[] = []
  const take = createDesk((reply) => {
    if (reply.kind !== 'progress') replies.push(reply)
    for (const one of waiting.splice(0))
      if (one.kind === reply.kind) one.go()
      else waiting.push(one)
  })
  const until = (kind: FromWorker['kind']): Promise<void> =>
    replies.some((reply) => reply.kind === kind) ? Promise.resolve() : new Promise((go) => waiting.push({ kind, go }))
  return { replies, take, until, kinds: () => replies.map(({ kind }) => kind) }
}

describe('the desk of a worker', () => {
  it('answers a step while a search runs, and gives the search up between two of its slices', { timeout: 60_000 }, async () => {
    const { take, until, kinds } = desk()
    take({ kind: 'explore', id: 1, run: long, maxStates })
    await until('progress')
    take({ kind: 'ping', id: 0 })
    take({ kind: 'trace', id: 2, run })
    await until('trace')
    take({ kind: 'cancel', id: 3, ids: [1] })
    await until('cancel')
    expect(kinds()).toEqual(['ping', 'trace', 'cancel'])
  })

  it('lets searches wait for one another, and does not begin one that was taken back', { timeout: 60_000 }, async () => {
    const { take, until, kinds, replies } = desk()
    take({ kind: 'verdict', id: 1, run, maxStates })
    take({ kind: 'explore', id: 2, run: long, maxStates })
    take({ kind: 'cancel', id: 3, ids: [2] })
    take({ kind: 'explore', id: 4, run, maxStates })
    await until('explore')
    expect(kinds()).toEqual(['verdict', 'cancel', 'explore'])
    expect(replies.at(-1)).toMatchObject({ id: 4, document: { complete: true } })
  })

  it('has the verdict of a small system from counting, and says so', { timeout: 60_000 }, async () => {
    const { take, until, replies } = desk()
    const small = { ...run, scenario: 'dio-csum' }
    take({ kind: 'verdict', id: 1, run: small, maxStates })
    take({ kind: 'explore', id: 2, run: small, maxStates })
    await until('explore')
    const [verdict, explore] = replies
    if (verdict?.kind !== 'verdict' || explore?.kind !== 'explore') throw new Error('other replies came')
    const { schedules, violating } = explore.document
    expect(verdict.verdict.counted).toEqual({ schedules, violating })
    expect(verdict.verdict).toMatchObject({ answer: 'some', complete: true })
    const ways = new Set(explore.document.outcomes.map(({ violates }) => violates.length > 0))
    expect(new Set(verdict.verdict.groups.map(({ violates }) => violates.length > 0))).toEqual(ways)
  })
})
