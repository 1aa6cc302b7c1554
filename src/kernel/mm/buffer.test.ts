/** The GUP rule: facts direct-io 6.1 below the table, and A.3 A18. */
import { describe, expect, it } from 'vitest'
import { K } from '../../base/range.ts'
import { faultIn, presentPrefix } from './buffer.ts'
import type { UserBuffer } from './world.ts'

const buffer = (...present: [number, number][]): UserBuffer => ({
  length: 64 * K,
  content: [],
  present: present.map(([from, to]) => ({ from: from * K, to: to * K })),
  pinned: [],
})

describe('get_user_pages without faults', () => {
  it('pins nothing if the first page is absent, even if later ones are there: -EFAULT', () => {
    expect(presentPrefix(buffer([4, 64]), 0, 64 * K)).toBe(0)
    expect(presentPrefix(buffer(), 0, 64 * K)).toBe(0)
  })

  it('pins the longest present prefix and stops at the first absent page', () => {
    expect(presentPrefix(buffer([0, 16], [20, 64]), 0, 64 * K)).toBe(16 * K)
    expect(presentPrefix(buffer([0, 16], [20, 64]), 20 * K, 44 * K)).toBe(44 * K)
  })

  it('pins no more than it was asked for', () => {
    expect(presentPrefix(buffer([0, 64]), 8 * K, 4 * K)).toBe(4 * K)
  })

  it('begins in the middle of a present part', () => {
    expect(presentPrefix(buffer([0, 16]), 12 * K, 52 * K)).toBe(4 * K)
  })

  it('does not see where one present part ends and a touching one begins', () => {
    expect(presentPrefix(buffer([0, 8], [8, 16]), 0, 64 * K)).toBe(16 * K)
  })
})

describe('fault_in_iov_iter_readable()', () => {
  it('makes what nobody ever touched the zero page (facts direct-io A.10)', () => {
    const fresh = buffer()
    faultIn(fresh, 0, 64 * K, '0A')
    expect(fresh.present).toEqual([{ from: 0, to: 64 * K }])
    expect(fresh.content).toEqual([{ from: 0, to: 64 * K, stamp: '0A' }])
  })

  it('keeps content that is there but was not in the page table', () => {
    const swapped: UserBuffer = { ...buffer([0, 16]), content: [{ from: 0, to: 64 * K, stamp: 'A' }] }
    faultIn(swapped, 16 * K, 64 * K, '0A')
    expect(swapped.present).toEqual([{ from: 0, to: 64 * K }])
    expect(swapped.content).toEqual([{ from: 0, to: 64 * K, stamp: 'A' }])
  })

  it('fills only the gaps of a buffer that was written in part', () => {
    const partly: UserBuffer = { ...buffer(), content: [{ from: 16 * K, to: 32 * K, stamp: 'A' }] }
    faultIn(partly, 0, 64 * K, '0A')
    expect(partly.content).toEqual([
      { from: 0, to: 16 * K, stamp: '0A' },
      { from: 16 * K, to: 32 * K, stamp: 'A' },
      { from: 32 * K, to: 64 * K, stamp: '0A' },
    ])
  })

  it('touches no page outside the range', () => {
    const fresh = buffer([60, 64])
    faultIn(fresh, 0, 4 * K, '0A')
    expect(fresh.present).toEqual([
      { from: 0, to: 4 * K },
      { from: 60 * K, to: 64 * K },
    ])
  })
})
