import { describe, expect, it } from 'vitest'
import { placeName } from './call-names.ts'
import { monoWidth, pad } from './text-width.ts'

const begin = { procedures: ['btrfs_dio_iomap_begin'], inside: [8, 9, 10, 11] }
const room = (text: string): number => text.length * monoWidth + 2 * pad
const plain = { isFolded: false, taken: [] }
const at = (width: number, next: number, more: Partial<Parameters<typeof placeName>[2]> = {}) =>
  placeName(begin, { x: 100, width }, { ...plain, next, ...more })

describe('the name of a call', () => {
  it('stands in its bar where all of it fits', () => {
    expect(at(room('btrfs_dio_iomap_begin'), 900)).toEqual({ text: 'btrfs_dio_iomap_begin', x: 100 + pad, isBehind: false })
  })

  it('stands behind a bar that is too short, as long as no other bar of its level is in the way', () => {
    expect(at(24, 124 + room('btrfs_dio_iomap_begin'))).toEqual({ text: 'btrfs_dio_iomap_begin', x: 124 + pad, isBehind: true })
  })

  it('loses its first words where neither has room: the last ones tell it from others', () => {
    expect(at(room('…iomap_begin'), 230)?.text).toBe('…iomap_begin')
    expect(at(room('…begin'), 180)?.text).toBe('…begin')
    expect(at(10, 115)).toBeNull()
  })

  it('keeps clear of a wait that is drawn over its bar', () => {
    const wide = room('btrfs_dio_iomap_begin')
    const name = at(2 * wide, 900, { taken: [{ x: 100, width: 60 }] })
    expect(name?.x).toBe(160 + pad)
    // A wait in the middle leaves no stretch wide enough, so it stands behind.
    expect(at(wide + 20, 900, { taken: [{ x: 150, width: 30 }] })?.isBehind).toBe(true)
  })

  it('comes with that of the one that only calls it where both fit', () => {
    const both = { procedures: ['btrfs_do_write_iter', 'btrfs_direct_write'], inside: [1] }
    expect(placeName(both, { x: 0, width: 400 }, { ...plain, next: 400 })?.text).toBe('btrfs_do_write_iter › btrfs_direct_write')
    expect(placeName(both, { x: 0, width: 150 }, { ...plain, next: 150 })?.text).toBe('btrfs_direct_write')
  })

  it('says of a folded call how many steps are in it, and that alone where nothing else fits', () => {
    expect(at(300, 300, { isFolded: true })?.text).toBe('btrfs_dio_iomap_begin · 4 steps')
    expect(at(16, 100, { isFolded: true })?.text).toBe('4')
  })
})
