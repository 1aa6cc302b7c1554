// What each genre looks like, written by hand: what the facts say of these runs, in the forms of changelogs and tools.
import { describe, expect, it } from 'vitest'
import { linesOf, sourceOf } from '../../testing/texts.ts'
import { messageId } from './tags.ts'

const appendHole = await sourceOf('append-hole')
const fsyncOverlap = await sourceOf('fsync-overlap')

describe('numbered steps', () => {
  it('are those of a changelog: who, in which function, what; what follows stands under its step', () => {
    // direct-io A.4: pinning fails, the ordered extent is cancelled, the lock is dropped, the position moves to i_size.
    expect(linesOf(appendHole, { genre: 'steps', from: 12, to: 21, level: 'all' })).toEqual([
      'The following steps are taken, in a model of Linux 6.1:',
      '',
      '   Task A: write(fd, buf, 64K), O_APPEND | O_DIRECT',
      '   Task ab: worker that finishes [0, 64K)',
      '',
      "1) Task A: bio_iov_iter_get_pages() finds no page of A's buffer in its",
      '   page table: -EFAULT;',
      '',
      '2) Task A, in btrfs_dio_iomap_end(): [0, 64K) was never submitted: its',
      '   ordered extent is marked as failed; i_size stays 64K; returns',
      '   -ENOTBLK;',
      '',
      '3) Task ab, in btrfs_finish_ordered_io(): locks [0, 64K) in the io_tree',
      '   to finish its ordered extent;',
      '',
      '4) Task ab: the ordered extent at 0 has no data to insert: its disk',
      '   extent is freed, there is no file extent item; i_size stays 64K;',
      '',
      '5) Task A, in __iomap_dio_rw(): nothing was submitted, so',
      "   dio->error = -EFAULT; drops the submitter's reference: ref = 0;",
      '',
      '6) Task A, in btrfs_inode_unlock(): gives up the inode lock before the',
      '   dio is completed: from here another task can change the file;',
      '',
      '7) Task A, in iomap_dio_complete(): ends the dio with -EFAULT: ki_pos',
      '   stays where it is;',
      '',
      "8) Task A, in fault_in_iov_iter_readable(): faults 64K of A's buffer in;",
      '   then tries again;',
      '',
      '9) Task A, in btrfs_inode_lock(): takes the inode lock (exclusive)',
      '   again, for the retry;',
      '',
      '10) Task A: generic_write_checks(): O_APPEND moves ki_pos to',
      '   i_size = 64K.',
    ])
  })

  it('end with what is wrong and what a user sees', () => {
    // direct-io A.5 row 1: write() returns 64K, the file is 128K long, the first 64K are a hole.
    expect(linesOf(appendHole, { genre: 'steps' }).slice(-7)).toEqual([
      '12) Task av, in btrfs_remove_ordered_extent(): removes the ordered',
      '   extent at 64K and wakes whoever waited for it.',
      '   --> A appended 64K, but its bytes are not at [0, 64K)',
      '   --> A wrote 64K at a size of 0, but i_size is 128K',
      '   --> A was told that 64K were appended at 0, but [0, 64K) is a hole',
      '',
      'A got 64K. The file is 128K long: hole [0, 64K), data A [64K, 128K).',
    ])
  })

  it('explain how it happens only where something goes wrong', () => {
    expect(linesOf(appendHole, { genre: 'steps' })[0]).toMatch(/^The following steps explain how this happens/)
    expect(linesOf(appendHole, { genre: 'steps', to: 20 })[0]).toMatch(/^The following steps are taken/)
  })
})

