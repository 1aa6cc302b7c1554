import { parse } from '../link/link.ts'
import { describe, expect, it } from 'vitest'
import { cards } from '../../testing/cards.ts'
import { fakeClient } from '../../testing/client.ts'
import { searchKey } from '../place/place.ts'
import type { VerdictView } from '../../worker/protocol.ts'
import { mapKey, stepRef, whyKey } from './asked.ts'
import { createLockstep } from '../store.ts'
import type { Known } from './asking.ts'

const settled = (): Promise<void> => new Promise((done) => setTimeout(done))

async function open(workedOut: Known | null = null) {
  const bar: string[] = []
  const fake = fakeClient()
  const address = { push: (_: string, segments: string) => void bar.push(segments), replace: () => undefined }
  const { store, actions } = createLockstep({ client: fake.client, cards: [...cards], address, parse, workedOut })
  actions.open('#/append-hole/r1/4', null)
  await settled()
  const place = () => {
    const now = store.getState().place
    if (!now) throw new Error('the page shows nothing')
    return now
  }
  return { ...fake, bar, actions, place, asking: () => store.getState().asking, trace: () => store.getState().trace }
}

describe('asking all schedules', () => {
  it('the reason for a run is asked for once, at whatever step one looks', async () => {
    const page = await open()
    await page.actions.findWhy()
    page.actions.seek(6)
    await settled()
    await page.actions.findWhy()
    expect(page.asked.filter((what) => what === 'why')).toHaveLength(1)
    expect(page.asking().whys[whyKey(page.place())]?.answer).toBe('never')
    expect(page.asking().searching).toBeNull()
  })

  it('whether it can go wrong is asked before why, once for all schedules of a kernel; another kernel is a question of its own', async () => {
    const page = await open()
    Object.assign(page.client, { leave: () => void page.asked.push('leave') })
    await page.actions.findWhy()
    page.actions.setSchedule({ choices: 'A3' })
    await settled()
    await page.actions.findWhy()
    page.actions.setKernel('6.4')
    await settled()
    await page.actions.findWhy()
    const about = page.asked.filter((what) => ['verdict', 'why', 'leave'].includes(what))
    expect(about).toEqual(['verdict', 'why', 'why', 'leave', 'verdict', 'why'])
    expect(Object.keys(page.asking().verdicts)).toHaveLength(2)
  })

  it('a verdict that was worked out before is not asked for, and the reasons are', async () => {
    const verdict = { answer: 'never', groups: [] } as unknown as VerdictView
    const page = await open((place) => Promise.resolve(place.kernel === '6.4' ? verdict : null))
    await page.actions.findWhy()
    page.actions.setKernel('6.4')
    await settled()
    await page.actions.findWhy()
    expect(page.asked.filter((what) => ['verdict', 'why'].includes(what))).toEqual(['verdict', 'why', 'why'])
    expect(page.asking().verdicts[searchKey(page.place())]).toBe(verdict)
  })

  it('a verdict that was worked out before is there with the run, before anybody asks for reasons', async () => {
    const verdict = { answer: 'never', groups: [] } as unknown as VerdictView
    const page = await open(() => Promise.resolve(verdict))
    expect(page.asking().verdicts[searchKey(page.place())]).toBe(verdict)
    expect(page.asked).toEqual(['trace'])
  })

  it('reasons do not wait for a verdict that is on its way', async () => {
    let come: (verdict: VerdictView | null) => void = () => undefined
    const page = await open(() => new Promise((settle) => (come = settle)))
    await page.actions.findWhy()
    expect(page.asked).toEqual(['trace', 'verdict', 'why'])
    come({ answer: 'never', groups: [] } as unknown as VerdictView)
    await settled()
    expect(page.asking().verdicts[searchKey(page.place())]?.answer).toBe('never')
  })

  it('a verdict that a bound has stopped is asked for again when the count has gone further', async () => {
    const stopped = { answer: 'unknown', complete: false, groups: [] } as unknown as VerdictView
    const page = await open(() => Promise.resolve(stopped))
    await page.actions.findWhy()
    expect(page.asked.filter((what) => ['verdict', 'why'].includes(what))).toEqual(['why', 'verdict'])
    await settled()
    expect(page.asking().verdicts[searchKey(page.place())]).toMatchObject({ complete: true })
  })

  it('counting goes on where the search for reasons stands: that one is taken back, and asked again of what was found', async () => {
    const page = await open()
    const places: string[] = []
    let cancel: (answer: unknown) => void = () => undefined
    Object.assign(page.client, {
      why: () => {
        places.push('why')
        return new Promise((settle) => (cancel = settle))
      },
      explore: async () => {
        places.push('explore')
        await settled()
        return { ok: true, value: { states: 3 } }
      },
      cancelWhy: () => {
        places.push('cancel why')
        cancel({ ok: false, failure: { reader: 'cancelled', message: 'The search was cancelled.' } })
      },
    })
    void page.actions.findWhy()
    await page.actions.explore()
    // Counting is asked for first, so that the worker is not idle in between and keeps what it has visited.
    expect(places).toEqual(['why', 'explore', 'cancel why', 'why'])
  })

  it('a map is kept by its two tasks and its kernel', async () => {
    const page = await open()
    const pair = ['A', 'B'] as const
    await page.actions.drawMap(page.place(), pair)
    await page.actions.drawMap(page.place(), pair)
    expect(page.asked.filter((what) => what === 'map')).toHaveLength(1)
    expect(page.asking().maps[mapKey(page.place(), page.place(), pair)]?.across.task).toBe('A')
    expect(page.asking().maps[mapKey(page.place(), page.place(), ['B', 'A'])]).toBeUndefined()
  })

  it('a map that another search has ended is asked for again while it is looked at', async () => {
    const page = await open()
    const pair = ['A', 'B'] as const
    const { map } = page.client
    let ended = 0
    Object.assign(page.client, {
      map: (...asked: Parameters<typeof map>) =>
        ended++ < 2
          ? Promise.resolve({ ok: false, failure: { reader: 'cancelled', message: 'The question was taken back.' } })
          : map(...asked),
    })
    await page.actions.drawMap(page.place(), pair)
    expect([ended, page.asking().maps[mapKey(page.place(), page.place(), pair)]?.across.task]).toEqual([3, 'A'])
  })

  it('the second marked step makes a question, the same one again none', async () => {
    const page = await open()
    const trace = page.trace()
    const [first, second] = trace ? [stepRef(trace, 1), stepRef(trace, 4)] : []
    if (!first || !second) throw new Error('the run has no such steps')
    await page.actions.mark(first)
    await page.actions.mark(first)
    expect(page.asking()).toMatchObject({ marked: null, question: null })
    await page.actions.mark(first)
    await page.actions.mark(second)
    expect(page.asking()).toMatchObject({ marked: null, question: { first, second, answer: { answer: 'never' } } })
    page.actions.unmark()
    expect(page.asking().question).toBeNull()
  })

  it('the map is in the link, and left again at the same step', async () => {
    const page = await open()
    page.actions.map()
    page.actions.map()
    expect(page.bar).toEqual(['r1/4/vm', 'r1/4'])
  })
})
