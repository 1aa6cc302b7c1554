/** Ten pastes in the shape and with the damage of real mails, and what each says, worked out by hand. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readPaste } from './document.ts'

const folder = join(import.meta.dirname, 'samples')
const ids = readdirSync(folder).flatMap((name) => /^(\d+)\.txt$/.exec(name)?.[1] ?? [])

describe('a paste as mails have it', () => {
  it('is one of the ten', () => expect(ids).toHaveLength(10))

  it.each(ids)('%s says what it says', (id) => {
    const { id: named, ...expected } = JSON.parse(readFileSync(join(folder, `${id}.json`), 'utf8')) as Record<string, unknown>
    expect(named).toBe(id)
    expect(JSON.parse(JSON.stringify(readPaste(readFileSync(join(folder, `${id}.txt`), 'utf8'))))).toEqual(expected)
  })
})
