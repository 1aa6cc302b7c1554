/** Marks on pictures: what is named becomes damage, exactly that, and no byte is lost by cutting. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { K, type Range } from '../base/range.ts'
import { markedTasks, withMarks, type Mark } from './mark.ts'
import type { Console, ExtentStrip, Gauge, Locks, Picture, RecordPicture, Span, TreeLeaf, UserBuffer } from './picture.ts'

const span = (id: string, from: number, to: number): Span => ({ id, from, to, fill: 'data', label: id, task: null, note: null })

const strip = (...spans: readonly Span[]): ExtentStrip => ({
  kind: 'extent-strip',
  id: 'strip:257',
  title: 'inode 257',
  axis: { from: 0, to: 128 * K },
  lanes: [
    { id: 'cache', title: 'page cache', spans },
    { id: 'subvol', title: 'items', spans },
  ],
  markers: [
    { id: 'i_size', name: 'i_size', at: 128 * K, task: null },
    { id: 'ki_pos:A', name: 'ki_pos', at: 0, task: 'A' },
  ],
})

const one = <T extends Picture>(picture: T, ...marks: readonly Mark[]): T => withMarks([picture], marks)[0] as T
const damagedOf = (spans: readonly Span[] | undefined) =>
  (spans ?? []).flatMap(({ id, from, to, damaged }) => (damaged ? [[id, from, to]] : []))

describe('a marked range', () => {
  const whole = strip(span('E', 0, 64 * K), span('Z', 60 * K, 64 * K), span('Y', 64 * K, 128 * K))

  it('cuts the spans that it meets at its borders and leaves other lanes alone', () => {
    const { lanes } = one(whole, { in: 'subvol', part: { from: 60 * K, to: 68 * K } })
    expect(damagedOf(lanes[1]?.spans)).toEqual([
      ['E@61440', 60 * K, 64 * K],
      ['Z', 60 * K, 64 * K],
      ['Y', 64 * K, 68 * K],
    ])
    expect(lanes[0]).toEqual(whole.lanes[0])
  })

  it('of no length, or where nothing is drawn, marks nothing', () => {
    expect(one(whole, { in: 'subvol', part: { from: 4 * K, to: 4 * K } })).toEqual(whole)
    expect(one(whole, { in: 'subvol', part: { from: 200 * K, to: 204 * K } })).toEqual(whole)
  })

  it('keeps every byte of every span, damages the marked ones, and gives each piece an id of its own', () => {
    const part = fc.tuple(fc.nat(32), fc.nat(32)).map(([a, b]): Range => ({ from: Math.min(a, b), to: Math.max(a, b) }))
    fc.assert(
      fc.property(fc.array(part, { maxLength: 4 }), fc.array(part, { maxLength: 4 }), (places, meant) => {
        const spans = places.filter(({ from, to }) => from < to).map(({ from, to }, i) => span(`s${i}`, from, to))
        const cut = one(strip(...spans), ...meant.map((range) => ({ in: 'cache', part: range }))).lanes[0]?.spans ?? []
        expect(new Set(cut.map(({ id }) => id)).size).toBe(cut.length)
        const isMeant = (at: number): boolean => meant.some(({ from, to }) => from <= at && at < to)
        for (const { id, from, to } of spans)
          for (let at = from; at < to; at++) {
            const pieces = cut.filter((piece) => piece.id.split('@')[0] === id && piece.from <= at && at < piece.to)
            expect(pieces.map(({ damaged }) => damaged === true)).toEqual([isMeant(at)])
          }
      }),
    )
  })
})

describe('a named part', () => {
  it('is a span, a marker, an item, a field, a row, a line by its id or its text', () => {
    const whole = strip(span('E', 0, 4 * K), span('Z', 4 * K, 8 * K))
    expect(damagedOf(one(whole, { in: 'cache', part: 'Z' }).lanes[0]?.spans)).toEqual([['Z', 4 * K, 8 * K]])
    expect(one(whole, { in: 'marker', part: 'i_size' }).markers.map(({ damaged }) => damaged)).toEqual([true, undefined])

    const items = ['257.EXTENT_DATA.0', '257.EXTENT_DATA.4096'].map((id) => ({ id, key: id, payload: '', covers: null }))
    const tree: TreeLeaf = {
      kind: 'tree-leaf',
      id: 'tree:log',
      title: '',
      leaves: [{ id: 'N', title: '', items, locked: null }],
      cursor: null,
    }
    const [leaf] = one(tree, { in: 'tree:log', part: '257.EXTENT_DATA.4096' }).leaves
    expect(leaf?.items.map(({ damaged }) => damaged)).toEqual([undefined, true])
    expect(one(tree, { in: 'tree:subvol', part: '257.EXTENT_DATA.4096' })).toEqual(tree)

    const fields = ['ki_pos', 'ki_flags'].map((name) => ({ name, value: '0' }))
    const record: RecordPicture = { kind: 'record', id: 'kiocb:A', title: '', owner: 'A', fields, gone: null }
    expect(one(record, { in: 'kiocb:A', part: 'ki_pos' }).fields.map(({ damaged }) => damaged)).toEqual([true, undefined])

    const rows = ['i_rwsem', 'log_mutex'].map((id) => ({ id, name: id, mode: 'free' as const, holders: [], range: null }))
    const locks: Locks = { kind: 'locks', id: 'locks', title: '', rows }
    expect(one(locks, { in: 'locks', part: 'log_mutex' }).rows.map(({ damaged }) => damaged)).toEqual([undefined, true])

    // Two tasks hold ranges of one lock: who waits for one of them is not kept by the other, and a name is no range.
    const held = ['A', 'B'].map((by) => ({ id: by, name: 'io_tree', mode: 'exclusive' as const, holders: [by], range: '[0, 4K)' }))
    const ranges: Locks = { ...locks, rows: held }
    expect(one(ranges, { in: 'held:A', part: 'io_tree [0, 8K)' }).rows.map(({ damaged }) => damaged)).toEqual([true, undefined])
    expect(one(ranges, { in: 'held:A', part: 'io_tree' }).rows.map(({ damaged }) => damaged)).toEqual([undefined, undefined])

    const lines = ['a', 'b', 'c'].map((text) => ({ id: `line:${text}`, text, stream: 'dmesg' as const, level: 'info' as const }))
    const console: Console = { kind: 'console', id: 'console', title: '', lines }
    const said = one(console, { in: 'console', part: 'b' }, { in: 'console', part: 'line:c' })
    expect(said.lines.map(({ damaged }) => damaged)).toEqual([undefined, true, true])

    const gauge: Gauge = { kind: 'gauge', id: 'ref:A', title: '', value: -1, max: 3, holders: [] }
    expect([gauge, one(gauge, { in: 'ref:A', part: 'value' })].map(({ damaged }) => damaged)).toEqual([undefined, true])
  })

  it('is a page of a buffer for any of its bytes', () => {
    const run = { id: 'p0', firstPage: 0, pages: 4, content: 'A', present: true, pinned: false }
    const buffer: UserBuffer = { kind: 'user-buffer', id: 'buffer:A', title: '', owner: 'A', pages: 4, runs: [run], iter: null }
    const { runs } = one(buffer, { in: 'buffer:A', part: { from: 5000, to: 8192 } })
    expect(runs.map(({ id, firstPage, pages, damaged }) => [id, firstPage, pages, damaged])).toEqual([
      ['p0', 0, 1, undefined],
      ['p0@1', 1, 1, true],
      ['p0@2', 2, 2, undefined],
    ])
  })

  it('is a task, which has no picture of its own', () => {
    const marks = [
      { in: 'task', part: 'B' },
      { in: 'task', part: 'A' },
      { in: 'locks', part: 'i_rwsem' },
    ]
    expect(markedTasks(marks)).toEqual(['A', 'B'])
  })
})
