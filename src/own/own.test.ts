import { expect, test } from 'vitest'
import { asked, refused } from '../testing/asked.ts'

const appendHole = (kernel: string): string =>
  `on btrfs ${kernel}\nA: open -da foo\nA: pwrite 0 64k -- buf absent\nnever hole [0,64k)\nalways size 64k`

// Facts direct-io A.1: the append starts over at the new end of the file; 939b656bc8ab (6.11) does not let it.
test('an append from memory that is not in the page table leaves a hole on 6.1, and none with 939b656bc8ab', () => {
  const bug = asked(appendHole('6.1'))
  expect(bug.answers).toEqual({ 'never hole [0,64k)': 'broken', 'always size 64k': 'broken' })
  const fixed = asked(appendHole('6.1 +939b656bc8ab'))
  expect(fixed.answers).toEqual({ 'never hole [0,64k)': 'holds', 'always size 64k': 'holds' })
  expect(fixed.rules).toEqual([])
})

const shortRead = (kernel: string): string =>
  `on btrfs ${kernel}\nsetup: pwrite -S X 0 4k\nsetup: fsync\nsetup: pwrite -S Y 4k 4k\nsetup: fsync\nA: open -d foo\nA: pread 0 8k -- via uring,\n buf first 4k\nalways A returns 8k\nsometimes A returns 4k`

// Facts direct-io C.1, C.5: 4096 of 8192 with io_uring over two extents; ca93e44bfb5f (5.17) mends it.
test('a read through io_uring over two extents comes back short on 5.16, and never with ca93e44bfb5f', () => {
  expect(asked(shortRead('5.16')).answers).toEqual({ 'always A returns 8k': 'broken', 'sometimes A returns 4k': 'reachable' })
  expect(asked(shortRead('5.16 +ca93e44bfb5f')).answers).toEqual({
    'always A returns 8k': 'holds',
    'sometimes A returns 4k': 'unreachable',
  })
})

// The truncates are one after the other, and a direct read holds the inode lock shared: it finds the old size, or the new one after each.
test('a direct read against two truncates ends where the file ended at one moment, and is never stale', () => {
  const { answers, rules } = asked(
    'on btrfs 6.1\nsetup: pwrite -S X 0 64k\nsetup: sync\nA: open -d foo\nA: pread 0 64k\nB: truncate 16k\nB: truncate 64k\nsometimes A returns 16k\nsometimes A returns 64k\nnever A returns 32k\nnever A reads stale\nsometimes A reads zeros\nalways size 64k',
  )
  expect(answers).toEqual({
    'sometimes A returns 16k': 'reachable',
    'sometimes A returns 64k': 'reachable',
    'never A returns 32k': 'holds',
    'never A reads stale': 'holds',
    'sometimes A reads zeros': 'reachable',
    'always size 64k': 'holds',
  })
  expect(rules).toEqual([])
})

test('results are told by the number of the call, and the first call is over before the second begins', () => {
  const { answers, outcomes } = asked(
    'on btrfs 6.1\nA: pwrite -S Q 0 4k\nA: pread 0 4k\nA: truncate 0\nalways A reads [0,4k) Q\nalways size 0\nalways A returns 4k',
  )
  expect(answers).toEqual({ 'always A reads [0,4k) Q': 'holds', 'always size 0': 'holds', 'always A returns 4k': 'holds' })
  expect(outcomes.map(({ returns }) => returns)).toEqual([{ A1: 4096, A2: 4096, A3: 0 }])
})

// Without fsync a crash may leave the old file or the new one; with it only the new one, once it has returned.
test('data are there after a power failure once fsync has returned, and need not be before', () => {
  const { answers, rules } = asked(
    'on btrfs 6.1\nsetup: pwrite -S O 0 4k\nsetup: sync\nA: pwrite -S N 0 4k\nA: fsync\nmay power\nalways after power data [0,4k) N when A done\nsometimes after power data [0,4k) O\nsometimes after power data [0,4k) N\nnever after power zeros [0,4k)',
  )
  expect(answers).toEqual({
    'always after power data [0,4k) N when A done': 'holds',
    'sometimes after power data [0,4k) O': 'reachable',
    'sometimes after power data [0,4k) N': 'reachable',
    'never after power zeros [0,4k)': 'holds',
  })
  expect(rules).toEqual([])
})

