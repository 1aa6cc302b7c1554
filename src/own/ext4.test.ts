/** Scenes on ext4: what facts ext4 4.1, 5.1 and 5.2 say that a power failure leaves. */
import { expect, test } from 'vitest'
import { reduce } from '../engine/reduce.ts'
import { parseScene } from '../scene/parse.ts'
import { brokenRules, factAnswers } from './answer.ts'
import { stageScene } from './system.ts'

function asked(lines: string, maxStates = 200_000) {
  const { scene, problems } = parseScene(`lockstep 1\n${lines}\nend`)
  expect(problems).toEqual([])
  const staged = stageScene(scene)
  if (!('system' in staged)) throw new Error(staged.map(({ line, message }) => `${line}: ${message}`).join('; '))
  const reduced = reduce(staged.system, { maxStates })
  expect(reduced.bound).toBeNull()
  return {
    answers: Object.fromEntries(factAnswers(staged, reduced).map(({ text, answer }) => [text, answer])),
    rules: brokenRules(staged, reduced).map(({ id }) => id),
    stuck: reduced.outcomes.filter(({ stuck }) => stuck !== null).length,
  }
}

const replace = `on ext4 6.1
setup: pwrite -S O 0 8k
setup: sync
A: truncate 0
A: pwrite -S N 0 8k
may writeback
may power`

// Facts ext4 5.2, the column without auto_da_alloc (nothing closes the file here): old file, empty file, 8K of zeros, new file.
test('a file that is replaced by truncate and write may be the old one, empty, zeros, or the new one after a power failure', () => {
  const { answers, rules } = asked(`${replace}
sometimes after power data [0,8k) O
sometimes after power size 0
sometimes after power zeros [0,8k)
sometimes after power data [0,8k) N
never after power data [0,4k) 0x7a
always size 8k`)
  expect(answers).toEqual({
    'sometimes after power data [0,8k) O': 'reachable',
    'sometimes after power size 0': 'reachable',
    'sometimes after power zeros [0,8k)': 'reachable',
    'sometimes after power data [0,8k) N': 'reachable',
    'never after power data [0,4k) 0x7a': 'holds',
    'always size 8k': 'holds',
  })
  expect(rules).toEqual([])
})

// 5.2, last row: fsync before close makes it the new file.
test('with fsync behind the write the new file is there once fsync has returned', () => {
  const { answers } = asked(`${replace.replace('may writeback\n', 'A: fsync\n')}
always after power data [0,8k) N when A done
sometimes after power size 0`)
  expect(answers).toEqual({ 'always after power data [0,8k) N when A done': 'holds', 'sometimes after power size 0': 'reachable' })
})

// 5.1: an append inside the last, written block: the size is journaled before the data are on the disk.
test('an append inside a written block may be zeros after a power failure, and never what another file left there', () => {
  const { answers, rules } = asked(`on ext4 6.1
setup: pwrite -S X 0 2k
setup: sync
A: pwrite -S N 2k 1k
may writeback
may power
sometimes after power zeros [2k,3k)
sometimes after power data [2k,3k) N
sometimes after power size 2k
always after power data [0,2k) X`)
  expect(answers).toEqual({
    'sometimes after power zeros [2k,3k)': 'reachable',
    'sometimes after power data [2k,3k) N': 'reachable',
    'sometimes after power size 2k': 'reachable',
    'always after power data [0,2k) X': 'holds',
  })
  expect(rules).toEqual([])
})

// Facts ext4 1.6, 1.7: with the fix of 6.1.64 alone the second of two pwrite()s is where it belongs; a buffered read sees both.
test('direct and buffered I/O of one file see each other: a direct read flushes, a direct write drops what is cached', () => {
  const { answers, rules } = asked(`on ext4 6.1
setup: pwrite -S X 0 8k
A: pwrite -S N 0 4k
B: open -d foo
B: pread 0 8k
never B reads stale
always B returns 8k
sometimes B reads [0,4k) N
sometimes B reads [0,4k) X`)
  expect(answers).toEqual({
    'never B reads stale': 'holds',
    'always B returns 8k': 'holds',
    'sometimes B reads [0,4k) N': 'reachable',
    'sometimes B reads [0,4k) X': 'reachable',
  })
  expect(rules).toEqual([])
})

test('what ext4 is not modelled for is refused by line', () => {
  const refused = (lines: string): string[] => {
    const staged = stageScene(parseScene(`lockstep 1\n${lines}\nend`).scene)
    return 'system' in staged ? [] : staged.map(({ line, message }) => `${line}: ${message}`)
  }
  expect(refused('on ext4 6.1\nA: falloc 0 4k\nnever log overlap')).toEqual([
    '3: fallocate() is not modelled on ext4: write the blocks',
    '4: ext4 has no log tree: its journal is one of blocks',
  ])
  expect(refused('on ext4 6.15\nA: truncate 1k')).toEqual([
    '2: not modelled: the code of ext4 was read up to 6.12',
    '3: the part of a block that `truncate` zeroes is not modelled on ext4: cut at a multiple of 4k',
  ])
  expect(refused('on ext4 6.1 +939b656bc8ab\nA: fsync')).toEqual(['2: the patch `939b656bc8ab` is one of btrfs: it changes nothing here'])
})
