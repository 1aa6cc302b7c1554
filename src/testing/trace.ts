import type { Blocked, Next } from '../engine/view.ts'
import type { ExtentStrip, Picture, RecordPicture } from '../picture/picture.ts'
import type { CompareView, PlugView, RunChoice, TraceView } from '../worker/protocol.ts'
import { appendCard } from './cards.ts'

const K = 1024
const source = { file: 'fs/btrfs/direct-io.c', function: 'btrfs_direct_write', at: 'v6.1', row: 'direct-io A.3' }

function strip(data: number, size: number): ExtentStrip {
  const hole = data > 0 ? [{ id: 'h', from: 0, to: data, fill: 'hole' as const, label: null, task: null, note: null, damaged: true }] : []
  const spans = size > 0 ? [...hole, { id: 'd', from: data, to: size, fill: 'data' as const, label: 'A', task: 'A', note: null }] : []
  return {
    kind: 'extent-strip',
    id: 'strip:257',
    title: 'inode 257',
    axis: { from: 0, to: 192 * K },
    lanes: [{ id: 'items', title: 'items', spans, history: true }],
    markers: [{ id: 'i_size', name: 'i_size', at: size, task: null }],
  }
}

const kiocb = (pos: number): RecordPicture => ({
  kind: 'record',
  id: 'record:kiocb',
  title: 'struct kiocb',
  owner: 'A',
  fields: [{ name: 'ki_pos', value: pos === 0 ? '0' : `${pos / K}K` }],
  gone: null,
})

/** `A relock takes the inode lock`: one line a step. Steps at which i_size or ki_pos change have it in the text. */
const buggy = `
A relock      takes the inode lock
A checks      moves ki_pos to i_size, 0
A get_blocks  raises i_size to 65536
A submit      finds no page of the buffer and gives up
A retry       drops the lock and faults the buffer in
B relock      takes the inode lock and leaves
A relock      takes the inode lock again
A checks      moves ki_pos to i_size, 65536
A get_blocks  raises i_size to 131072
a finish      inserts the extent item at 65536
A return      returns 65536`

const fixed = `
A relock      takes the inode lock
A checks      moves ki_pos to i_size, 0
A get_blocks  raises i_size to 65536
A submit      finds no page of the buffer and gives up
A retry       keeps the lock and faults the buffer in
A get_blocks  uses i_size 65536
a finish      inserts the extent item at 0
A return      returns 65536
B relock      takes the inode lock and leaves`

