import { expect, test } from 'vitest'
import { partsOf } from './highlight.ts'

test('the parts of a line are the line, whatever is typed', () => {
  for (const line of [
    'A: pwrite 0 64k -- buf absent',
    'never hole [0, 64k',
    '  ; a comment',
    'on btrfs 6.1 +939b656bc8ab',
    '[[]], ;;',
    '',
    'é: ü ] )',
  ])
    expect(
      partsOf(line)
        .map(({ text }) => text)
        .join(''),
    ).toBe(line)
})

test('words, tasks, commands, ranges, patches and comments are told apart', () => {
  const kinds = (line: string): string[] => partsOf(line).flatMap(({ text, kind }) => (text.trim() === '' ? [] : [`${kind} ${text}`]))
  expect(kinds('A: pwrite 0 64k -- buf absent')).toEqual([
    'task A:',
    'command pwrite',
    'number 0',
    'number 64k',
    'word --',
    'word buf',
    'word absent',
  ])
  expect(kinds('always data [0,4k) N when A done ; why')).toEqual([
    'word always',
    'word data',
    'range [0,4k)',
    'task N',
    'word when',
    'task A',
    'word done',
    'comment ; why',
  ])
  expect(kinds('on btrfs 6.1 +939b656bc8ab')).toEqual(['word on', 'plain btrfs', 'number 6.1', 'kernel +939b656bc8ab'])
})
