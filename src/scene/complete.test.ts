import { expect, test } from 'vitest'
import { completion, statementBefore, type Knowledge } from './complete.ts'

const knowledge: Knowledge = {
  fileSystems: ['btrfs', 'ext4'],
  releases: ['5.16', '6.1'],
  patches: [{ word: '+939b656bc8ab', says: 'fix' }],
  options: ['no-holes'],
  labels: (task) => (task === 'A' ? ['pin_pages'] : []),
}
const words = (before: string, tasks: readonly string[] = ['A']): string[] =>
  completion(before, tasks, knowledge).offers.map(({ word }) => word)

test('a line begins with a word of the language, a task that is there, or one more', () => {
  expect(words('')).toEqual(expect.arrayContaining(['on', 'setup:', 'never', 'A:', 'B:', 'end']))
  expect(words('ne')).toEqual(['never'])
})

test('after a colon stand commands, after a command its options, after its numbers what xfs_io does not know', () => {
  expect(words('A: f')).toEqual(['falloc', 'fpunch', 'fzero', 'fsync', 'fdatasync'])
  expect(words('A: remo')).toEqual([])
  expect(words('setup: remo')).toEqual(['remount'])
  expect(words('A: pwrite -')).toEqual(['-S', '-b'])
  expect(words('A: pwrite 0 4k ')).toEqual(['--'])
  expect(words('A: pread 0 8k -- via ')).toEqual(['uring', 'aio'])
  expect(words('A: pread 0 8k -- via uring, b')).toEqual(['buf'])
})

test('kernels, patches, labels and tasks are those that the page knows', () => {
  expect(words('on ')).toEqual(['btrfs', 'ext4'])
  expect(words('on btrfs 6')).toEqual(['6.1'])
  expect(words('on btrfs 6.1 +')).toEqual(['+939b656bc8ab'])
  expect(words('run A until ')).toEqual(['pin_pages'])
  expect(words('always after power da')).toEqual(['data'])
  expect(words('never A re')).toEqual(['returns', 'reads'])
  expect(words('always size 4k when ', ['A', 'B'])).toEqual(['A', 'B'])
})

test('a word that is whole is told from one that is only begun', () => {
  const whole = (before: string): boolean => completion(before, ['A'], { ...knowledge, releases: ['6.1', '6.1.64'] }).whole
  expect([whole('A: sync'), whole('A: syn'), whole('on btrfs 6.1'), whole('on btrfs 6'), whole('never ')]).toEqual([
    true,
    false,
    true,
    false,
    false,
  ])
})

test('a wrapped statement is one, and a blank line ends nothing', () => {
  expect(statementBefore('on btrfs 6.1\nA: pread 0 8k -- via uring,\n   bu')).toBe('A: pread 0 8k -- via uring,    bu')
  expect(statementBefore('on btrfs 6.1\n')).toBe('')
})
