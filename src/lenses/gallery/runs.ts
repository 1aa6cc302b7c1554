/** Timelines to look at: one from the fsync story, and long ones made by rule. */
import type { ExtentStrip } from '../../picture/picture.ts'
import type { TimelineRun } from '../timeline.ts'
import { appendStrips, fsyncStrips } from './samples.ts'

const labels = ['checks', 'get_extent', 'submit', 'unlock', 'copy', 'search', 'lock', 'insert']

/** A run of the tasks in `choices`, one letter a step. */
function run(choices: string, names: Readonly<Record<string, string>>, more: Partial<TimelineRun> = {}): TimelineRun {
  return {
    tasks: Object.entries(names).map(([letter, name]) => ({ letter, name })),
    ...nested(choices),
    blockedSpans: [],
    held: [
      { task: 'A', on: 'inode lock', mode: 'exclusive', from: 1, to: 6 },
      { task: 'A', on: 'io_tree [0, 64K)', mode: 'exclusive', from: 3, to: null },
    ],
    windows: [],
    beats: [],
    violations: [],
    partsAt: null,
    ...more,
  }
}

/** Every task in one outer call and, four steps at a time, in one that the outer one makes. */
function nested(choices: string): Pick<TimelineRun, 'steps' | 'calls'> {
  const count: Record<string, number> = {}
  const steps = [...choices].map((task, i) => {
    const own = (count[task] = (count[task] ?? 0) + 1)
    return { n: i + 1, task, label: labels[(i * 5) % labels.length] ?? '', depth: own % 6 === 1 || own % 6 === 0 ? 0 : 1, own }
  })
  const calls = Object.keys(count).flatMap((task) => {
    const mine = steps.filter((step) => step.task === task)
    const outer = { task, procedure: `btrfs_call_of_${task}`, depth: 0, from: 0, first: mine[0]?.n ?? null, to: null }
    const inner = mine
      .filter(({ own }) => own % 6 === 1)
      .flatMap(({ n, own }) => {
        const inside = mine.filter((step) => step.depth === 1 && step.own > own && step.own < own + 5)
        const last = inside.at(-1)
        return last === undefined
          ? []
          : [
              {
                task,
                procedure: 'btrfs_dio_iomap_begin',
                depth: 1,
                from: n,
                first: inside[0]?.n ?? null,
                to: inside.length === 4 ? last.n : null,
              },
            ]
      })
    return [outer, ...inner]
  })
  return { steps, calls: calls.sort((a, b) => a.from - b.from) }
}

const names = { A: 'fsync(fd)', B: 'store to the mapping', a: 'ordered-extent worker' }

export const shortRun = run('AAABBaaAAA', names, {
  beats: [2, 3, 5, 7, 8].map((step, i) => ({ id: `beat-${i + 1}`, step })),
  windows: [{ id: 'w', task: 'A', from: 3, to: 8, says: 'the tree is unlocked' }],
  violations: [{ oracle: 'O1', name: 'file extents do not overlap', step: 8 }],
})

export const middleRun = run('AAAAAAAAAABBBBBBAAAaaaaaaaaAAAAAAAAAAAAAABBA', names, {
  beats: [4, 9, 10, 12, 16, 19, 24, 27, 28, 33, 40].map((step, i) => ({ id: `beat-${i + 1}`, step })),
  blockedSpans: [
    { task: 'B', from: 16, to: 42, on: 'i_mmap_lock', heldBy: ['A'] },
    { task: 'a', from: 20, to: 22, on: 'io_tree [764K, 768K)', heldBy: ['A'] },
  ],
  windows: [
    { id: 'w', task: 'A', from: 19, to: 28, says: 'the tree is unlocked, min_key stands' },
    { id: 'v', task: 'A', from: 33, to: null, says: 'the inode lock is dropped' },
  ],
  violations: [
    { oracle: 'O1', name: 'file extents do not overlap', step: 28 },
    { oracle: 'O6', name: 'no fsync error without cause', step: 33 },
    { oracle: 'O3', name: 'a crash leaves one instant', step: 33 },
  ],
  partsAt: 11,
})

export const longRun = run(
  `${'AAAAABBBAACCCAAABBaaaABBCa'.repeat(6).slice(0, 148)}AB`,
  { ...names, C: 'power' },
  {
    beats: [4, 20, 21, 22, 55, 80, 81, 82, 100, 120, 130, 140, 149].map((step, i) => ({ id: `beat-${i + 1}`, step })),
    windows: [{ id: 'w', task: 'A', from: 20, to: 70, says: 'the inode lock is dropped' }],
    blockedSpans: [{ task: 'C', from: 91, to: 105, on: 'inode lock', heldBy: ['A', 'B'] }],
    violations: [{ oracle: 'A-O1', name: 'appends land at the end', step: 148 }],
  },
)

/** One strip for each state of a run, the given ones spread evenly. */
const spread = (strips: readonly ExtentStrip[], states: number): ExtentStrip[] =>
  Array.from({ length: states }, (_, n) => strips[Math.min(strips.length - 1, Math.floor((n * strips.length) / states))]).filter(
    (strip) => strip !== undefined,
  )

export const runs = [
  { says: '10 steps', run: shortRun, strips: spread(fsyncStrips, 11), lanes: ['items', 'log'] },
  { says: '44 steps, waiting and diverged', run: middleRun, strips: spread(fsyncStrips, 45), lanes: ['log'] },
  { says: '150 steps', run: longRun, strips: spread(appendStrips, 151), lanes: ['items'] },
]
