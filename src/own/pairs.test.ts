/**
 * Every call beside every other one, and beside all that may happen: nothing throws, nobody waits for ever, and with the two fixes that 6.1
 * lacks no rule of the file system is broken. Searched to a bound; the whole of it is the long form.
 */
import { expect, test } from 'vitest'
import { reduce } from '../engine/reduce.ts'
import { eventNames } from '../scene/words.ts'
import { stagedScene } from '../testing/asked.ts'
import { brokenRules } from './answer.ts'
import { modelled } from './modelled.ts'

const long = process.env['LONG'] === '1'

/** By name; `@` is the task. */
const calls: Readonly<Record<string, string>> = {
  'buffered write': 'pwrite 4k 8k',
  'direct write': 'open -d foo\n@: pwrite 4k 8k',
  append: 'open -a foo\n@: pwrite 0 4k',
  'direct append': 'open -da foo\n@: pwrite 0 4k',
  'direct write from absent memory': 'open -d foo\n@: pwrite 4k 8k -- buf absent',
  'O_DSYNC write': 'pwrite 4k 4k -- dsync',
  'buffered read': 'pread 0 16k',
  'direct read': 'open -d foo\n@: pread 0 16k',
  'NOWAIT read': 'open -d foo\n@: pread 0 8k -- nowait',
  'mapped store': 'mwrite 4k 4k',
  shrinking: 'truncate 6k',
  growing: 'truncate 20k',
  preallocation: 'falloc 4k 16k',
  'preallocation past the end': 'falloc -k 16k 4k',
  punching: 'fpunch 4k 8k',
  zeroing: 'fzero 2k 8k',
  fsync: 'fsync',
  'sync_file_range()': 'sync_range -w -a 4k 4k',
  'syncfs()': 'syncfs',
}

const events = [null, ...eventNames.filter((event) => modelled.find(({ fs }) => fs === 'btrfs')?.events[event] === null)]

const cases = Object.keys(calls).flatMap((a, i, names) => names.slice(i).flatMap((b) => events.map((event) => ({ a, b, event }))))
const chosen = cases.filter((_, n) => long || n % 97 === 0)

/** What is wrong with two calls at once, or goes wrong. */
function wrong(kernel: string, { a, b, event }: (typeof cases)[number], n: number): string[] {
  const call = (name: string, letter: string): string => `${letter}: ${(calls[name] ?? '').replaceAll('@', letter)}\n`
  // One time in two with data that are on no disk yet.
  const dirty = n % 2 === 0 ? 'setup: pwrite -S Y 4k 4k\n' : ''
  const setup = `setup: pwrite -S X 0 16k\nsetup: fsync\nsetup: sync\nsetup: mmap -w 0 16k\n${dirty}`
  const staged = stagedScene(`on btrfs ${kernel}\n${setup}${call(a, 'A')}${call(b, 'B')}${event === null ? '' : `may ${event}`}`)
  const reduced = reduce(staged.system, { maxStates: 2_000 })
  const stuck = reduced.outcomes.some((one) => one.stuck !== null) ? ['somebody is stuck'] : []
  const broken = brokenRules(staged, reduced).map(({ id }) => id)
  return [...stuck, ...broken].map((what) => `${a} beside ${b}${event === null ? '' : `, may ${event}`}: ${what}`)
}

// Facts fsync-log-tree 3.10: a direct write that fails takes the map of what was there before with it, which no fsync has logged yet.
const explained = ['direct write from absent memory beside O_DSYNC write, may power: O4']

test.each(['6.1 +log-before-skip +f13e01b89daf', '6.12.117 +log-before-skip'])(
  'two calls at once on %s',
  { timeout: 900_000 },
  (kernel) => {
    expect(chosen.flatMap((one, n) => wrong(kernel, one, n)).filter((what) => !explained.includes(what))).toEqual([])
  },
)
