/** Checksums as values: computed, stored, verified, repaired. Facts direct-io B.3 B9, B.5, B.6. */
import { describe, expect, it } from 'vitest'
import { K } from '../../../base/range.ts'
import { objectionOf, type Always, type Monitor, type Objection } from '../../../engine/oracle.ts'
import { search } from '../../../engine/search.ts'
import type { TaskDeclaration } from '../../../engine/system.ts'
import { choose, resolveRelease } from '../../releases.ts'
import { transfer } from '../../lib/runs.ts'
import { byteOf, sumsOf } from '../../lib/sums.ts'
import { csumOracles } from './oracles.ts'
import { btrfsSystem, inodeItems, stageExtents, stageWorld, T, type Staging } from '../stage.ts'
import { addWrite, filledBuffer, mustTask } from '../../vfs/stage.ts'
import { badSectors, unreadable, verifyRead } from './verify.ts'
import type { BtrfsWorld } from '../world.ts'

/** Sums of blocks of one byte (direct-io B.5). */
const [ofZero, ofFf, ofCd] = [0x98f94189, 0x25c1fe13, 0x25767598]

/** A committed file of two sectors of 0xff. */
function file(more: Partial<Staging> = {}): BtrfsWorld {
  const { items, data, next } = stageExtents([{ offset: 0, length: 8 * K, stamp: 'F' }])
  const all = [...inodeItems(8 * K), ...items]
  return stageWorld({
    kernel: choose(resolveRelease('6.1').release, [], []).kernel,
    setting: {},
    size: 8 * K,
    noHoles: true,
    leaves: [{ id: 'N', generation: T, items: all, room: 100 }],
    committed: all,
    data,
    nextData: next,
    fills: { F: 0xff, C: 0xcd },
    ...more,
  })
}
const first = 13631488
const spoil = (s: BtrfsWorld, mirror: number, at: number, length = 4 * K): void => {
  const content = [{ from: at, to: at + length, stamp: 'C' }]
  if (mirror === 0) s.disk.data = transfer(s.disk.data, at, content, at, length)
  else s.disk.copies = s.disk.copies.map((copy) => transfer(copy, at, content, at, length))
}
const whole = { from: 0, to: 8 * K, disk: first }

describe('the bytes that a stamp stands for', () => {
  it('are declared, zero, named, or the letter itself, as xfs_io -S would fill', () => {
    expect(['F', '0', '0A', 'x41', 'A'].map((stamp) => byteOf(stamp, { F: 0xff }))).toEqual([0xff, 0, 0, 0x41, 0x41])
  })

  it('give a checksum for every sector, equal neighbours in one run; nothing is zeros', () => {
    const content = [
      { from: 0, to: 8 * K, stamp: 'F' },
      { from: 12 * K, to: 16 * K, stamp: 'C' },
    ]
    expect(sumsOf(content, 0, 16 * K, { F: 0xff, C: 0xcd })).toEqual([
      { from: 0, to: 8 * K, crc: ofFf },
      { from: 8 * K, to: 12 * K, crc: ofZero },
      { from: 12 * K, to: 16 * K, crc: ofCd },
    ])
  })

  it('may be mixed in a sector: 2K of 0xff twice is a block of 0xff, whatever the stamps', () => {
    const halves = [
      { from: 0, to: 2 * K, stamp: 'F' },
      { from: 2 * K, to: 4 * K, stamp: 'xff' },
    ]
    expect(sumsOf(halves, 0, 4 * K, { F: 0xff })).toEqual([{ from: 0, to: 4 * K, crc: ofFf }])
  })
})

describe('a read', () => {
  it('of data that have their checksum says nothing', () => {
    const s = file()
    expect([verifyRead(s, whole, s.disk.data).lost, s.dmesg]).toEqual([[], []])
  })

  it('of a block of 0xcd instead of 0xff logs both sums as they lie on disk, and counts', () => {
    const s = file()
    spoil(s, 0, first + 4 * K)
    expect(verifyRead(s, whole, s.disk.data).lost).toEqual([{ from: 4 * K, to: 8 * K }])
    expect(s.dmesg.map(({ text }) => text)).toEqual([
      'BTRFS warning (device sdb): csum failed root 5 ino 257 off 4096 csum 0x98757625 expected csum 0x13fec125 mirror 1',
      'BTRFS error (device sdb): bdev /dev/sdb errs: wr 0, rd 0, flush 0, corrupt 1, gen 0',
    ])
    expect(unreadable(s, 8 * K)).toEqual([{ from: 4 * K, to: 8 * K }])
  })

  it('takes the second mirror, and writes it over the first', () => {
    const s = file({ mirrors: 2 })
    spoil(s, 0, first, 8 * K)
    expect(verifyRead(s, whole, s.disk.data).lost).toEqual([])
    expect(s.disk.data.map(({ stamp }) => stamp)).toEqual(['F'])
    expect(s.fs.corrupt).toEqual([2, 0])
    expect(unreadable(s, 8 * K)).toEqual([])
  })

  it('fails where both mirrors are bad, and only there', () => {
    const s = file({ mirrors: 2 })
    spoil(s, 0, first, 8 * K)
    spoil(s, 1, first)
    expect(unreadable(s, 8 * K)).toEqual([{ from: 0, to: 4 * K }])
    expect(verifyRead(s, whole, s.disk.data).lost).toEqual([{ from: 0, to: 4 * K }])
    expect(s.fs.corrupt).toEqual([2, 1])
  })

  it('of a NODATASUM inode verifies nothing', () => {
    const s = file({ nodatasum: true })
    spoil(s, 0, first)
    expect([verifyRead(s, whole, s.disk.data).lost, s.dmesg, s.csums]).toEqual([[], [], []])
  })

  it('finds a hole in the csum tree of an inode that has checksums', () => {
    const s = file({ csums: [{ from: first, to: first + 4 * K }] })
    expect(badSectors(s, s.disk.data, first, 8 * K)).toEqual([{ disk: first + 4 * K, found: ofFf, expected: null }])
    verifyRead(s, whole, s.disk.data)
    expect(s.dmesg[0]?.text).toBe(`BTRFS warning (device sdb): csum hole found for disk bytenr range [${first + 4 * K}, ${first + 8 * K})`)
    expect(s.dmesg[1]?.text).toMatch(/expected csum 0x00000000 mirror 1$/)
  })
})

