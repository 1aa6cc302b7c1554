/** What btrfs tells the oracles of its file: facts direct-io 6.2 (a read waits for the ordered extent of a direct write). */
import { describe, expect, it } from 'vitest'
import { K } from '../../base/range.ts'
import { objectionOf, type Always } from '../../engine/oracle.ts'
import { choose, resolveRelease } from '../releases.ts'
import { EFAULT, EIO } from '../lib/errno.ts'
import { fsyncOracles } from './fsync/oracles.ts'
import { shown } from './shown.ts'
import { inodeItems, stageExtents, stageWorld, T } from './stage.ts'
import type { BtrfsWorld, Ordered } from './world.ts'

/** An old file of 8K of X, and an ordered extent over its second page whose data are A. */
function writing(more: Partial<Ordered>): BtrfsWorld {
  const { items, data, next } = stageExtents([{ offset: 0, length: 8 * K, stamp: 'X' }])
  const all = [...inodeItems(8 * K), ...items]
  const s = stageWorld({
    kernel: choose(resolveRelease('6.1').release, [], []).kernel,
    setting: {},
    size: 8 * K,
    noHoles: true,
    leaves: [{ id: 'N', generation: T, items: all, room: 100 }],
    committed: all,
    data: [...data, { from: next, to: next + 4 * K, stamp: 'A' }],
    nextData: next + 4 * K,
  })
  const ordered: Ordered = {
    from: 4 * K,
    to: 8 * K,
    kind: 'regular',
    disk: next,
    diskLength: 4 * K,
    bytesLeft: 0,
    ioerr: false,
    direct: true,
    truncatedTo: null,
    oldSize: null,
    queued: true,
    sums: [],
    logged: false,
    ...more,
  }
  s.ordered = [ordered]
  return s
}

describe('the content of a file', () => {
  const stamps = (s: BtrfsWorld): string[] => shown.content(s, 0, 8 * K).map(({ stamp }) => stamp)
  it('has what a direct write has put on the disk though its item is still to come', () => {
    expect(stamps(writing({}))).toEqual(['X', 'A'])
  })
  // Whose page may be gone from the cache by then: a read waits for the ordered extent (fsync-log-tree 6.2 row 4) and finds the item.
  it('has what writeback has put on the disk though its item is still to come', () => {
    expect(stamps(writing({ direct: false }))).toEqual(['X', 'A'])
  })
  it('has not what is still on its way, or has failed', () => {
    for (const more of [{ bytesLeft: 4 * K }, { ioerr: true }]) expect(stamps(writing(more))).toEqual(['X'])
  })
})

describe('O6', () => {
  const O6 = fsyncOracles.find(({ id }) => id === 'O6') as Always<BtrfsWorld>
  const after = (text: string, returned: number): BtrfsWorld => ({ ...writing({}), calls: { A: { text, returned } } })
  it('is about errors of fsync, not of a write that could not read its buffer', () => {
    expect(O6.judge(after('pwrite(fd, NULL, 4096, 0)', EFAULT))).toBeNull()
    expect(O6.judge(after('fsync(fd)', 0))).toBeNull()
    expect(objectionOf(O6.judge(after('fsync(fd)', EIO)))).toEqual({
      says: 'fsync(fd) of A returned -5',
      marks: [{ in: 'console', part: 'call:A' }],
    })
  })
})
