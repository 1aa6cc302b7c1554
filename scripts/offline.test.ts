import { expect, test } from 'vitest'
import { addressOf } from './offline.ts'

test('a page is kept at the address of its folder, which is how people come to it', () => {
  expect(['index.html', 'append-hole/index.html', 'assets/index-1.js', 'my-index.html'].map(addressOf)).toEqual([
    './',
    'append-hole/',
    'assets/index-1.js',
    'my-index.html',
  ])
})
