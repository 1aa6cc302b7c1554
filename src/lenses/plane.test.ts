import { describe, expect, test } from 'vitest'
import { doomAt, doomInWords, doomPath } from './doom.ts'
import {
  cellInWords,
  depthOf,
  DEPTHS,
  moveByKey,
  planeInWords,
  planeLayout,
  runsOf,
  wallsOf,
  cellUnder,
  type Plane,
  type PlaneCell,
} from './plane.ts'
import { percent } from './percent.ts'
import { evenAxis } from './step-axis.ts'

const cells: Readonly<Record<string, PlaneCell>> = {
  '.': { kind: 'safe', share: 0, behind: null },
  '?': { kind: 'some', share: 0.25, behind: null },
  X: { kind: 'doomed', share: 1, behind: null },
  l: { kind: 'never', share: 0, behind: 'lock' },
  m: { kind: 'never', share: 0, behind: 'mutex' },
  '-': { kind: 'never', share: 0, behind: null },
  o: { kind: 'unknown', share: null, behind: null },
}

function plane(...drawn: string[]): Plane {
  const task = (letter: string, length: number) => ({
    letter,
    name: `task ${letter}`,
    labels: Array.from({ length }, (_, i) => `${letter}${i + 1}`),
  })
  return {
    across: task('A', (drawn[0]?.length ?? 1) - 1),
    down: task('B', drawn.length - 1),
    rows: drawn.map((row) => [...row].map((sign) => cells[sign] ?? { kind: 'never', share: 0, behind: null })),
    path: [{ across: 0, down: 0 }],
  }
}

describe('walls', () => {
  test('cells behind one lock are one rectangle, and every cell is in exactly one', () => {
    expect(wallsOf(plane('.ll.', '.ll.', '....'))).toEqual([{ across: 1, down: 0, width: 2, height: 2, behind: 'lock' }])
  })
  test('two locks side by side are two, and what has no name is none', () => {
    const walls = wallsOf(plane('lm-', 'lm-'))
    expect(walls.map(({ behind, width, height }) => [behind, width, height])).toEqual([
      ['lock', 1, 2],
      ['mutex', 1, 2],
    ])
  })
  test('an L is two rectangles without a cell in common', () => {
    const walls = wallsOf(plane('ll', 'l.'))
    expect(walls).toEqual([
      { across: 0, down: 0, width: 2, height: 1, behind: 'lock' },
      { across: 0, down: 1, width: 1, height: 1, behind: 'lock' },
    ])
  })
})

test('neighbours of one row that look the same are one shape', () => {
  expect(runsOf(plane('XX.X', '.X..'), ({ kind }) => kind === 'doomed')).toEqual([
    { across: 0, down: 0, width: 2, height: 1 },
    { across: 3, down: 0, width: 1, height: 1 },
    { across: 1, down: 1, width: 1, height: 1 },
  ])
})

test('some ink for the smallest share, the deepest for nearly all, none for what is no share', () => {
  const some = (share: number) => depthOf({ kind: 'some', share, behind: null })
  expect([some(1e-12), some(0.5), some(0.9999)]).toEqual([1, DEPTHS / 2, DEPTHS])
  expect(depthOf({ kind: 'safe', share: 0, behind: null })).toBe(0)
})

test('a share that is not all is never called all, one that is not nothing never nothing', () => {
  expect([0, 1e-9, 0.004, 0.354, 0.996, 1].map(percent)).toEqual([
    '0 %',
    'less than 1 %',
    'less than 1 %',
    '35 %',
    'more than 99 %',
    '100 %',
  ])
})