describe('the oracles of checksums', () => {
  const oracles = csumOracles('W', 'R')
  const judge = (id: string, s: BtrfsWorld): Objection | null => {
    const oracle = oracles.find((one) => one.id === id)
    if (oracle?.shape !== 'finally') throw new Error(`${id} judges no end`)
    return objectionOf(oracle.judge(s))
  }
  const says = (id: string, s: BtrfsWorld): string | null => judge(id, s)?.says ?? null

  it('have nothing against a healthy file', () => {
    for (const mirrors of [1, 2]) for (const id of ['B-O1', 'B-O2', 'B-O4', 'B-O6']) expect(judge(id, file({ mirrors }))).toBeNull()
  })

  it('B-O1 sees a bad copy on any mirror, B-O4 that they differ', () => {
    const s = file({ mirrors: 2 })
    spoil(s, 1, first)
    expect([says('B-O1', s), says('B-O4', s)]).toEqual([
      'the data at 0 on mirror 2 have checksum 0x98757625, the csum tree says 0x13fec125',
      "the mirrors of the file's [0, 4K) are not equal",
    ])
  })

  it('B-O1 points at both checksums and at neither content; B-O4 at both copies', () => {
    const s = file({ mirrors: 2 })
    spoil(s, 1, first)
    const part = { from: 0, to: 4 * K }
    expect(judge('B-O1', s)?.marks).toEqual([
      { in: 'csums', part },
      { in: 'found2', part },
    ])
    expect(judge('B-O4', s)?.marks).toEqual([
      { in: 'mirror1', part },
      { in: 'mirror2', part },
    ])
  })

  it('B-O2 sees missing checksums, and ones that should not be', () => {
    expect(says('B-O2', file({ csums: [] }))).toMatch(/has data of the file but no checksum$/)
    expect(says('B-O2', file({ nodatasum: true, csums: [{ from: first, to: first + 4 * K }] }))).toMatch(
      /of a NODATASUM inode has a checksum$/,
    )
  })

  it('B-O5 sees a page change under writeback, and none that changes before or after', () => {
    const oracle = oracles.find(({ id }) => id === 'B-O5') as Monitor<BtrfsWorld, object>
    const cached = (stamp: string, writeback: boolean): BtrfsWorld => {
      const s = file()
      s.mapping.runs = [{ from: 0, to: 4 * K, stamp, dirty: false, writeback }]
      return s
    }
    const observe = (before: BtrfsWorld, after: BtrfsWorld): string | null =>
      objectionOf(oracle.observe({}, before, after, { task: 'W' }))?.says ?? null
    expect(observe(cached('F', true), cached('C', true))).toBe('the page cache at [0, 4K) became C under writeback')
    expect(observe(cached('F', true), cached('F', false))).toBeNull()
    expect(observe(cached('F', false), cached('C', true))).toBeNull()
  })

  it('are six, B-O6 for information: it says the same as B-O1 in a user’s words', () => {
    expect(oracles.map(({ id, kind }: Pick<Always<BtrfsWorld>, 'id' | 'kind'>) => `${id} ${kind}`)).toEqual([
      'B-O1 verdict',
      'B-O2 verdict',
      'B-O3 verdict',
      'B-O4 verdict',
      'B-O5 verdict',
      'B-O6 info',
    ])
  })
})

describe('pages under writeback are stable (direct-io B.4 F5, F6)', () => {
  /** W writes a page through the page cache and writes it back, while B stores to or writes the same page. */
  function race(kernel: string, other: 'mmap' | 'write'): ReturnType<typeof search>['verdict'] {
    const world = file({ kernel: choose(resolveRelease(kernel).release, [], []).kernel })
    const cached = (letter: string, stamp: string): TaskDeclaration => {
      addWrite(world, { letter, length: 4 * K, buffered: true, buffer: filledBuffer(4 * K, stamp) })
      return mustTask(letter, 'write and writeback', 'write_cached', { io: letter, file: 'fd', direct: false, dsync: false })
    }
    const tasks = [cached('W', 'C'), cached('B', 'D')]
    if (other === 'mmap') tasks[1] = mustTask('B', 'stores', 'mmap_stores', { at: 0, to: 4 * K, stamp: 'D' })
    const system = btrfsSystem(`pages under writeback on ${kernel}`, world, tasks, csumOracles('W', 'W'))
    return search(system, { maxStates: 400_000 }).verdict
  }

  it.each([
    ['6.1', 'mmap'],
    ['6.1', 'write'],
    ['5.12', 'mmap'],
  ] as const)('on %s, whatever a second task does through %s', { timeout: 60_000 }, (kernel, other) => {
    const verdict = race(kernel, other)
    expect([verdict.complete, verdict.deadlocks]).toEqual([true, 0])
    const bad = verdict.oracles.filter(
      ({ id, violatingSchedules }) => ['B-O1', 'B-O2', 'B-O4', 'B-O5', 'B-O6'].includes(id) && violatingSchedules !== '0',
    )
    expect(bad).toEqual([])
  })
})
