/** What the model says of a paste is true of what was pasted. */
import { describe, expect, it } from 'vitest'
import { readPaste } from '../paste/document.ts'
import { logsIn } from '../paste/logs.ts'
import { stripInWords } from '../lenses/words.ts'
import { pastedView } from './pasted-view.ts'
import type { PastedView } from './protocol.ts'

const item = (slot: number, ino: number, from: number, to: number, disk: number): string =>
  [
    `\titem ${slot} key (${ino} EXTENT_DATA ${from * 1024}) itemoff 16000 itemsize 53`,
    `\t\textent data disk byte ${disk * 1024} nr ${(to - from) * 1024}`,
    `\t\textent data offset 0 nr ${(to - from) * 1024} ram ${(to - from) * 1024}`,
  ].join('\n')
const inode = (size: number): string =>
  `\titem 0 key (257 INODE_ITEM 0) itemoff 16123 itemsize 160\n\t\tgeneration 7 transid 9 size ${size * 1024} nbytes 0`
const leaf = (owner: string, items: number): string => `leaf 30408704 items ${items} free space 15000 generation 9 owner ${owner}`

function replayed(...lines: string[]): PastedView {
  const [found] = logsIn(lines.join('\n'))
  if (!found) throw new Error('there is no log in this')
  return pastedView({ what: 'log', log: found.log, committed: found.committed })
}

describe('a log tree beside its subvolume', () => {
  const view = replayed(
    leaf('FS_TREE', 2),
    inode(1024),
    item(1, 257, 0, 1024, 13_312),
    leaf('TREE_LOG', 3),
    inode(896),
    item(1, 257, 640, 768, 20_480),
    item(2, 257, 764, 768, 30_720),
  )

  it('is drawn with what the next mount has: the later of two items over the same bytes, and no more than the size', () => {
    expect(stripInWords(view.strip)).toBe(
      'log replay. subvolume items: A data [0, 1M). log items: B data [640K, 768K) damaged, C data [764K, 768K) damaged, overlap on [764K, 768K). ' +
        'after replay: A data [0, 640K), B data [640K, 764K), C data [764K, 768K), A data [768K, 896K). i_size 896K.',
    )
  })

  it('is told in sentences of its own bytes', () => {
    expect(view.says).toEqual([
      'Replay makes the file 896K long, as the INODE_ITEM of the log says.',
      expect.stringMatching(/^Two items of the log are over \[764K, 768K\)\. /),
      'What the subvolume has at [640K, 768K), [896K, 1M) is no longer there after replay.',
    ])
  })
})

describe('a log tree alone', () => {
  it('claims nothing of the bytes that it has no item over', () => {
    const view = replayed(leaf('TREE_LOG', 2), inode(64), item(1, 257, 16, 32, 20_480))
    expect(stripInWords(view.strip)).toContain('after replay: unknown [0, 16K), A data [16K, 32K), unknown [32K, 64K).')
    expect(view.says).toContain(
      'Nothing in the log is over [0, 16K), [32K, 64K): there replay leaves what the subvolume has, which this text does not tell.',
    )
  })

  it('is none where no line says that the tree is one', () => {
    expect(logsIn([leaf('FS_TREE', 2), inode(64), item(1, 257, 16, 32, 20_480)].join('\n'))).toEqual([])
  })
})

describe('a log of fsx', () => {
  const fsx = (...operations: string[]): PastedView => {
    const document = readPaste(
      [
        'READ BAD DATA: offset = 0x0, size = 0x4000, fname = f',
        '0x01fff\t0x0200\t0x0000\t0x00000',
        '0x02000\t0x0200\t0x0000\t0x00001',
        'LOG DUMP (9 total operations):',
        ...operations,
      ].join('\n'),
    )
    if (document.format !== 'fsx') throw new Error('it is no log of fsx')
    return pastedView({
      what: 'fsx',
      operations: document.operations,
      kernel: '6.12',
      bad: document.bad,
      differing: document.differing ?? [],
    })
  }

  it('names the last writer of each byte that differed', () => {
    const { writers, says } = fsx(
      '1(  1 mod 256): WRITE    0x0 thru 0x3fff\t(0x4000 bytes)',
      '2(  2 mod 256): MAPWRITE 0x1000 thru 0x1fff\t(0x1000 bytes)',
      '3(  3 mod 256): PUNCH    0x3000 thru 0x3fff\t(0x1000 bytes)',
    )
    expect(writers.map(({ from, to, says: who }) => [from, to, who])).toEqual([
      [0x1fff, 0x2000, 'operation 2, MAPWRITE [4K, 8K)'],
      [0x2000, 0x2001, 'operation 1, WRITE [0, 16K)'],
    ])
    expect(says).toEqual(['All 3 operations ran on the model; the file is 16K long.'])
  })

  it('names what made them zeros, or says that none of the operations wrote them', () => {
    const cleared = fsx(
      '1(  1 mod 256): WRITE    0x0 thru 0x3fff\t(0x4000 bytes)',
      '2(  2 mod 256): PUNCH    0x1000 thru 0x1fff\t(0x1000 bytes)',
    )
    expect(cleared.writers.map(({ says }) => says)).toEqual(['made zeros by operation 2, PUNCH [4K, 8K)', 'operation 1, WRITE [0, 16K)'])
    const never = fsx('1(  1 mod 256): TRUNCATE UP\tfrom 0x0 to 0x2000')
    expect(never.writers.map(({ says }) => says)).toEqual(['written by none of these operations', 'behind the end of the file'])
  })

  it('says where the model ends, and that the beginning is not known, and then names nobody', () => {
    const { writers, says } = fsx(
      '7(  7 mod 256): WRITE    0x0 thru 0x3fff\t(0x4000 bytes)',
      '8(  8 mod 256): CLONE 0x0 thru 0xfff\t(0x1000 bytes) to 0x4000 thru 0x4fff',
    )
    expect(writers).toEqual([])
    expect(says).toEqual([
      'The log begins at operation 7: what was in the file before is not known, and the model began with an empty one.',
      'The model stopped before operation 8: the model of btrfs has no CLONE. What is drawn is the file after the 1 before it.',
    ])
  })
})
