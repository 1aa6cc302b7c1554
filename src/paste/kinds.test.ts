/** What each kind of paste says beyond the ten samples; the expected values are worked out by hand from the text above them. */
import { describe, expect, it } from 'vitest'
import { readPaste, type PasteDocument } from './document.ts'

const read = (...lines: string[]): PasteDocument => readPaste(lines.join('\n'))
const files = (...lines: string[]) => {
  const document = read(...lines)
  if (!('files' in document)) throw new Error(`${document.format} has no files`)
  return document.files
}
const head = (bytes: number, blocks: number, unit: number): string[] => [
  `File size of big is ${bytes} (${blocks} blocks of ${unit} bytes)`,
  ' ext:     logical_offset:        physical_offset: length:   expected: flags:',
]

describe('filefrag', () => {
  it('with prompts in between, from extent 3 on and with rows left out, has unknown bytes and no hole', () => {
    const [excerpt, small] = files(
      'root@box:~# filefrag -v big',
      ...head(10240 * 4096, 10240, 4096),
      '   3:      600..    1023:      34816..     35239:    424:      33000:',
      '   4:     1024..    2047:      36864..     37887:   1024:      35240: merged',
      '...',
      '   9:     9000..   10239:      98304..     99543:   1240:      90000: last,eof',
      'big: 10 extents found',
      'root@box:~# filefrag -v -b512 big',
      ...head(4096, 8, 512),
      '   0:        0..       7:       1000..      1007:      8:             last,merged,eof',
    )
    expect(excerpt?.runs.filter(({ kind }) => kind === 'unknown').map(({ from, to }) => [from / 4096, to / 4096])).toEqual([
      [0, 600],
      [2048, 9000],
    ])
    expect([excerpt?.holes, excerpt?.partial, small?.partial]).toEqual([[], true, false])
    // -b512: block 1000 is byte 512000.
    expect(small?.runs).toEqual([{ from: 0, to: 4096, kind: 'data', flags: ['eof', 'last', 'merged'], disk: 512_000 }])
  })

  it('as it was printed until 2013: the place on the disk, where that was expected, and a length; the block size in other words', () => {
    const [file] = files(
      '> $ filefrag -v /srv/vm.img',
      '> Filesystem type is: ef53',
      '> File size of /srv/vm.img is 1048576 (256 blocks, blocksize 4096)',
      '>  ext logical physical expected length flags',
      '>    0       0  1234567             100 ',
      '>    1     120  1300000  1234687    136 unwritten,eof',
      '> /srv/vm.img: 2 extents found',
    )
    expect(file).toMatchObject({ name: '/srv/vm.img', size: 1048576, partial: false })
    expect(file?.runs).toEqual([
      { from: 0, to: 100 * 4096, kind: 'data', flags: [], disk: 1234567 * 4096 },
      { from: 100 * 4096, to: 120 * 4096, kind: 'hole', flags: [], disk: null },
      { from: 120 * 4096, to: 256 * 4096, kind: 'unwritten', flags: ['eof', 'unwritten'], disk: 1300000 * 4096 },
    ])
  })

  it('names the line of a row that cannot be read, and does not guess what it was', () => {
    const [file] = files(
      ...head(16384, 4, 4096),
      '   0:        0..       0:         10..        10:      1:',
      '   1:        1..       l:         20..        20:      1:         11:',
      '   2:        2..       3:         30..        31:      2:         21: last,eof',
    )
    expect(file?.problems).toEqual([expect.stringMatching(/^line 4: the row "1: 1\.\. l: 20\.\. 20: 1: 11:" cannot be read; write it as/)])
    expect(file?.runs.map(({ kind }) => kind)).toEqual(['data', 'unknown', 'data'])
  })

  it('names numbers that contradict each other', () => {
    const [file] = files(...head(16384, 5, 4096), '   0:        0..       3:         10..        13:      7:             last,eof')
    expect(file?.problems).toEqual([
      expect.stringMatching(/^line 1: 16384 bytes are not 5 blocks of 4096/),
      expect.stringMatching(/^line 3: the blocks 0\.\.3 are not 7 blocks/),
    ])
  })
})

describe('an excerpt of filefrag', () => {
  it('without its head has the name that its last line has, and says what it took for the size of a block', () => {
    const [file] = files('   3:      600..    1023:      34816..     35239:    424:      33000: last,eof', '/mnt/big: 4 extents found')
    expect(file).toMatchObject({
      name: '/mnt/big',
      size: null,
      unit: 4096,
      partial: true,
      problems: [expect.stringMatching(/4096 bytes are taken/)],
    })
  })

  it('whose head a mailer broke is wrapped', () => {
    const read = readPaste(
      [
        ...head(4096, 1, 4096).map((line) => line.replace(' flags:', '\nflags:')),
        '   0:        0..       0:         10..        10:      1: last,eof',
      ].join('\n'),
    )
    expect(read.damage).toEqual(['wrapped'])
  })
})