/** A small hand-made trace in the shape that the worker sends. */
export function traceOf(run: RunChoice, lines = run.toggles.includes(appendCard.fix) ? fixed : buggy): TraceView {
  const all = lines
    .trim()
    .split('\n')
    .map((line) => /^(\w) (\w+)\s+(.*)$/.exec(line) ?? [])
  const given = 'choices' in run.schedule ? total(run.schedule.choices) : all.length
  const rows = all.slice(0, given)
  const next = (n: number): Next[] => {
    const [, task, label] = all[n] ?? []
    const other = { task: 'B', procedure: 'btrfs_direct_write', label: 'relock' }
    return task === undefined || label === undefined
      ? []
      : task === 'B'
        ? [other, ...(n === 5 ? [{ task: 'A', procedure: 'btrfs_direct_write', label: 'relock' }] : [])]
        : [{ task, procedure: 'btrfs_direct_write', label }, ...(n === 5 ? [other] : [])]
  }
  const blocked = (n: number): Blocked[] => (n >= 1 && n <= 4 ? [{ task: 'B', on: 'inode lock', heldBy: ['A'] }] : [])
  let size = 0
  let pos = 0
  let data = 0
  const frames: TraceView['frames'][number][] = [{ changed: [strip(0, 0), kiocb(0)], gone: [], tasks: [] }]
  for (const [, , label, says = ''] of rows) {
    const number = Number(/\d+$/.exec(says)?.[0] ?? 0)
    const changed: Picture[] = []
    if (label === 'get_blocks' && number > size) changed.push(strip(0, (size = number)))
    if (label === 'checks' && number !== pos) changed.push(kiocb((pos = number)))
    if (label === 'finish') changed.push(strip((data = number), size))
    frames.push({ changed, gone: [], tasks: [] })
  }
  const final = rows.length === all.length
  return {
    scenario: run.scenario,
    rev: 1,
    kernel: { asked: run.kernel, resolved: run.kernel, says: null },
    patches: appendCard.patches.map((patch) => {
      const shipped = patch.kind === 'regression'
      return { ...patch, shipped, on: shipped !== run.toggles.includes(patch.id), refusal: null, consulted: patch.id === appendCard.fix }
    }),
    settings: appendCard.settings.map((setting) => ({ ...setting, value: run.settings[setting.name] ?? setting.default })),
    tasks: [
      { letter: 'A', name: 'write(fd, buf, 64K)', must: true, parent: null },
      { letter: 'B', name: 'write(fd, buf, 4K)', must: true, parent: null },
      { letter: 'a', name: 'ordered-extent worker', must: true, parent: 'A' },
    ],
    steps: rows.map(([, task = '', label = '', says = ''], i) => ({
      n: i + 1,
      task,
      procedure: task === 'a' ? 'btrfs_finish_ordered_io' : 'btrfs_direct_write',
      label,
      says: `${task} ${says}`,
      source,
      depth: 0,
      blocked: blocked(i + 1),
      runnable: next(i + 1),
    })),
    calls: ['A', 'B', 'a'].flatMap((task) => {
      const own = rows.flatMap((row, i) => (row[1] === task ? [i + 1] : []))
      const procedure = task === 'a' ? 'btrfs_finish_ordered_io' : 'btrfs_direct_write'
      const entered = task === 'a' ? all.findIndex((row) => row[2] === 'get_blocks') + 1 : 0
      return entered > rows.length
        ? []
        : [{ task, procedure, depth: 0, from: entered, first: own[0] ?? null, to: final ? (own.at(-1) ?? null) : null }]
    }),
    frames,
    initial: { blocked: [], runnable: next(0) },
    beats: [
      { id: 'gives-up', kind: 'beat', step: 4, says: 'the buffer is not resident' },
      { id: 'second-checks', kind: 'beat', step: run.toggles.length > 0 ? null : 8, says: 'the position moves to i_size' },
    ],
    windows: [{ id: 'unlocked', task: 'A', from: 5, to: 7, says: 'the inode lock is free' }],
    scene: appendCard.scene(run.settings),
    oracles: [{ id: 'A-O1', kind: 'verdict', name: 'growth equals the bytes written', says: 'a file grows by what was written' }],
    violations: data > 0 ? [{ oracle: 'A-O1', step: 10, says: 'the file grew by 131072, 65536 were written', marks: [] }] : [],
    outcome: final
      ? {
          returns: { A: 65536, B: 0 },
          size,
          pos: pos + 64 * K,
          layout: [{ from: data, to: size, kind: 'data', source: 'A' }],
          content: null,
          reads: null,
          log: null,
          console: ['A: write = 65536'],
          after: null,
          stuck: null,
        }
      : null,
    happened: final ? [data > 0 ? 'The file is 128K long and begins with a hole of 64K.' : 'The file is 64K long.'] : [],
    end: final ? 'final' : 'open',
    diverged:
      'choices' in run.schedule && total(run.schedule.choices) > all.length
        ? { n: all.length + 1, task: 'A', says: `A has finished; it cannot take step ${all.length + 1}` }
        : null,
    documented: false,
    choices: rows.map(([, task = '']) => `${task}1`).join(''),
    canFail: true,
    code: [
      {
        procedure: 'btrfs_direct_write',
        source,
        rows: [
          { label: 'relock', code: 'btrfs_inode_lock(inode, ilock_flags);', sign: ' ', patch: null },
          { label: 'retry', code: 'goto relock;', sign: run.toggles.includes(appendCard.fix) ? '-' : ' ', patch: appendCard.fix },
        ],
      },
    ],
  }
}

const total = (choices: string): number => [...choices.matchAll(/[A-Za-z]+(\d+)/g)].reduce((sum, [, n]) => sum + Number(n), 0)

/** Two traces in lockstep, row by row, diverging where their steps first differ. */
export function compareOf(left: TraceView, right: TraceView): CompareView {
  const length = Math.max(left.steps.length, right.steps.length) + 1
  const rows = Array.from({ length }, (_, i) => ({ left: Math.min(i, left.steps.length), right: Math.min(i, right.steps.length) }))
  const row = rows.findIndex((_, i) => i > 0 && left.steps[i - 1]?.says !== right.steps[i - 1]?.says)
  return {
    left,
    right,
    rows,
    twins: rows.slice(1).filter((one) => one.left === one.right),
    diverged: row < 0 ? null : { row, left: row, right: row, here: 'A unlocks the inode', there: 'A keeps the inode lock' },
  }
}

/** The plug pulled at a step of a trace: the disk is empty, which nobody has promised to be otherwise. */
export function plugAt(trace: TraceView, step: number): PlugView {
  const empty = { ...strip(0, 0), lanes: [], markers: [] }
  return {
    step: Math.min(step, trace.steps.length),
    verdict: 'legal',
    says: `A power failure after step ${step} leaves the file as of the start of this run (until step ${step}). Nothing was promised yet.`,
    promises: [],
    left: { ...empty, id: 'plug:left', lanes: [{ id: 'crash', title: 'a crash now leaves', spans: [] }] },
    legal: { ...empty, id: 'plug:legal', lanes: [{ id: 'legal0', title: 'as of the start', spans: [] }] },
    versions: [{ says: `as of the start of this run (until step ${step})`, match: true, nearest: false }],
    more: 0,
    watchers: [{ who: 'mount', notices: false, says: 'there is no log to replay' }],
    noticed: 'Nobody would complain.',
  }
}
