import { expect, it } from 'vitest'
import { ruleInWords, ruleName, rulesInWords } from './rules.ts'

const rules = [
  { id: 'A-O3', name: 'no hole in appended data' },
  { id: 'deadlock', name: 'no task waits for ever' },
]

it('a rule is named by what must hold, and its id stands behind it', () => {
  expect(ruleName(rules, 'A-O3')).toBe('no hole in appended data')
  expect(rulesInWords(rules, ['A-O3', 'deadlock'])).toBe('“no hole in appended data” (A-O3), “no task waits for ever” (deadlock)')
})

it('a rule of another kernel, whose name is not known here, is named by its id', () => {
  expect(ruleInWords(rules, 'O9')).toBe('O9')
})