describe('the CPU table', () => {
  it('has a column for each task and a function over what is done in it', () => {
    // direct-io A.3: the device reads, the bio ends, the last reference wakes the submitter, which returns.
    expect(linesOf(appendHole, { genre: 'cpu', from: 34, to: 37, level: 'all' })).toEqual([
      'What happens, in a model of Linux 6.1:',
      '',
      '   Task A: write(fd, buf, 64K), O_APPEND | O_DIRECT',
      '   Task a: disk write for A',
      '',
      'CPU 1 (A)                            CPU 2 (a)',
      '',
      '                                       submit_bio()',
      '                                         the device reads [64K, 128K) of',
      '                                           the file from memory (A) and',
      '                                           writes it to disk address',
      '                                           13697024',
      '                                     btrfs_dio_end_io()',
      '                                       the I/O of the ordered extent',
      '                                         [64K, 128K) is done: queues its',
      '                                         finish work',
      '                                       iomap_dio_bio_end_io()',
      '                                         drops the last reference and',
      '                                           wakes the submitter',
      '',
      '__iomap_dio_rw()',
      '  the last bio has dropped its',
      '    reference and woken the',
      '    submitter',
    ])
  })

  it('drops a third column that has no room, and tells of it below', () => {
    const lines = linesOf(fsyncOverlap, { genre: 'cpu' })
    expect(lines).toContain('CPU 1 (A)                            CPU 2 (B)')
    expect(lines).toContain('                                     (1)')
    const below = lines.indexOf('CPU 3 (bdv):')
    expect(lines.slice(below, below + 4)).toEqual([
      'CPU 3 (bdv):',
      '',
      '(1)   btrfs_drop_extents()',
      '        replaces [764K, 768K) in the subvolume tree; the item at 640K is',
    ])
  })

  it('breaks a function that is wider than a column behind one of its words', async () => {
    const lines = linesOf(await sourceOf('bcachefs-lockless'), { genre: 'cpu', width: 64, level: 'all' }).map((line) => line.trim())
    expect(lines.filter((line) => /^[a-z_]*\)$/.test(line))).toEqual([])
    expect(lines.some((line) => line.includes('bch2_filemap_get_contig_'))).toBe(true)
  })

  it('shows who waits for a lock, and who holds it', async () => {
    // fsync-log-tree 6: with the fix fsync holds i_mmap_lock, and the page fault waits for it.
    const { right, about } = await sourceOf('fsync-overlap', ['885f46d87f29'])
    if (!right) throw new Error('nothing to compare with')
    const lines = linesOf({ left: right, right: null, parted: null, across: (n) => n, about }, { genre: 'cpu' })
    expect(lines.map((line) => line.trim())).toContain('B waits for i_mmap_lock, held by A')
  })
})

describe('the layout strip', () => {
  it('draws a hole as an open box over a ruler, with carets under what is wrong', () => {
    const lines = linesOf(appendHole, { genre: 'strip', width: 64 })
    expect(lines.slice(0, 2)).toEqual(['inode 257:', ''])
    expect(lines[2]).toBe('file extent items:')
    expect(lines[3]).toMatch(/^\[ +hole +\]\[ +A +\]$/)
    expect(lines[4]).toMatch(/^\^+$/)
    // The carets stand under the hole and nothing else, and the ruler's 64K where the data begin.
    expect(lines[4]?.length).toBe(lines[3]?.lastIndexOf('['))
    expect(lines[5]?.indexOf('64K')).toBe(lines[4]?.length)
    expect(lines[5]).toMatch(/^0 +64K +128K$/)
    expect(lines.slice(-2)).toEqual(['i_size = 128K, disk_i_size = 128K, ki_pos of A = 128K', '--> i_size should not be 128K'])
  })

  it('puts ranges that overlap into rows of their own', () => {
    const lines = linesOf(fsyncOverlap, { genre: 'strip' })
    const log = lines.indexOf('log tree items:')
    expect(lines[log + 1]).toMatch(/^\[ +D +\]\[ +E +\]$/)
    expect(lines[log + 3]).toMatch(/^ +\[ +Z +\]$/)
  })
})

