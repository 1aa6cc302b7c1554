/** Several fsyncs of one file at once, and a commit beside them. Expected: facts fsync-log-tree 3.4, 3.10. */
import { expect, test } from 'vitest'
import { Machine } from '../engine/machine.ts'
import type { World } from '../engine/procedure.ts'
import { Trace } from '../engine/trace.ts'
import { asked, stagedScene } from '../testing/asked.ts'
import { stepsOf } from '../testing/steps.ts'

const two = (kernel: string): string => `on btrfs ${kernel}
setup: falloc 0 8k
setup: sync
A: pwrite 0 4k
A: fsync
B: pwrite 4k 4k
B: fsync
may power
always after power data [0,4k) A when A done
always after power data [4k,8k) B when B done`
const facts = ['always after power data [0,4k) A when A done', 'always after power data [4k,8k) B when B done'] as const

// Facts 3.10, consequences 1 and 2: the log transaction 0 counts as on disk from the beginning.
test('two fsyncs of one file: the second may return before the first has written the log that has the data of both', () => {
  const { answers, rules } = asked(two('6.1'))
  expect(answers).toEqual({ [facts[0]]: 'broken', [facts[1]]: 'broken' })
  expect(rules).toEqual(['O7', 'O2', 'O3'])
})

test('with log-before-skip each of the two is right: it logs, or waits for whoever writes the log', () => {
  const { answers, rules } = asked(two('6.1 +log-before-skip'))
  expect(answers).toEqual({ [facts[0]]: 'holds', [facts[1]]: 'holds' })
  expect(rules).toEqual([])
})

/** Lets the task go on until it has taken a step with this label, or cannot. */
function until<W extends World>(trace: Trace<W>, task: string, label: string): void {
  while (trace.take(task) === null && trace.infos.at(-1)?.label !== label);
}

// Facts 3.10 J3, J5, J6: both join log transaction 0; whoever comes first writes it for both.
test('two fsyncs that have logged into one log transaction: one writes it, the other is told', () => {
  const { system } = stagedScene('on btrfs 6.1\nsetup: falloc 0 8k\nA: fsync\nB: pwrite 4k 4k\nB: fsync')
  // What a trace passes through it never looks into.
  const trace = new Trace(new Machine(system)) as unknown as Trace
  until(trace, 'A', 'finish_log_inode')
  until(trace, 'A', 'unlock_inode')
  until(trace, 'B', 'return')
  until(trace, 'B', 'submit_pages')
  until(trace, 'bd', 'end_writeback')
  until(trace, 'B', 'unlock_inode')
  expect(stepsOf(trace).at(-1)).toBe('B btrfs_sync_file.unlock_inode')
  until(trace, 'A', 'write_log_tree')
  expect(trace.take('B')).toMatch(/a commit of the log.*A/)
  until(trace, 'A', 'return')
  until(trace, 'B', 'return')
  expect(trace.infos.map(({ says }) => says)).toContain('another fsync has committed the log, and what this one logged with it')
  expect(stepsOf(trace).filter((step) => step.endsWith('.write_super'))).toEqual(['A btrfs_sync_log.write_super'])
})

// Facts 3.10 J10: the log goes with the commit, and the item is not in the tree until the ordered extent is finished.
test('a commit waits for what a fast fsync has logged before it was finished: nothing of it is lost', () => {
  const { answers, rules } = asked(
    'on btrfs 6.1\nsetup: pwrite -S O 0 4k\nsetup: fsync\nsetup: sync\nA: pwrite -S N 0 4k\nA: fsync\nmay commit\nmay power\nalways after power data [0,4k) N when A done',
  )
  expect(answers).toEqual({ 'always after power data [0,4k) N when A done': 'holds' })
  expect(rules).toEqual([])
})

// Facts 12.5, 3.10 J3, J9, J10: what made a chunk in this transaction is in no log, so both commit, and one of them finds it done.
test('two fsyncs that cannot use the log commit the transaction, neither waits for the other for ever', () => {
  const { answers, rules, outcomes } = asked(
    'on btrfs 6.1 +log-before-skip\nsetup: falloc 0 40m\nA: fsync\nB: pwrite 0 4k\nB: fsync\nmay power\nalways after power size 40m when A done\nalways after power data [0,4k) B when B done',
  )
  expect(answers).toEqual({ 'always after power size 40m when A done': 'holds', 'always after power data [0,4k) B when B done': 'holds' })
  expect(rules).toEqual([])
  expect(outcomes.filter(({ stuck }) => stuck !== null)).toEqual([])
})

// Three at once, and a write that the first two may have or not.
test.runIf(process.env['LONG'] === '1')('three fsyncs at once are right with log-before-skip', { timeout: 300_000 }, () => {
  const scene = (kernel: string) =>
    `on btrfs ${kernel}\nsetup: falloc 0 8k\nsetup: sync\nA: fsync\nB: pwrite 0 4k\nB: fsync\nC: fsync\nmay power\nalways after power data [0,4k) B when B done`
  expect(Object.values(asked(scene('6.1')).answers)).toEqual(['broken'])
  expect(Object.values(asked(scene('6.1 +log-before-skip')).answers)).toEqual(['holds'])
})