describe('dump-tree', () => {
  it('of a log with two items over the same bytes tells which bytes both claim', () => {
    const [file] = files(
      '> leaf 30457856 items 6 free space 15000 generation 9 owner TREE_LOG',
      '> \titem 0 key (257 INODE_ITEM 0) itemoff 16123 itemsize 160',
      '> \t\tgeneration 7 transid 9 size 262144 nbytes 0',
      '> \titem 1 key (257 EXTENT_DATA 0) itemoff 16070 itemsize 53',
      '> \t\tgeneration 9 type 1 (regular)',
      '> \t\textent data disk byte 13631488 nr 131072',
      '> \t\textent data offset 0 nr 131072 ram 131072',
      '> \titem 2 key (257 EXTENT_DATA 65536) itemoff 16017 itemsize 53',
      '> \t\tgeneration 9 type 1 (regular)',
      '> \t\textent data disk byte 13893632 nr 65536',
      '> \t\textent data offset 0 nr 65536 ram 65536',
      '> \titem 3 key (EXTENT_CSUM EXTENT_CSUM 13631488) itemoff 15800 itemsize 128',
      '> \t\trange start 13631488 end 13762560 length 131072',
    )
    expect(file).toMatchObject({ name: 'inode 257', size: 262_144, overlaps: [[65_536, 131_072]], holes: [[131_072, 262_144]] })
  })
})

describe('a dump with lines left out', () => {
  it('whose items follow one another has none left out, and one whose leaf has more is open at its end', () => {
    const [whole, second] = files(
      'leaf 30408704 items 4 free space 15000 generation 9 owner FS_TREE',
      '\titem 0 key (257 INODE_ITEM 0) itemoff 16123 itemsize 160',
      '\t\tgeneration 7 (...) size 16384 (...)',
      '\t\t(...)',
      '\titem 1 key (257 EXTENT_DATA 0) itemoff 16070 itemsize 53',
      '\t\t...',
      '\t\textent data disk byte 13631488 nr 8192',
      '\t\textent data offset 0 nr 8192 ram 8192',
      '\titem 2 key (258 INODE_ITEM 0) itemoff 15910 itemsize 160',
      '\t\tgeneration 7 transid 9 size 16384 nbytes 0',
      '\titem 3 key (258 EXTENT_DATA 0) itemoff 15850 itemsize 53',
      '\t\textent data disk byte 13641488 nr 8192',
      '\t\textent data offset 0 nr 8192 ram 8192',
    )
    expect([whole?.partial, whole?.holes]).toEqual([false, [[8192, 16_384]]])
    expect([second?.partial, second?.holes]).toEqual([false, [[8192, 16_384]]])
    const [cut] = files(
      'leaf 30408704 items 9 free space 15000 generation 9 owner FS_TREE',
      '\titem 0 key (257 INODE_ITEM 0) itemoff 16123 itemsize 160',
      '\t\tgeneration 7 transid 9 size 16384 nbytes 0',
      '\titem 1 key (257 EXTENT_DATA 0) itemoff 16070 itemsize 53',
      '\t\textent data disk byte 13631488 nr 8192',
      '\t\textent data offset 0 nr 8192 ram 8192',
    )
    expect([cut?.partial, cut?.holes, cut?.runs.at(-1)]).toEqual([
      true,
      [],
      { from: 8192, to: 16_384, kind: 'unknown', flags: [], disk: null },
    ])
  })
})

describe('quoted-printable', () => {
  const row = '   0:        0..     191:       9216..      9407:    192:             '
  it('is undone in the quoted lines of a mail whose own lines were never encoded', () => {
    const read = readPaste(`I see == and that.\n> File size of v1 is 786432 (192 blocks of 4096 by=\ntes)\n> ${row}last,eof=20\n`)
    expect(read).toMatchObject({ damage: ['quoted', 'quoted-printable'], files: [{ name: 'v1', size: 786_432, partial: false }] })
  })

  it('is undone where it stands for the tabs of a dump alone', () => {
    const lines = [
      'leaf 1 items 1 free space 9 generation 9 owner FS_TREE',
      '=09item 0 key (257 EXTENT_DATA 0) itemoff 1 itemsize 53',
      '=09=09extent data disk byte 4096 nr 4096',
      '=09=09extent data offset 0 nr 4096 ram 4096',
    ]
    const read = readPaste(lines.join('\n'))
    expect(read).toMatchObject({ damage: ['quoted-printable'], files: [{ runs: [{ from: 0, to: 4096, disk: 4096 }] }] })
  })

  it('is not seen in options that have a number', () => {
    const read = readPaste(`bs=4096 count=20\nFile size of v1 is 786432 (192 blocks of 4096 bytes)\n${row}last,eof\n`)
    expect(read.damage).toEqual([])
  })
})

