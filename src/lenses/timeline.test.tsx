import { renderToStaticMarkup } from 'react-dom/server'
import { describe, expect, it } from 'vitest'
import type { GhostLine } from './ghost-lines.tsx'
import { TimelineLens } from './timeline-lens.tsx'
import { beatMarks, blockedSpans, columnOf, scrollFor, seekByKey, standing, stateAt, stepAxis, type TimelineRun } from './timeline.ts'

const run: TimelineRun = {
  tasks: [
    { letter: 'A', name: 'fsync(fd)' },
    { letter: 'B', name: 'store' },
  ],
  steps: [...'AAABBAAAAA'].map((task, i) => ({ n: i + 1, task, label: `l${i + 1}` })),
  blockedSpans: [{ task: 'B', from: 5, to: 9, on: 'i_mmap_lock', heldBy: ['A'] }],
  windows: [{ id: 'w', task: 'A', from: 3, to: 8, says: 'the tree is unlocked' }],
  beats: [
    { id: 'opens', step: 3 },
    { id: 'never', step: null },
    { id: 'bug', step: 8 },
  ],
  violations: [{ oracle: 'O1', step: 8 }],
  partsAt: 4,
}
const draw = (current: number, more: Partial<TimelineRun> = {}) =>
  renderToStaticMarkup(
    <TimelineLens run={{ ...run, ...more }} current={current} caption="A looks for the next key" onSeek={() => undefined} />,
  )

describe('the step axis', () => {
  it('has a column for the initial state and one for each step, and finds the state under each', () => {
    for (const steps of [0, 1, 10, 44, 150])
      for (const room of [364, 1400]) {
        const axis = stepAxis(steps, room)
        for (let n = 0; n <= steps; n++) expect(stateAt(axis, columnOf(axis, n))).toBe(n)
      }
  })

  it('fills the room with few steps, and scrolls rather than make a column too narrow to hit', () => {
    expect(stepAxis(40, 1400).width).toBeCloseTo(1400)
    expect(stepAxis(150, 364).cell).toBe(12)
    expect(stepAxis(150, 364).width).toBeGreaterThan(364)
  })

  it('keeps a pointer outside it at its ends', () => {
    const axis = stepAxis(10, 500)
    expect([stateAt(axis, -5), stateAt(axis, 9999)]).toEqual([0, 10])
  })
})

describe('scrolling', () => {
  it('keeps every current column in sight, from wherever it comes', () => {
    const axis = stepAxis(150, 364)
    for (let n = 0; n <= 150; n++)
      for (const scroll of [0, 300, 900, axis.width - 364]) {
        const at = scrollFor(axis, n, scroll, 364)
        expect(columnOf(axis, n)).toBeGreaterThanOrEqual(at)
        expect(columnOf(axis, n)).toBeLessThanOrEqual(at + 364)
      }
  })

  it('does not move while the column is well in sight', () => {
    expect(scrollFor(stepAxis(150, 364), 60, 550, 364)).toBe(550)
  })
})

describe('the scrubber', () => {
  it('is a slider that reads the caption of the step', () => {
    const markup = draw(5)
    expect(markup).toContain('role="slider"')
    expect(markup).toContain('aria-valuenow="5"')
    expect(markup).toContain('aria-valuetext="A looks for the next key"')
  })

  it('goes by arrows a step, by page keys a beat, and stays within the run', () => {
    const keys = (current: number) =>
      ['ArrowLeft', 'ArrowRight', 'PageUp', 'PageDown', 'Home', 'End'].map((key) => seekByKey(key, current, run))
    expect(keys(5)).toEqual([4, 6, 3, 8, 0, 10])
    expect(keys(0)).toEqual([0, 1, 0, 3, 0, 10])
    expect(keys(10)).toEqual([9, 10, 8, 10, 0, 10])
  })

  it('leaves every other key to the page', () => {
    expect([' ', 'x', 'Tab', 'Escape', 'b'].map((key) => seekByKey(key, 5, run))).toEqual([null, null, null, null, null])
  })
})

