import { expect, test } from 'vitest'
import { grouped, inWords } from './count.ts'

test('short counts keep their digits, long ones become two digits and a word', () => {
  expect(inWords('0')).toBe('0')
  expect(inWords('12345')).toBe('12,345')
  expect(inWords('123456')).toBe('123 thousand')
  expect(inWords('1987654')).toBe('1.9 million')
  expect(inWords('61022935820')).toBe('61 billion')
  expect(inWords('37914494822968607824')).toBe('37 quintillion')
})

test('beyond the names the order of magnitude is said, and infinity is not a number', () => {
  expect(inWords('1' + '0'.repeat(40))).toBe('some 10^40')
  expect(inWords(null)).toBe('infinitely many')
  expect(grouped('1234567')).toBe('1,234,567')
})
