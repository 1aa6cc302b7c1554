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

describe('a table', () => {
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

describe('the log of fsx', () => {
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
