import { parse } from './link/link.ts'
import { describe, expect, it, vi } from 'vitest'
import { appendCard, cards } from '../testing/cards.ts'
import { fakeClient } from '../testing/client.ts'
import { traceOf } from '../testing/trace.ts'
import type { Failure } from '../worker/client.ts'
import { allPictures, changedAt, picturesAt } from './run/frames.ts'
import { home, runOf, searchKey } from './place/place.ts'
import { createLockstep } from './store.ts'

const settled = (): Promise<void> => new Promise((done) => setTimeout(done))

/** A page with an address bar made of a list. */
function open(failing: Failure | null = null) {
  const bar: string[] = []
  const fake = fakeClient(failing)
  const { store, actions } = createLockstep({
    client: fake.client,
    parse,
    cards: [...cards],
    address: {
      push: (scenario, segments) => void bar.push(`${scenario}/${segments}`),
      replace: (scenario, segments) => void bar.splice(-1, 1, `${scenario}/${segments}`),
    },
  })
  return { ...fake, bar, store, actions, get: store.getState, step: () => store.getState().place?.step }
}

describe('a link that is opened', () => {
  it('shows its step and leaves the address alone until the reader moves', async () => {
    const page = open()
    page.actions.open('#/append-hole/r1/4', null)
    await settled()
    expect(page.step()).toBe(4)
    expect(page.get().trace?.steps).toHaveLength(11)
    expect(page.bar).toEqual([])
    page.actions.next()
    expect(page.bar).toEqual(['append-hole/r1/8'])
  })

  it('to the run that the page has brought along asks the model for nothing, and whether it can go wrong not either; to another run it does', async () => {
    const run = runOf(home(appendCard))
    const fake = fakeClient()
    const answer = await fakeClient().client.verdict(run, 1, () => undefined)
    if (!answer.ok) throw new Error('no verdict')
    const verdict = answer.value
    const { store, actions } = createLockstep({
      client: fake.client,
      parse,
      cards: [...cards],
      address: { push: () => undefined, replace: () => undefined },
      known: { run, trace: traceOf(run), verdict },
    })
    actions.open('#/append-hole/r1/4', null)
    expect(store.getState().trace?.steps).toHaveLength(11)
    expect(store.getState().asking.verdicts[searchKey(run)]).toBe(verdict)
    expect(fake.asked).toEqual([])
    await actions.findWhy()
    expect(fake.asked).toEqual(['why'])
    actions.open('#/append-hole/r1/sA2/2', null)
    expect(fake.asked).toEqual(['why', 'trace'])
  })

  it('to the home page is none to a scenario, whatever the home page is asked for', () => {
    const page = open()
    for (const fragment of ['', '#/', '#/?fs=btrfs&q=truncate%20mmap', '?by=fs']) {
      page.actions.open(fragment, null)
      expect(page.get()).toMatchObject({ place: null, problem: null })
    }
    page.actions.open('#//?fs=btrfs', null)
    expect(page.get().problem).not.toBeNull()
  })

  it('beyond the end of its run is refused with the end as the nearest thing', async () => {
    const page = open()
    page.actions.open('#/append-hole/r1/99', null)
    await settled()
    expect(page.get().place).toBeNull()
    expect(page.get().problem?.says).toBe('The link asks for step 99, but this run ends after step 11.')
    expect(page.get().problem?.nearest?.step).toBe(11)
  })

  it('with choices that cannot run is refused in the words of the model', async () => {
    const page = open()
    page.actions.open('#/append-hole/r1/sA50/12', null)
    await settled()
    expect(page.get().problem?.says).toMatch(/^This schedule cannot run A has finished/)
    expect(page.get().problem?.nearest).toMatchObject({ schedule: { choices: 'A11' }, step: 11 })
  })

  it('goes to the nearest thing on one click', async () => {
    const page = open()
    page.actions.open('#/append-hole/r1/3=3D', null)
    const nearest = page.get().problem?.nearest
    if (nearest) page.actions.visit(nearest)
    await settled()
    expect(page.get()).toMatchObject({ problem: null, place: { step: 3 } })
    expect(page.bar).toEqual(['append-hole/r1/3'])
  })

  it('of a model that fails shows the sentence and can be tried again', async () => {
    const page = open({ reader: 'worker', message: 'The model stopped working.' })
    page.actions.open('#/append-hole/r1', null)
    await settled()
    expect(page.get().failure?.message).toBe('The model stopped working.')
    // No picture of a run that was shown before stands below the sentence.
    expect(page.get()).toMatchObject({ trace: null, compare: null, busy: false, place: { scenario: 'append-hole' } })
    page.actions.retry()
    await settled()
    expect(page.asked).toEqual(['trace', 'trace'])
  })
})

