import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { missing, type Lock } from './lock.mjs'

const text = readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8')

test('the lock file names the builds for every platform, so that npm ci takes it (mend: node scripts/lock.mjs)', () => {
  expect(missing(JSON.parse(text) as Lock).map(([path]) => path)).toEqual([])
})

test('the lock file names no registry', () => {
  expect(text).not.toMatch(/"resolved"/)
})