describe('inline data', () => {
  it('of which filefrag tells bytes, whatever a block has', () => {
    // misc/filefrag.c: "For inline data all offsets should be in bytes, not blocks".
    const [file] = files(
      ...head(40, 1, 4096),
      '   0:        0..      39:          0..        39:     40:             last,not_aligned,inline,eof',
    )
    expect(file?.runs).toEqual([{ from: 0, to: 40, kind: 'inline', flags: ['eof', 'inline', 'last', 'not_aligned'], disk: null }])
  })
})

describe('rows of two tools', () => {
  it('in one text are not mixed: it is said which were not read', () => {
    const read = readPaste('/mnt/f:\n   0: [0..7]:          8..15                8   0x1\nFile size of f is 4096 (1 block of 4096 bytes)')
    expect([read.format, read.note]).toEqual(['fiemap', 'the rows of filefrag from line 3 on are not read: paste them alone'])
  })
})

describe('a table', () => {
  it('has headings of any words where a bar parts them as it parts the lines below', () => {
    expect(
      read(
        '     fsync                      |    mmap write',
        '  ------------------------------+---------------------------',
        '  btrfs_sync_file()             |',
        '                                | btrfs_page_mkwrite()',
      ),
    ).toMatchObject({
      tasks: ['fsync', 'mmap write'],
      steps: [
        { task: 0, text: 'btrfs_sync_file()' },
        { task: 1, text: 'btrfs_page_mkwrite()' },
      ],
    })
  })

  it('with bars and a numbering of each column is in the order of its rows', () => {
    expect(
      read(
        '    CPU 0                    |   CPU 1',
        '   --------------------------+-------------------------',
        '   1) lock_extent()          |',
        '                             | 1) btrfs_page_mkwrite()',
        '      -> waits               |',
        '   2) unlock_extent()        | 2) clear_extent_bit()',
        '',
        'Fix this by taking the lock first.',
      ),
    ).toEqual({
      format: 'table',
      damage: [],
      tasks: ['CPU 0', 'CPU 1'],
      steps: [
        { task: 0, text: 'lock_extent()' },
        { task: 1, text: 'btrfs_page_mkwrite()' },
        { task: 0, text: '-> waits' },
        { task: 0, text: 'unlock_extent()' },
        { task: 1, text: 'clear_extent_bit()' },
      ],
    })
  })
})

describe('a table of tasks', () => {
  it('whose headings stand over the middle of their columns: what begins left of its heading, and far from all that is left of it, is its own', () => {
    expect(
      read(
        '      CPU 1                                     CPU 2',
        '',
        '  btrfs_finish_ordered_io()',
        '                                          btrfs_drop_extents()',
        '     insert_reserved_file_extent()',
        '                                             <returns 0>',
      ),
    ).toMatchObject({
      format: 'table',
      tasks: ['CPU 1', 'CPU 2'],
      steps: [
        { task: 0, text: 'btrfs_finish_ordered_io()' },
        { task: 1, text: 'btrfs_drop_extents()' },
        { task: 0, text: 'insert_reserved_file_extent()' },
        { task: 1, text: '<returns 0>' },
      ],
    })
  })

  it('with a chain of calls that runs to the right under the left heading, has these in the left column', () => {
    const chain = Array.from({ length: 12 }, (_, depth) => `${' '.repeat(2 + 3 * depth)}f${depth}()`)
    const document = read('  CPU 0                                   CPU 1', ...chain, `${' '.repeat(42)}g()`)
    expect('steps' in document && document.steps.map((step) => 'text' in step && [step.task, step.text])).toEqual([
      ...chain.map((_, depth) => [0, `f${depth}()`]),
      [1, 'g()'],
    ])
  })
})

