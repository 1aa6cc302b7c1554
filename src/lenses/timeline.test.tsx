import type { ReactNode } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { describe, expect, it, vi } from 'vitest'
import type { GhostLine } from './ghost.ts'
import { TimelineLens } from './timeline-lens.tsx'
import { timelineHeight, timelineLayout } from './timeline-layout.ts'
import { beatMarks, seekByKey, standing, type TimelineRun } from './timeline.ts'

const run: TimelineRun = {
  tasks: [
    { letter: 'A', name: 'fsync(fd)' },
    { letter: 'B', name: 'store' },
  ],
  steps: [...'AAABBAAAAA'].map((task, i) => ({ n: i + 1, task, label: `l${i + 1}`, depth: [2, 3].includes(i + 1) ? 1 : 0 })),
  calls: [
    { task: 'A', procedure: 'btrfs_sync_file', depth: 0, from: 0, first: 1, to: 10 },
    { task: 'B', procedure: 'store', depth: 0, from: 0, first: 4, to: null },
    { task: 'A', procedure: 'btrfs_log_inode', depth: 1, from: 1, first: 2, to: 3 },
  ],
  held: [{ task: 'A', on: 'i_mmap_lock', mode: 'exclusive', from: 1, to: 9 }],
  blockedSpans: [{ task: 'B', from: 5, to: 9, on: 'i_mmap_lock', heldBy: ['A'] }],
  windows: [{ id: 'w', task: 'A', from: 3, to: 8, says: 'the tree is unlocked' }],
  beats: [
    { id: 'opens', step: 3 },
    { id: 'never', step: null },
    { id: 'bug', step: 8 },
  ],
  violations: [{ oracle: 'O1', name: 'extents do not overlap', step: 8 }],
  partsAt: 4,
}
/** With the parts that are loaded when they are drawn first: the second drawing has them. */
async function whole(timeline: ReactNode): Promise<string> {
  vi.stubGlobal('requestIdleCallback', (then: () => void) => then())
  renderToStaticMarkup(timeline)
  await import('./doom-curve.tsx')
  await import('./ghost-lines.tsx')
  await new Promise((then) => setTimeout(then))
  return renderToStaticMarkup(timeline)
}

const draw = (current: number, more: Partial<TimelineRun> = {}) =>
  renderToStaticMarkup(
    <TimelineLens run={{ ...run, ...more }} current={current} says={() => 'A looks for the next key'} onSeek={() => undefined} />,
  )

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

  it('is hatched over the states in which it waits, behind its own step', () => {
    const box = (markup: string): number[] => {
      const [, x = '', width = ''] =
        /class="timeline-wait"><title>[^<]*<\/title><rect x="([\d.]+)" y="[\d.]+" width="([\d.]+)"/.exec(markup) ?? []
      return [Number(x) - 0.5, Number(x) + Number(width) + 0.5]
    }
    // Eleven states share 960 units less the gutter's 164 and 2; B waits in states 5 to 8 and takes step 5 itself.
    const cell = (960 - 166) / 11
    const [from = 0, to = 0] = box(draw(6))
    expect(from).toBeCloseTo(6 * cell, 3)
    expect(to).toBeCloseTo(9 * cell, 3)
    // Another task's step 6 makes it wait from the column of that step on.
    const [later = 0] = box(draw(6, { blockedSpans: [{ task: 'B', from: 6, to: 9, on: 'i_mmap_lock', heldBy: ['A'] }] }))
    expect(later).toBeCloseTo(6 * cell, 3)
  })

  it('is said to wait exactly in the states of the stretch', () => {
    expect([4, 5, 8, 9].map((n) => standing(run, n).waits.length)).toEqual([0, 1, 1, 0])
  })
})

