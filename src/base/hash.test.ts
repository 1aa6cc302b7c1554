import { describe, expect, it } from 'vitest'
import { hash } from './hash.ts'

describe('hash', () => {
  // The values that the author of cyrb53 gives as examples, for seed 0.
  it.each([
    ['a', 7929297801672961],
    ['b', 8684336938537663],
    ['revenge', 4051478007546757],
    ['revenue', 8309097637345594],
  ])('of "%s" is cyrb53 of it, %d', (text, value) => {
    expect(hash(text)).toBe(value.toString(16).padStart(14, '0'))
  })

  it('is 14 hex digits long, however short the text', () => {
    for (const text of ['', 'x', 'a longer text with ünïcode']) expect(hash(text)).toMatch(/^[0-9a-f]{14}$/)
  })
})