describe('the log of fsx', () => {
  it('counts bytes, as it prints the end of FALLOC and the last byte of all others', () => {
    // ltp/fsx.c logdump(): FALLOC "thru" offset + length, PUNCH "thru" offset + length - 1.
    const read = readPaste(
      [
        'OFFSET\tGOOD\tBAD\tRANGE',
        '0x01c01\t0x0279\t0x0000\t0x00000',
        'LOG DUMP (2 total operations):',
        '1(  1 mod 256): FALLOC   0x2e0f2 thru 0x3134a\t(0x3258 bytes) PAST_EOF',
        '2(  2 mod 256): PUNCH    0x1000 thru 0x1fff\t(0x1000 bytes)',
      ].join('\n'),
    )
    expect(read).toMatchObject({
      differing: [0x1c01],
      operations: [
        { from: 0x2e0f2, to: 0x3134a },
        { from: 0x1000, to: 0x2000 },
      ],
    })
  })

  it('with the time before each operation, and a zero without 0x in the list of bad bytes, is the same log', () => {
    expect(
      read(
        'OFFSET  GOOD    BAD     RANGE',
        '0x1f000 0x0206  000000   0x 213e',
        'LOG DUMP (812 total operations):',
        '810: 1516719230.853913 TRUNCATE UP        from 0x0 to 0x13e76',
        '811(43 mod 256): 1516719230.870030 MAPWRITE 0x32e00 thru 0x331fc (0x3fd bytes)',
        '812: 1516719230.87 WRITE 0x17098 to somewhere',
        '813: no operation at all',
      ),
    ).toMatchObject({
      total: 812,
      differing: [0x1f000],
      operations: [
        { n: 810, op: 'TRUNCATE UP', from: 0, to: 0x13e76 },
        { n: 811, op: 'MAPWRITE', from: 0x32e00, to: 0x331fd },
      ],
      // Nothing that stands where an operation stands is passed over in silence.
      problems: [expect.stringMatching(/^line 6: the operation "812: /), expect.stringMatching(/^line 7: the operation "813: /)],
    })
  })

  it('is read inside the diff of a failed test, with the bytes that were bad', () => {
    expect(
      read(
        '> --- tests/generic/127.out\t2021-01-01',
        '> @@ -1,13 +1,40 @@',
        '>  QA output created by 127',
        '> +READ BAD DATA: offset = 0x1c00, size = 0x2100, fname = /mnt/f',
        '> +LOG DUMP (5 total operations):',
        '> +1(  1 mod 256): SKIPPED (no operation)',
        '> +2(  2 mod 256): WRITE    0x1000 thru 0x2fff\t(0x2000 bytes) HOLE\t***WWWW',
        '> +3(  3 mod 256): TRUNCATE DOWN\tfrom 0x3000 to 0x1800\t******WWWW',
        '> +4(  4 mod 256): CLONE 0x0 thru 0xfff\t(0x1000 bytes) to 0x4000 thru 0x4fff',
        '> +5(  5 mod 256): MAPREAD  0x1c00 thru',
        '> 0x3cff\t(0x2100 bytes)\t***RRRR***',
        '> +Log of operations saved to "/mnt/f.fsxops"; replay with --replay-ops',
      ),
    ).toEqual({
      format: 'fsx',
      damage: ['quoted', 'diff', 'wrapped'],
      total: 5,
      bad: { from: 0x1c00, to: 0x3d00 },
      problems: [],
      operations: [
        { n: 1, op: 'SKIPPED', from: null, to: null, dest: null, skipped: true, marks: [] },
        { n: 2, op: 'WRITE', from: 0x1000, to: 0x3000, dest: null, skipped: false, marks: ['HOLE', '***WWWW'] },
        { n: 3, op: 'TRUNCATE DOWN', from: 0x1800, to: 0x3000, dest: 0x1800, skipped: false, marks: ['******WWWW'] },
        { n: 4, op: 'CLONE', from: 0, to: 0x1000, dest: 0x4000, skipped: false, marks: [] },
        { n: 5, op: 'MAPREAD', from: 0x1c00, to: 0x3d00, dest: null, skipped: false, marks: ['***RRRR***'] },
      ],
    })
  })
})

describe('what is none of these', () => {
  it.each([
    ['', /^line 1: there is no text here: paste what filefrag -v/],
    ['\n\nhello <b>you</b>', /^line 3: "hello <b>you<\/b>" begins nothing that can be read: paste what/],
    ['> \titem 0 key (257 INODE_ITEM 0) itemoff 1 itemsize 160', /^line 1: no item here is EXTENT_DATA/],
    ['x'.repeat(2_000_001), /^the text has 2000001 characters, more than 2000000/],
  ])('is told in one sentence with the line and what to do', (text, says) => {
    expect(() => readPaste(text)).toThrow(says)
  })
})
