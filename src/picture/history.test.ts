import { describe, expect, it } from 'vitest'
import { K } from '../base/range.ts'
import { historyOf, sharedBytes } from './history.ts'
import type { ExtentStrip, Span } from './picture.ts'

const span = (id: string, from: number, to: number, more: Partial<Span> = {}): Span => ({
  id,
  from: from * K,
  to: to * K,
  fill: 'data',
  label: id,
  task: null,
  note: null,
  ...more,
})

const strip = (...spans: Span[]): ExtentStrip => ({
  kind: 'extent-strip',
  id: 'strip',
  title: 'inode 257',
  axis: { from: 0, to: 128 * K },
  lanes: [{ id: 'log', title: 'log items', spans }],
  markers: [],
})

/** `E [0, 128) 1-2`: label, range in K, states. */
const show = (runs: readonly { label?: string | null; from: number; to: number; since: number; until: number }[]) =>
  runs.map((run) => `${run.label ?? ''} [${run.from / K}, ${run.to / K}) ${run.since}-${run.until - 1}`.trim())

describe('historyOf', () => {
  it('makes one run of a span that stays as it is', () => {
    const same = strip(span('E', 0, 128))
    expect(show(historyOf([same, same, same], 'log').runs)).toEqual(['E [0, 128) 0-2'])
  })

  it('begins a new run where a span shrinks, and one for what was split off', () => {
    const band = historyOf([strip(span('E', 0, 128)), strip(span('E', 0, 124), span('Z', 124, 128))], 'log')
    expect(show(band.runs)).toEqual(['E [0, 128) 0-0', 'E [0, 124) 1-1', 'Z [124, 128) 1-1'])
  })

  it('shows since when two spans have shared bytes', () => {
    const before = strip(span('E', 0, 128))
    const after = strip(span('E', 0, 128), span('Z', 124, 128, { damaged: true }))
    const band = historyOf([before, before, after, after], 'log')
    expect(show(band.overlaps)).toEqual(['[124, 128) 2-3'])
    expect(band.overlaps[0]?.damaged).toBe(true)
    expect(show(band.runs)).toEqual(['E [0, 128) 0-3', 'Z [124, 128) 2-3'])
  })

  it('leaves a gap in time where a span was away', () => {
    const there = strip(span('E', 0, 128))
    expect(show(historyOf([there, strip(), there], 'log').runs)).toEqual(['E [0, 128) 0-0', 'E [0, 128) 2-2'])
  })

  it('merges what looks the same although its id changed', () => {
    expect(historyOf([strip(span('E', 0, 128)), strip(span('other', 0, 128, { label: 'E' }))], 'log').runs).toHaveLength(1)
  })

  it('ends a run where only the fill changes', () => {
    const band = historyOf([strip(span('B', 0, 4, { fill: 'dirty' })), strip(span('B', 0, 4, { fill: 'writeback' }))], 'log')
    expect(band.runs.map((run) => run.fill)).toEqual(['dirty', 'writeback'])
  })

  it('keeps two equal spans of one state apart', () => {
    const twice = strip(span('E', 0, 4), span('E', 0, 4))
    expect(show(historyOf([twice, twice], 'log').runs)).toEqual(['E [0, 4) 0-1', 'E [0, 4) 0-1'])
  })

  it('is empty, with as many states as there are, for a lane that no strip has', () => {
    const band = historyOf([strip(), strip()], 'nowhere')
    expect(band).toMatchObject({ states: 2, runs: [], overlaps: [], title: 'nowhere' })
  })

  it('gives every run of a band an id of its own', () => {
    const band = historyOf([strip(span('E', 0, 4), span('F', 0, 4)), strip(span('F', 0, 4))], 'log')
    expect(new Set(band.runs.map((run) => run.id)).size).toBe(band.runs.length)
  })
})

describe('sharedBytes', () => {
  it('does not call a lock over an extent an overlap', () => {
    expect(sharedBytes([span('E', 0, 64), span('lock', 0, 128, { fill: 'locked' })])).toEqual([])
  })

  it('names bytes that three spans share once, as damaged if any of them is', () => {
    const three = [span('E', 0, 64), span('F', 0, 64), span('G', 0, 64, { damaged: true })]
    expect(sharedBytes(three)).toEqual([{ from: 0, to: 64 * K, damaged: true }])
  })

  it('does not call two spans that only touch an overlap', () => {
    expect(sharedBytes([span('E', 0, 64), span('F', 64, 128)])).toEqual([])
  })
})
