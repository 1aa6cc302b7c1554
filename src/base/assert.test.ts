import { describe, expect, it } from 'vitest'
import { AuthorError, EngineBug, InputError, invariant, unreachable } from './assert.ts'

describe('an error knows its reader', () => {
  it("the engine's own mistake says so", () => {
    expect(() => invariant(false, 'two tasks have one slot')).toThrow('[engine bug] two tasks have one slot')
    expect(() => unreachable('x' as never)).toThrow('[engine bug] unexpected "x"')
  })

  it("an author's and a reader's mistake do not blame the engine", () => {
    expect(new AuthorError('a letter is missing').message).toBe('a letter is missing')
    expect(new InputError('no such kernel').message).toBe('no such kernel')
    expect(new InputError('') instanceof EngineBug).toBe(false)
  })

  it('a condition that holds is let through', () => {
    expect(() => invariant(1, 'never said')).not.toThrow()
  })
})
