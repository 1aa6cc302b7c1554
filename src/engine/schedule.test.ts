import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { InputError } from '../base/assert.ts'
import { parseSchedule, printSchedule, stepsMax } from './schedule.ts'

const tasks = fc.array(fc.constantFrom('A', 'B', 'c', 'Z', 'z'), { maxLength: 60 })

describe('a schedule', () => {
  it('is written as runs: task A five steps, B two, A one', () => {
    expect(printSchedule(['A', 'A', 'A', 'A', 'A', 'B', 'B', 'A'])).toBe('A5B2A1')
    expect(parseSchedule('A5B2A1')).toEqual(['A', 'A', 'A', 'A', 'A', 'B', 'B', 'A'])
  })

  it('of no steps is the empty text', () => {
    expect(printSchedule([])).toBe('')
    expect(parseSchedule('')).toEqual([])
  })

  it('comes back unchanged when it is printed and parsed', () => {
    fc.assert(fc.property(tasks, (schedule) => parseSchedule(printSchedule(schedule)).join('') === schedule.join('')))
  })

  it('has one shortest text: equal neighbours are one run', () => {
    expect(printSchedule(parseSchedule('A2A1B1B2'))).toBe('A3B3')
    fc.assert(fc.property(tasks, (schedule) => !/([A-Za-z])\d+\1\d/.test(printSchedule(schedule))))
  })

  it('tells a capital from a small letter: A is declared, a was spawned', () => {
    expect(parseSchedule('A1a1')).toEqual(['A', 'a'])
  })

  it.each(['A', '5A', 'A5 B2', 'A5,B2', 'A-1', 'A1.5', 'AB2', 'Ä1', 'A5B', 'A5\n'])('that reads %j is refused with an example', (text) => {
    expect(() => parseSchedule(text)).toThrow(InputError)
    expect(() => parseSchedule(text)).toThrow(/cannot be read.*such as A5B2A1/s)
  })

  it('may not give a task no step', () => {
    expect(() => parseSchedule('A2B0')).toThrow('gives B no step: leave B0 out')
  })

  it('may have 2000 steps and not one more, in one run or in many', () => {
    expect(parseSchedule(`A${stepsMax}`)).toHaveLength(2000)
    expect(() => parseSchedule('A2001')).toThrow('longer than 2000 steps')
    expect(() => parseSchedule('A1000B1000A1')).toThrow('longer than 2000 steps')
    expect(() => parseSchedule('A99999999999999999999')).toThrow('longer than 2000 steps')
  })
})