describe('the leaf box', () => {
  it('has the file extent items of a leaf, as changelogs draw them', () => {
    // seeds 002, step 3: the last item of leaf N covers 640K to 768K.
    expect(linesOf(fsyncOverlap, { genre: 'leaf', to: 6 })).toEqual([
      'In the subvolume tree:',
      '',
      'Leaf N, generation 8 (current):',
      '',
      '------------------------------------------------------',
      '| (...)  [ file extent item, offset 0, length 640K ] |',
      '| [ file extent item, offset 640K, length 128K ]     |',
      '------------------------------------------------------',
    ])
  })
})

describe('listings', () => {
  it('are those of xfs_io: 512-byte blocks, the last one included', () => {
    // A hole of 64K, then 64K of data at disk address 13697024, which is block 26752.
    expect(linesOf(appendHole, { genre: 'fiemap' })).toEqual([
      'f:',
      ' EXT: FILE-OFFSET      BLOCK-RANGE      TOTAL FLAGS',
      '   0: [0..127]:        hole               128',
      '   1: [128..255]:      26752..26879       128   0x1',
    ])
  })

  it('are those of filefrag, in 79 columns alone', () => {
    expect(linesOf(appendHole, { genre: 'filefrag', width: 79 })).toContain(
      '   0:       16..      31:       3344..      3359:     16:         16: last,eof',
    )
    expect(linesOf(appendHole, { genre: 'filefrag' })).toEqual(['filefrag -v has lines of 79 columns: choose that width, or fiemap'])
  })

  it('stand before and after, of a part of a run and of two kernels', async () => {
    const lines = linesOf(appendHole, { genre: 'before-after' })
    expect(lines[0]).toBe('=== before ===')
    expect(lines[lines.indexOf('=== after ===') + 1]).toBe('Linux 6.1 (model), after step 45')
    const two = linesOf(await sourceOf('append-hole', ['939b656bc8ab']), { genre: 'before-after' })
    // Keeping the lock keeps the position: the fixed kernel has no hole.
    expect(two.slice(0, 2)).toEqual(['=== before ===', 'Linux 6.1 (model), after step 45'])
    expect(two[two.indexOf('=== after ===') + 1]).toMatch(/^Linux 6\.1 with 939b656bc8ab \(model\), after step \d+$/)
    expect(two.slice(-1)).toEqual([expect.stringMatching(/^ {3}0: \[0\.\.127\]: +\d+\.\.\d+ +128 {3}0x1$/)])
  })

  it('have the log tree as dump-tree prints it', () => {
    const lines = linesOf(fsyncOverlap, { genre: 'log', to: 31 })
    expect(lines[0]).toBe('log tree key (TREE_LOG ROOT_ITEM 5)')
    const at = lines.findIndex((line) => line.includes('(257 EXTENT_DATA 655360)'))
    // The item at 640K still covers 128K: it was copied before the store.
    expect(lines.slice(at, at + 5)).toEqual([
      '        item 3 key (257 EXTENT_DATA 655360) itemoff 16006 itemsize 53',
      '                generation 7 type 1 (regular)',
      '                extent data disk byte 14286848 nr 135168',
      '                extent data offset 0 nr 131072 ram 135168',
      '                extent compression 0 (none)',
    ])
  })

  it('say so where there is nothing to show', async () => {
    expect(linesOf(appendHole, { genre: 'leaf' })).toEqual(['no leaf in this scenario'])
    expect(linesOf(appendHole, { genre: 'log' })).toEqual(['no log tree in this scenario at this step'])
    expect(linesOf(await sourceOf('bcachefs-lockless'), { genre: 'fiemap' })).toEqual(['no extents with disk addresses in this scenario'])
  })
})

it('the letter strip has a column a step, under its number', () => {
  expect(linesOf(appendHole, { genre: 'letters', from: 9, to: 21 })).toEqual([
    'Which task takes each step, in a model of Linux 6.1: a letter takes it,',
    '- waits for something.',
    '',
    'step  10    .   20',
    'A     AAAAA  AAAAAA',
    'ab         aa',
    '',
    'A5 ab2 A6',
  ])
})