describe('a task that waits', () => {
  it('is shown as waiting, with what it waits for and who holds it', () => {
    expect(draw(6)).toContain('B waits for i_mmap_lock, held by A')
  })

  it('is said to wait exactly in the states of the stretch', () => {
    expect([4, 5, 8, 9].map((n) => standing(run, n).waits.length)).toEqual([0, 1, 1, 0])
  })

  it('has one stretch for as long as it waits for the same lock of the same holder', () => {
    const wait = { task: 'B', on: 'inode lock', heldBy: ['A'] }
    expect(blockedSpans([[], [wait], [wait], [], [wait]])).toEqual([
      { ...wait, from: 1, to: 3 },
      { ...wait, from: 4, to: null },
    ])
    expect(blockedSpans([[wait], [{ ...wait, heldBy: ['C'] }]])).toHaveLength(2)
  })
})

describe('the timeline', () => {
  it('has a row for each task with its letter and name, and one tick for each step', () => {
    const markup = draw(5)
    for (const task of run.tasks) expect(markup).toContain(`<title>${task.name}</title>`)
    expect(markup.match(/class="timeline-tick/g)).toHaveLength(10)
  })

  it('names the violated oracle beside a sign at its step', () => {
    expect(draw(5)).toContain('>O1<')
    expect(draw(5)).toContain('lens-damage-sign')
    expect(draw(5, { violations: [] })).not.toContain('lens-damage-sign')
  })

  it('has a sign at a task that an oracle points at, from there on, and says so in words', () => {
    const tasks = run.tasks.map((task) => (task.letter === 'B' ? { ...task, damagedFrom: 5 } : task))
    const at = (current: number) => draw(current, { tasks, violations: [] })
    expect(at(4)).not.toContain('lens-damage-sign')
    for (const current of [5, 10]) {
      expect(at(current).match(/lens-damage-sign/g)).toHaveLength(1)
      expect(at(current)).toContain('B damaged')
    }
  })

  it('shows where the run left the one it is compared with', () => {
    expect(draw(5)).toContain('>parts here<')
    expect(draw(5, { partsAt: null })).not.toContain('parts here')
  })

  it('numbers the beats of this run in its order, one mark for those of one step, leaving out those that do not happen', () => {
    const markup = draw(5)
    expect(markup).toContain('moment 2, bug: step 8')
    expect(markup).not.toContain('never')
    const beats = [
      { id: 'end', step: 8 },
      { id: 'never', step: null },
      { id: 'opens', step: 3 },
      { id: 'told', step: 8 },
    ]
    expect(beatMarks(beats)).toEqual([
      { step: 3, ids: ['opens'] },
      { step: 8, ids: ['end', 'told'] },
    ])
  })

  it('says which window is open', () => {
    expect(draw(5)).toContain('window open: the tree is unlocked')
    expect(draw(8)).not.toContain('window open')
  })
})

describe('a line that was left', () => {
  const withGhosts = (ghosts: readonly GhostLine[]) =>
    renderToStaticMarkup(
      <TimelineLens run={run} current={6} caption="" onSeek={() => undefined} ghosts={ghosts} onReturn={() => undefined} />,
    )
  const ghost: GhostLine = { step: 5, tasks: [...'BBBA'], says: 'A runs l6' }
  const circles = (markup: string): number[] =>
    [...markup.matchAll(/<circle cx="([\d.]+)"[^>]*class="ghost-step"/g)].map(([, x]) => Number(x))

  it('has its steps in the columns of their states, from the one after the branch on', () => {
    const markup = withGhosts([ghost])
    const [first = 0, second = 0, ...more] = circles(markup)
    // Column n is in the middle of the cell of state n: (n + 0.5) cells.
    const cell = second - first
    expect(first).toBeCloseTo(6.5 * cell)
    expect(more).toHaveLength(2)
    expect(markup).toContain('left at step 5')
    expect(markup).toContain('<title>A runs l6</title>')
  })

  it('that was longer ends at the edge and says by how much', () => {
    const markup = withGhosts([{ ...ghost, tasks: [...'BBBAAAAA'] }])
    // The run has 10 steps: after state 5 there is room for 5.
    expect(circles(markup)).toHaveLength(5)
    expect(markup).toContain('3 more')
  })

  it('is not there where nothing was left', () => {
    expect(withGhosts([])).not.toContain('ghost')
  })
})