describe('walking', () => {
  it('goes by beats or by steps, and a held key makes no history', async () => {
    const page = open()
    page.actions.open('#/append-hole', null)
    await settled()
    page.actions.next()
    expect(page.step()).toBe(4)
    page.actions.next()
    expect(page.step()).toBe(8)
    page.actions.previous()
    expect(page.step()).toBe(4)
    page.actions.setLevel('all')
    page.actions.next()
    page.actions.next(true)
    page.actions.next(true)
    expect(page.step()).toBe(7)
    expect(page.bar.at(-1)).toBe('append-hole/r1/7')
    expect(page.bar).toHaveLength(4)
    page.actions.last()
    page.actions.next()
    expect(page.step()).toBe(11)
    page.actions.first()
    page.actions.previous()
    expect(page.step()).toBe(0)
  })

  it('stops where an oracle objects for the first time, though no beat is there', async () => {
    const page = open()
    page.actions.open('#/append-hole/r1/8', null)
    await settled()
    page.actions.next()
    expect(page.step()).toBe(10)
    expect(page.get().trace?.beats.map(({ step }) => step)).not.toContain(10)
  })

  it('asks the model once, and not again on the way back', async () => {
    const page = open()
    page.actions.open('#/append-hole/r1', null)
    await settled()
    page.actions.last()
    page.actions.open('#/append-hole/r1', null)
    await settled()
    expect(page.asked).toEqual(['trace'])
    expect(page.step()).toBe(0)
  })

  it('plays to the end and stops, or starts over', async () => {
    const page = open()
    page.actions.open('#/append-hole/r1', null)
    await settled()
    page.actions.play()
    for (let i = 0; i < 5; i++) page.actions.tick()
    expect(page.get()).toMatchObject({ playing: false, place: { step: 11 } })
    page.actions.setLoop(true)
    page.actions.play()
    for (let i = 0; i < 5; i++) page.actions.tick()
    expect(page.get()).toMatchObject({ playing: true, place: { step: 0 } })
    expect(page.bar).toHaveLength(1)
  })
})

describe('a switch', () => {
  it('keeps the place and says when it cannot', async () => {
    const page = open()
    page.actions.open('#/append-hole/r1/11', null)
    await settled()
    page.actions.toggleFix()
    await settled()
    expect(page.get()).toMatchObject({ says: 'step 11 has no counterpart', place: { step: 9, toggles: ['939b656bc8ab'] } })
    expect(page.bar).toEqual(['append-hole/r1/k6.1~939b656/9'])
    page.actions.toggleFix()
    await settled()
    expect(page.get()).toMatchObject({ says: null, place: { step: 9, toggles: [] } })
  })

  it('is one trip to the model: the answer brings the run in which the step is', async () => {
    const page = open()
    page.actions.open('#/append-hole/r1/3', null)
    await settled()
    const before = page.asked.length
    page.actions.toggleFix()
    await settled()
    expect(page.asked.slice(before)).toEqual(['carry'])
    expect(page.get()).toMatchObject({ busy: false, place: { toggles: ['939b656bc8ab'] } })
  })

  it('off takes along the patches that need the one switched off', async () => {
    const page = open()
    page.actions.open('#/append-hole/r1/k6.1~939b656~cd9253c', null)
    await settled()
    page.actions.togglePatch('939b656bc8ab')
    await settled()
    expect(page.get().place?.toggles).toEqual([])
  })

  it('to a default leaves the link', async () => {
    const page = open()
    page.actions.open('#/append-hole/r1', null)
    await settled()
    page.actions.setSetting('resident', '4')
    await settled()
    page.actions.setSetting('resident', '0')
    await settled()
    page.actions.setSetting('resident', '5')
    await settled()
    expect(page.bar).toEqual(['append-hole/r1/oresident-4', 'append-hole/r1'])
  })
})

describe('the plug', () => {
  it('is pulled at every step that is walked to, is part of the link, and is put back', async () => {
    const page = open()
    page.actions.open('#/append-hole/r1/4', null)
    await settled()
    page.actions.pullPlug()
    await settled()
    expect(page.bar.at(-1)).toBe('append-hole/r1/4/p')
    expect(page.get().plug).toMatchObject({ at: page.get().place, view: { step: 4 } })
    page.actions.setLevel('all')
    page.actions.next()
    // What is known of another step is not said of this one.
    expect(page.get().plug?.at).not.toBe(page.get().place)
    await settled()
    expect(page.get().plug).toMatchObject({ at: page.get().place, view: { step: 5 } })
    page.actions.pullPlug()
    expect(page.bar.at(-1)).toBe('append-hole/r1/5')
  })

  it('comes pulled with a link, and an answer is asked for once', async () => {
    const page = open()
    page.actions.open('#/append-hole/r1/4/p', null)
    await settled()
    expect(page.get().plug?.view.step).toBe(4)
    page.actions.previous()
    await settled()
    page.actions.open('#/append-hole/r1/4/p', null)
    await settled()
    expect(page.get().plug?.view.step).toBe(4)
    expect(page.asked.filter((what) => what === 'plug')).toHaveLength(2)
  })
})