describe('the cursor', () => {
  const drawn = plane('..X', '.?.', 'X..')
  test('stays on the plane', () => {
    expect(moveByKey('ArrowLeft', { across: 0, down: 1 }, drawn)).toEqual({ across: 0, down: 1 })
    expect(moveByKey('ArrowDown', { across: 1, down: 1 }, drawn)).toEqual({ across: 1, down: 2 })
    expect(moveByKey('End', { across: 0, down: 0 }, drawn)).toEqual({ across: 2, down: 2 })
    expect(moveByKey('q', { across: 0, down: 0 }, drawn)).toBeNull()
  })
  test('PageDown goes round the doomed cells, and round the others where none is doomed', () => {
    expect(moveByKey('PageDown', { across: 0, down: 0 }, drawn)).toEqual({ across: 2, down: 0 })
    expect(moveByKey('PageDown', { across: 2, down: 0 }, drawn)).toEqual({ across: 0, down: 2 })
    expect(moveByKey('PageDown', { across: 0, down: 2 }, drawn)).toEqual({ across: 2, down: 0 })
    expect(moveByKey('PageUp', { across: 2, down: 0 }, drawn)).toEqual({ across: 0, down: 2 })
    expect(moveByKey('PageDown', { across: 0, down: 0 }, plane('..', '.?'))).toEqual({ across: 1, down: 1 })
    expect(moveByKey('PageDown', { across: 1, down: 0 }, plane('..', '..'))).toEqual({ across: 1, down: 0 })
  })
})

test('forty by forty cells fit a page and a pointer finds each of them', () => {
  const large = plane(...Array.from({ length: 40 }, () => '.'.repeat(40)))
  const layout = planeLayout(large, 700)
  expect(layout.width).toBeLessThanOrEqual(700)
  expect(layout.cell).toBeGreaterThanOrEqual(12)
  const middle = (across: number, down: number) =>
    [layout.left + (across + 0.5) * layout.cell, layout.top + (down + 0.5) * layout.cell] as const
  expect(cellUnder(layout, ...middle(39, 0))).toEqual({ across: 39, down: 0 })
  expect(cellUnder(layout, ...middle(0, 39))).toEqual({ across: 0, down: 39 })
  expect(cellUnder(layout, layout.left - 1, layout.top + 1)).toBeNull()
})

test('words say what a cell is, who stands where and what keeps everybody out', () => {
  const drawn = plane('.l', '?X')
  expect(cellInWords(drawn, { across: 1, down: 0 })).toBe(
    'A has taken 1 step (A1), B has not begun: no schedule comes here, kept out by lock',
  )
  expect(cellInWords(drawn, { across: 0, down: 1 })).toBe(
    'A has not begun, B has taken 1 step (B1): 25 % of the schedules that come here violate',
  )
  expect(planeInWords(drawn)).toEqual([
    '4 cells: 1 in which every schedule violates, 1 in which some do, 1 in which none does, 1 that none reaches.',
    'Every schedule violates in cells from A 1 to 1, B 1 to 1.',
    'Nobody comes to A 1 to 1, B 0 to 0, kept out by lock.',
  ])
})

test('says of a search that was stopped which cells it does not know', () => {
  const drawn = plane('.o', '?o')
  expect(cellInWords(drawn, { across: 1, down: 0 })).toBe('A has taken 1 step (A1), B has not begun: the search was stopped before it knew')
  expect(planeInWords(drawn)).toEqual([
    '4 cells: 0 in which every schedule violates, 1 in which some do, 1 in which none does, 0 that none reaches, 2 of which the search does not know it.',
  ])
})

describe('the curve', () => {
  const doom = {
    shares: [0.25, 0.25, 1],
    lost: { step: 2, says: 'B store' },
    jump: { step: 2, says: 'B store' },
    bars: [],
    instead: 'not known',
  }
  test('holds each share over its column and ends at the right edge', () => {
    // 20 units from all to none, so that a quarter lies 15 below the top.
    expect(doomPath(doom.shares, evenAxis(3, 30), 0)).toBe('M0 15H10V15H20V0H30')
  })
  test('in words', () => {
    expect(doomInWords(doom)).toBe(
      'At the start 25 % of all continuations violate, at the end 100 %; the share grows most at step 2 (B store), from 25 % to 100 %; lost at step 2, B store.',
    )
    expect(doomAt(doom, 2)).toBe('100 % of the continuations violate; lost at step 2, B store')
    expect(doomAt(doom, 1)).toBe('25 % of the continuations violate')
    expect(doomAt({ ...doom, shares: [] }, 1)).toBe('not known')
  })
})
