import { describe, expect, it } from 'vitest'
import { columnOf, edgeOf, foldedCell, scrollFor, stateAt, stepAxis } from './step-axis.ts'

describe('the step axis', () => {
  it('has a column for the initial state and one for each step, and finds the state under each', () => {
    for (const steps of [0, 1, 10, 44, 150])
      for (const room of [364, 1400]) {
        const axis = stepAxis(steps, room)
        for (let n = 0; n <= steps; n++) expect(stateAt(axis, columnOf(axis, n))).toBe(n)
      }
  })

  it('fills the room with few steps, and scrolls rather than make a column too narrow to hit', () => {
    expect(stepAxis(40, 1400).width).toBeCloseTo(1400)
    expect(stepAxis(150, 364).cell).toBe(12)
    expect(stepAxis(150, 364).width).toBeGreaterThan(364)
  })

  it('gives the room of folded steps to the others, and still finds each', () => {
    const folded = new Set([3, 4, 5, 9])
    const axis = stepAxis(10, 600, folded)
    for (let n = 0; n <= 10; n++) expect(stateAt(axis, columnOf(axis, n))).toBe(n)
    for (const n of folded) expect(edgeOf(axis, n + 1) - edgeOf(axis, n)).toBe(foldedCell)
    // Seven columns share what four narrow ones leave of 600.
    expect(axis.cell).toBeCloseTo((600 - 4 * foldedCell) / 7)
    expect(axis.width).toBeCloseTo(600)
  })

  it('keeps a pointer outside it at its ends', () => {
    const axis = stepAxis(10, 500)
    expect([stateAt(axis, -5), stateAt(axis, 9999)]).toEqual([0, 10])
  })
})

describe('scrolling', () => {
  it('keeps every current column in sight, from wherever it comes', () => {
    const axis = stepAxis(150, 364)
    for (let n = 0; n <= 150; n++)
      for (const scroll of [0, 300, 900, axis.width - 364]) {
        const at = scrollFor(axis, n, scroll, 364)
        expect(columnOf(axis, n)).toBeGreaterThanOrEqual(at)
        expect(columnOf(axis, n)).toBeLessThanOrEqual(at + 364)
      }
  })

  it('does not move while the column is well in sight', () => {
    expect(scrollFor(stepAxis(150, 364), 60, 550, 364)).toBe(550)
  })
})