test('what is not modelled is refused by line before anything runs, with the nearest thing that is', () => {
  expect(refused('on btrfs 6.1\nA: mread 0 4k')).toEqual(['3: loads through a mapping are not modelled: use `pread`'])
  expect(refused('on xfs 6.1\nA: fsync')[0]).toMatch('2: no scene of `xfs` can be run')
  expect(refused('on btrfs 4.4\nA: fsync')[0]).toMatch(/^2: the kernel "4.4" is older/)
  expect(refused('on btrfs 6.1 +0123456789ab\nA: fsync')[0]).toMatch('2: no patch `0123456789ab` is modelled')
  expect(refused('on btrfs 6.1\nmay ioerror\nA: fsync')).toEqual(['3: errors of the device are not modelled'])
  // Its log would be shared with the first file's.
  expect(refused('on btrfs 6.1\nA: open foo\nA: fsync\nB: open bar\nB: fsync')).toEqual([
    '5: a second file is not modelled: line 3 opens `foo`, and every task has that one',
  ])
  expect(refused('on btrfs 6.1\nA: fsync\nB: fsync\nmay power')).toEqual([])
  expect(refused('on btrfs 6.1\nA: mwrite 0 4k')[0]).toMatch('3: nothing is mapped at 0')
  expect(refused('on btrfs 6.1\nA: truncate 4k -- nowait')[0]).toMatch('3: `nowait` goes with `pread`')
  expect(refused('on btrfs 6.1\nsetup: fpunch 0 4k\nsetup: mmap -w 0 4k\nsetup: mwrite 0 4k\nA: fsync')[0]).toMatch(
    '5: `mwrite` fails here with SIGBUS',
  )
})

test('every command of the language is in the table of each file system, and every one that is said to run does', () => {
  const lines = [
    'A: open foo',
    'A: pwrite 0 4k',
    'A: pread 0 4k',
    'A: mmap -w 0 4k\nA: mwrite 0 4k\nA: msync\nA: munmap',
    'A: truncate 8k',
    'A: falloc 0 8k',
    'A: fpunch 0 4k',
    'A: fzero 0 4k',
    'A: fsync',
    'A: fdatasync',
    'A: sync_range -w -a 0 4k',
    'A: sync',
    'A: syncfs',
    'A: close',
    'A: pwrite 0 4k\nB: memset A 0 4k',
    'A: open -d foo\nA: pread 0 4k -- via aio',
    'A: pread 0 4k -- nowait',
    'A: pwrite 0 4k -- dsync',
    'A: pwrite 0 4k -- buf shared',
    'A: open -d foo\nA: pread 0 4k -- buf mapped 4k',
    'A: fsync -- same fd as B\nB: fsync',
    'A: pwrite 0 4k\nmay writeback [0,4k)',
    'A: pread 0 4k\nmay reclaim',
    'A: pwrite 0 4k\nmay commit',
    'A: fsync\nmay power',
  ]
  for (const one of lines) {
    const { outcomes } = asked(`on btrfs 6.1\nsetup: pwrite -S X 0 8k\nsetup: sync\n${one}`)
    expect({ one, ends: outcomes.length > 0, stuck: outcomes.some(({ stuck }) => stuck !== null) }).toEqual({
      one,
      ends: true,
      stuck: false,
    })
  }
})

// Facts direct-io C.3: the read holds the inode lock shared while it maps, and a truncate takes it exclusive: one of the two waits for the other.
test('a claim on the order of two steps is judged once both were taken, and a step that nobody has is refused with the nearest name', () => {
  const order = `on btrfs 6.1\nsetup: pwrite -S X 0 64k\nsetup: sync\nA: open -d foo\nA: pread 0 64k\nB: truncate 16k`
  const { answers } = asked(
    `${order}\nsometimes A step pin_pages before B step btrfs_setsize.lock_inode\nsometimes B step btrfs_setsize.lock_inode before A step pin_pages\nalways A step submit_bio before A step preadv2.return\nnever A step preadv2.return before A step pin_pages`,
  )
  expect(answers).toEqual({
    'sometimes A step pin_pages before B step btrfs_setsize.lock_inode': 'reachable',
    'sometimes B step btrfs_setsize.lock_inode before A step pin_pages': 'reachable',
    'always A step submit_bio before A step preadv2.return': 'holds',
    'never A step preadv2.return before A step pin_pages': 'holds',
  })
  expect(refused(`${order}\nnever A step pin_page before B step lock_inode`)).toEqual([
    '8: no step `pin_page` is modelled: did you mean `pin_pages`?',
  ])
})