describe('why', () => {
  it('has the counts of this kernel and of the one with the fix, and what bounds them', () => {
    const text = linesOf(appendHole, { genre: 'why' }).join(' ')
    const { view, fixed } = appendHole.left.why()
    expect(view.violating).toBe(view.schedules)
    expect(fixed?.violating).toBe('0')
    expect(text).toContain(
      `On 6.1: all ${Number(view.schedules).toLocaleString('en')} schedules violate; complete: all ${view.states} reachable states were visited.`,
    )
    expect(text).toContain(`With 939b656bc8ab: none of ${Number(fixed?.schedules).toLocaleString('en')} schedules violates; complete`)
    expect(text).toContain('Bound: task A and what it starts, with these settings.')
  })
})

describe('two kernels beside each other', () => {
  it('begin with where they part, and each with what it is', async () => {
    const lines = linesOf(await sourceOf('fsync-overlap', ['885f46d87f29']), { genre: 'steps' })
    expect(lines.slice(0, 3).join(' ')).toBe(
      'The two part after step 7 on the left, after step 8 on the right. Left: B in btrfs_page_mkwrite(): locks the page [764K, 768K). Right: B waits for i_mmap_lock, held by A.',
    )
    expect(lines[lines.indexOf('=== left ===') + 1]).toBe('Linux 5.12 (model)')
    expect(lines[lines.indexOf('=== right ===') + 1]).toMatch(/^Linux 5\.12 with 885f46d87f29/)
  })
})

describe('the page for readers without scripts', () => {
  it('has what should have been and what was, the steps, the counts, tags and messages', () => {
    const lines = linesOf(appendHole, { genre: 'page' })
    expect(lines).toContain('Should: write() appends 64K to an empty file: the file is 64K long and')
    expect(lines).toContain('How often:')
    // A tag is one line, however long; the subject is that of the commit.
    expect(lines).toContain('Fixes: 8184620ae212 ("btrfs: fix lost file sync on direct IO write with nowait and dsync iocb")')
    expect(lines).toContain('  <0b841d46-12fe-4e64-9abb-871d8d0de271@redhat.com>')
  })

  it('says which rules a run breaks, also where what a user sees is in order', async () => {
    // fsync-log-tree 9: two leaves of the log tree hide the overlap from the tree checker, which compares neighbours within a leaf.
    const text = linesOf(await sourceOf('fsync-overlap', null, { logleaf: 'two' }), { genre: 'page' }).join(' ')
    expect(text).toMatch(/Did: +A got 0, B got 0\./)
    expect(text).toContain('Broken: "file extents do not overlap" (O1).')
  })

  it('says who everybody is of whom it speaks, and that a reproducer is of the documented run', async () => {
    const lines = linesOf(await sourceOf('ext4-position', null, { writes: '4' }), { genre: 'page' })
    expect(lines.filter((line) => /^ {3}Task [A-D]: write\(/.test(line))).toHaveLength(4)
    expect(lines).toContain('Reproducer of the documented run:')
    expect(linesOf(fsyncOverlap, { genre: 'page' })).toContain('Reproducer:')
  })

  it('says nothing of the documented run beside another one', async () => {
    const { right, about } = await sourceOf('append-hole', ['939b656bc8ab'])
    if (!right) throw new Error('nothing to compare with')
    const text = linesOf({ left: right, right: null, parted: null, across: (n) => n, about }, { genre: 'page' }).join(' ')
    expect(text).not.toContain(about.card.gist.slice(0, 40))
  })

  it('knows a message by its id, alone or in an address of the archive', () => {
    expect(messageId('20231205122122.dfhhoaswsfscuhc3@quack3')).toBe('20231205122122.dfhhoaswsfscuhc3@quack3')
    expect(messageId('https://lore.kernel.org/linux-fsdevel/20211019134204.3382645-1-agruenba@redhat.com/')).toBe(
      '20211019134204.3382645-1-agruenba@redhat.com',
    )
    expect(messageId('https://git.kernel.org/linus/885f46d87f29')).toBeNull()
    expect(messageId('iomap-priority')).toBeNull()
  })
})