describe('a branch', () => {
  it('lays a line that was left beside the new one, on the same kernel, and leads back to it', async () => {
    const page = open()
    page.actions.open('#/append-hole/r1/5', null)
    await settled()
    await page.actions.branch('B')
    await settled()
    expect(page.get().futures[0]?.tasks).toEqual(['B', 'A', 'A', 'A', 'a', 'A'])
    page.actions.compareLine(0)
    await settled()
    expect(page.get().place).toMatchObject({ view: 'compare', right: null, other: { named: 'bug' }, schedule: { choices: 'A5B1' } })
    // The row at which the left side takes the step that was shown.
    expect(page.bar.at(-1)).toBe('append-hole/r1/sA5B1/nbug/6')
    page.actions.compare()
    await settled()
    expect(page.get().place).toMatchObject({ view: 'trace', other: null, schedule: { choices: 'A5B1' } })
  })

  it('keeps the old future as a line to go back to', async () => {
    const page = open()
    page.actions.open('#/append-hole/r1/5', null)
    await settled()
    await page.actions.branch('B')
    await settled()
    expect(page.get().place).toMatchObject({ schedule: { choices: 'A5B1' }, step: 6 })
    expect(page.get().futures).toEqual([
      { schedule: { named: 'bug' }, step: 5, says: 'B runs btrfs_direct_write() relock', tasks: ['B', 'A', 'A', 'A', 'a', 'A'] },
    ])
    page.actions.recall(0)
    await settled()
    expect(page.get().place).toMatchObject({ schedule: { named: 'bug' }, step: 5 })
    expect(page.get().futures).toHaveLength(1)
  })
})

describe('a comparison', () => {
  it('sets this kernel beside the same with the fix, stops where they diverge, and leaves at the same step', async () => {
    const page = open()
    page.actions.open('#/append-hole/r1/2', null)
    await settled()
    page.actions.compare()
    await settled()
    expect(page.bar).toEqual(['append-hole/r1/2/vc'])
    expect(page.get().compare?.right.patches.find(({ id }) => id === '939b656bc8ab')?.on).toBe(true)
    page.actions.setLevel('all')
    page.actions.play()
    for (let i = 0; i < 9; i++) page.actions.tick()
    expect(page.get()).toMatchObject({ playing: false, place: { step: 5 } })
    page.actions.compare()
    expect(page.get().place).toMatchObject({ view: 'trace', step: 5 })
  })

  it('in which the fix is switched is one trip to the model, at the row of the same step, and says what has become of it', async () => {
    const page = open()
    page.actions.open('#/append-hole/r1/11/vc', null)
    await settled()
    const before = page.asked.length
    page.actions.toggleFix()
    await settled()
    expect(page.asked.slice(before)).toEqual(['carry'])
    const { compare, place, busy, says } = page.get()
    expect(busy).toBe(false)
    expect(compare?.left.patches.find(({ id }) => id === '939b656bc8ab')?.on).toBe(true)
    expect(compare?.right.patches.find(({ id }) => id === '939b656bc8ab')?.on).toBe(false)
    expect(compare?.rows[place?.step ?? 0]?.left).toBe(9)
    expect(says).toBe('step 11 has no counterpart')
    page.actions.toggleFix()
    await settled()
    expect(page.asked.slice(before)).toEqual(['carry', 'carry'])
  })
})

describe('a search', () => {
  it('shows its progress and can be cancelled', async () => {
    const page = open()
    page.actions.open('#/append-hole/r1', null)
    await settled()
    const done = page.actions.explore()
    await vi.waitFor(() => expect(page.get().search).toMatchObject({ status: 'running', progress: { states: 10 } }))
    await page.actions.cancelExplore()
    await done
    expect(page.get().search).toMatchObject({ status: 'failed', failure: { reader: 'cancelled', message: 'The search was cancelled.' } })
  })
})

describe('frames', () => {
  it('unfold to whole sets of pictures', async () => {
    const page = open()
    page.actions.open('#/append-hole/r1', null)
    await settled()
    const trace = page.get().trace
    if (!trace) throw new Error('no trace')
    expect(allPictures(trace)).toHaveLength(12)
    expect(picturesAt(trace, 3).map(({ id }) => id)).toEqual(['strip:257', 'record:kiocb'])
    expect([...changedAt(trace, 8)]).toEqual(['record:kiocb'])
    expect(changedAt(trace, 0).size).toBe(0)
    expect(picturesAt(trace, 99)).toBe(picturesAt(trace, 11))
  })
})