describe('the timeline', () => {
  it('has a row for each task with its letter and name, and one cell for each step', () => {
    const markup = draw(5)
    for (const task of run.tasks) expect(markup).toContain(`<title>${task.name}</title>`)
    expect(markup.match(/class="timeline-cell/g)).toHaveLength(10)
  })

  it('names each call in or behind its bar, and says of it when it returns and how many steps it takes', () => {
    const markup = draw(5)
    for (const { procedure } of run.calls) expect(markup).toMatch(new RegExp(`class="timeline-call-name[^>]*>${procedure}<`))
    expect(markup).toContain('A: btrfs_sync_file from step 1, returns at step 10; 8 steps, 6 of its own')
    expect(markup).toContain('B: store from step 4, has not returned by step 10; 2 steps')
  })

  it('says in which calls the task is that took the step', () => {
    expect(draw(3)).toContain('btrfs_sync_file › btrfs_log_inode')
    expect(draw(6)).not.toContain('btrfs_sync_file › btrfs_log_inode')
  })

  it('is as high in every state of a run, and as high as it says beforehand', () => {
    const heights = run.steps.map(({ n }) => /viewBox="0 0 [\d.]+ ([\d.]+)"/.exec(draw(n))?.[1])
    expect(new Set(heights)).toEqual(new Set([`${timelineHeight(run, { doomed: false })}`]))
  })

  it('is as high before the race window is known as after, however many parts that has', async () => {
    const bar = { opens: 2, closes: 5, inside: 4, names: ['B store falls in'], says: 'B store falls between' }
    const withBars = (count: number) =>
      whole(
        <TimelineLens
          run={run}
          current={3}
          says={() => ''}
          onSeek={() => undefined}
          doom={{
            shares: [],
            lost: null,
            jump: null,
            bars: Array.from({ length: count }, (_, i) => ({ ...bar, id: `${i}` })),
            instead: '',
          }}
        />,
      )
    for (const count of [0, 1, 2, 3]) expect(await withBars(count)).toContain(` ${timelineHeight(run)}"`)
    expect(await withBars(2)).toContain('>B store falls in; B store falls in<')
  })

  it('draws a window that the scenario tells of where the found one would stand, if none was found', async () => {
    const doom = { shares: [], lost: null, jump: null, bars: [], instead: '' }
    const markup = await whole(<TimelineLens run={run} current={3} says={() => ''} onSeek={() => undefined} doom={doom} />)
    expect(markup).toContain('window of A after step 3 until step 8: the tree is unlocked')
    expect(markup).toContain('>A: the tree is unlocked<')
    const without = await whole(
      <TimelineLens run={{ ...run, windows: [] }} current={3} says={() => ''} onSeek={() => undefined} doom={doom} />,
    )
    const height = (text: string) => /viewBox="0 0 [\d.]+ ([\d.]+)"/.exec(text)?.[1]
    expect(height(markup)).toBe(height(without))
  })

  it('has room for two tasks that are four calls deep in 170 units, beats and violations with them', () => {
    const deep = (task: string, steps: readonly number[]) =>
      [0, 1, 2, 3].map((depth, i) => ({
        task,
        procedure: `f${depth}`,
        depth,
        from: i === 0 ? 0 : (steps[i - 1] ?? 0),
        first: steps[i] ?? null,
        to: null,
      }))
    const calls = [...deep('A', [1, 2, 3, 6]), ...deep('B', [4, 5, 7, 8])].sort((a, b) => a.from - b.from)
    const steps = [...'AAABBABBAB'].map((task, i) => ({ n: i + 1, task, label: `l${i}`, depth: [0, 1, 2, 0, 1, 3, 2, 3, 3, 3][i] ?? 0 }))
    const two = { ...run, calls, steps, windows: [], blockedSpans: [] }
    expect(timelineLayout(two, { named: false, locks: false, windows: true }).rows.map(({ levels }) => levels)).toEqual([4, 4])
    expect(timelineHeight(two, { doomed: false })).toBeLessThanOrEqual(170)
    // For a room a line each, and no step of it is lost.
    const far = timelineLayout(two, { named: false, locks: false, windows: false, far: true })
    expect(far.rows.map(({ levels, bars }) => [levels, bars.flatMap(({ own }) => own)])).toEqual([
      [1, [1, 2, 3, 6, 9]],
      [1, [4, 5, 7, 8, 10]],
    ])
    expect(far.oraclesTop).toBeNull()
  })

  it('has one bar for a task of a few steps, whatever it calls', () => {
    const calls = [
      { task: 'A', procedure: 'write', depth: 0, from: 0, first: 1, to: 5 },
      { task: 'a', procedure: 'btrfs_dio_end_io', depth: 0, from: 1, first: 6, to: 8 },
      { task: 'a', procedure: 'submit_bio', depth: 1, from: 1, first: 6, to: 6 },
    ]
    const steps = [...'AAAAAaaa'].map((task, i) => ({ n: i + 1, task, label: `l${i}`, depth: i === 5 ? 1 : 0 }))
    const tasks = ['A', 'a'].map((letter) => ({ letter, name: letter }))
    const rows = timelineLayout(
      { ...run, tasks, calls, steps, windows: [], blockedSpans: [] },
      { named: false, locks: false, windows: true },
    ).rows
    expect(rows.map(({ levels }) => levels)).toEqual([1, 1])
    expect(rows[1]?.bars.map(({ own }) => own)).toEqual([[6, 7, 8]])
  })

  it('goes on behind the last step of a run that is stuck: there somebody waits for ever', () => {
    const stuck = { blockedSpans: [{ task: 'B', from: 10, to: null, on: 'io_tree [0, 4K)', heldBy: ['A'] }], held: [], calls: [] }
    expect(draw(10, { ...stuck, stuck: true })).toMatch(/timeline-words[^>]*>waits for io_tree \[0, 4K\), held by A</)
    expect(draw(10, stuck)).not.toMatch(/timeline-words[^>]*>waits for io_tree/)
  })

  it('has the row of a task from the start, whenever it is spawned', () => {
    expect(draw(0)).toContain('<title>store</title>')
  })

  it('names the violated rule beside a sign at its step', () => {
    expect(draw(5)).toContain('>extents do not overlap<')
    expect(draw(5)).toContain('“extents do not overlap” is violated at step 8 (O1)')
    expect(draw(5)).toContain('lens-damage-sign')
    expect(draw(5, { violations: [] })).not.toContain('lens-damage-sign')
  })

  it('stands at its step, with the name of the rule on the side that has room', () => {
    const name = 'appended bytes land at the end of the file'
    // Eleven states share 960 units less the gutter's 164 and 2.
    const [room, width] = [794, name.length * 6.6]
    for (let step = 1; step <= 10; step++) {
      const markup = draw(5, { violations: [{ oracle: 'O1', name, step }], partsAt: null })
      const [, sign = '', text = ''] =
        /class="lens-damage-sign" style="transform:translate\(([-\d.]+)px.*?<text x="([-\d.]+)" y="[\d.]+">appended/.exec(markup) ?? []
      const column = ((step + 0.5) * room) / 11
      expect(Number(sign)).toBeCloseTo(column - 5.5, 3)
      expect(Number(text)).toBeGreaterThanOrEqual(0)
      expect(Number(text) + width).toBeLessThanOrEqual(room)
      expect(Number(text) > column + 5.5 || Number(text) + width < column - 5.5).toBe(true)
    }
  })

  it('names a rule by its id where its name has no room', () => {
    const rule = (oracle: string, step: number) => ({
      oracle,
      step,
      name: `${oracle} has to hold, in many more words than there is room for beside others`,
    })
    const many = draw(5, { violations: [rule('O1', 4), rule('O2', 6), rule('O3', 8), rule('O4', 9)] })
    for (const id of ['O2', 'O3', 'O4']) expect(many).toContain(`>${id}<`)
    expect(many).toContain('O4 has to hold, in many more words than there is room for beside others” is violated at step 9')
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
    expect(draw(5)).toContain('>differs from here<')
    expect(draw(5, { partsAt: null })).not.toContain('differs from here')
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
    whole(<TimelineLens run={run} current={6} says={() => ''} onSeek={() => undefined} ghosts={ghosts} onReturn={() => undefined} />)
  const ghost: GhostLine = { step: 5, tasks: [...'BBBA'], says: 'A runs l6' }
  const circles = (markup: string): number[] =>
    [...markup.matchAll(/<circle cx="([\d.]+)"[^>]*class="ghost-step"/g)].map(([, x]) => Number(x))

  it('has its steps in the columns of their states, from the one after the branch on', async () => {
    const markup = await withGhosts([ghost])
    const [first = 0, second = 0, ...more] = circles(markup)
    // Column n is in the middle of the cell of state n: (n + 0.5) cells.
    const cell = second - first
    expect(first).toBeCloseTo(6.5 * cell)
    expect(more).toHaveLength(2)
    expect(markup).toContain('left at step 5')
    expect(markup).toContain('<title>A runs l6</title>')
  })

  it('that was longer ends at the edge and says by how much', async () => {
    const markup = await withGhosts([{ ...ghost, tasks: [...'BBBAAAAA'] }])
    // The run has 10 steps: after state 5 there is room for 5.
    expect(circles(markup)).toHaveLength(5)
    expect(markup).toContain('3 more')
  })

  it('is not there where nothing was left', async () => {
    expect(await withGhosts([])).not.toContain('ghost')
  })
})
