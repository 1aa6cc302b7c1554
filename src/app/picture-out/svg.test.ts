import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { merged, movingSvg } from './svg.ts'

const film = { width: 16, height: 9, viewBox: '0 0 16 9', title: 'a < b', css: '', defs: '' }

describe('a picture that moves', () => {
  it('shows in every frame exactly its marks, in the order in which they are painted', () => {
    const marks = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), { maxLength: 12 })
    fc.assert(
      fc.property(fc.array(marks, { minLength: 1, maxLength: 6 }), (frames) => {
        const all = merged(frames)
        for (const [n, frame] of frames.entries()) {
          expect(all.every(({ shown }) => shown.length === frames.length)).toBe(true)
          expect(all.filter(({ shown }) => shown[n] === '1').map(({ mark }) => mark)).toEqual(frame)
        }
      }),
      { numRuns: 200 },
    )
  })

  it('has what stays once, outside everything that moves', () => {
    const frames = ['<r1/>', '<r2/>', '<r3/>'].map((own) => ({ marks: ['<paper/>', own, '<axis/>'], seconds: 1 }))
    const svg = movingSvg({ ...film, frames })
    expect(svg.match(/<paper\/>/g)).toHaveLength(1)
    expect(svg.match(/<axis\/>/g)).toHaveLength(1)
    expect(svg.match(/<g class/g)).toHaveLength(3)
    expect(svg).toContain('<title>a &lt; b</title>')
  })

  it('stands still at its last frame where nothing may move', () => {
    const svg = movingSvg({
      ...film,
      frames: [
        { marks: ['<first/>'], seconds: 1 },
        { marks: ['<last/>'], seconds: 3 },
      ],
    })
    const [, first] = /\.(k\d)\{visibility:hidden/.exec(svg) ?? []
    expect(svg).toContain(`<g class="${first}"><first/></g>`)
    // The second frame comes after a quarter of the time.
    expect(svg).toContain('25.000%')
    expect(svg).toContain('4.00s step-end infinite')
  })
})
