/**
 * Links of scenes that are kept for ever: both forms lead to the same text, whatever the tables and the grammar become. The record only
 * grows once it is published (see src/testing/promises.ts).
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { grown, mayWrite } from '../testing/promises.ts'
import { examples, handedOut, spread } from '../testing/scene-examples.ts'
import { packedPayload, sceneOfPacked } from './packed.ts'
import { parseScene } from './parse.ts'
import { printScene } from './print.ts'
import { readablePayload, sceneOfReadable } from './readable.ts'
import { claims, commandNames, errnos, eventNames, factWords, lineWords, modelWords } from './words.ts'

interface Entry {
  readonly packed: string
  readonly readable: string
  /** Canonical, without comments. */
  readonly text: string
}

const file = join(import.meta.dirname, 'links.json')
const recorded = (): readonly Entry[] => (existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Entry[]) : [])

function entryOf(text: string): Entry {
  const { scene, problems } = parseScene(text)
  if (problems.length > 0) throw new Error(`${text}: ${problems[0]?.message ?? ''}`)
  const packed = packedPayload(scene)
  return { packed, readable: readablePayload(scene), text: printScene(sceneOfPacked(packed)) }
}

if (mayWrite) {
  const now = [...new Map([...handedOut, ...examples, ...spread].map(entryOf).map((one) => [one.packed, one])).values()]
  writeFileSync(
    file,
    `${JSON.stringify(
      grown(recorded(), now, ({ packed }) => packed),
      null,
      1,
    )}\n`,
  )
}
const entries = recorded()

test('every link of a scene, packed or readable, leads to the text that it led to when it was sent', () => {
  expect(entries.length).toBeGreaterThan(30)
  for (const { packed, readable, text } of entries) {
    expect(printScene(sceneOfPacked(packed))).toBe(text)
    expect(printScene(sceneOfReadable(readable))).toBe(text)
  }
})

test('every text is read to the scene that it was, without a complaint', () => {
  for (const { text } of entries) {
    const { scene, problems } = parseScene(text)
    expect(problems).toEqual([])
    expect(printScene(scene)).toBe(text)
  }
})

test('every text that is handed out has its links recorded', () => {
  const known = new Set(entries.map(({ text }) => text))
  expect(handedOut.filter((text) => !known.has(entryOf(text).text))).toEqual([])
})

test('every word of the language is in one of them', () => {
  const words = new Set(entries.flatMap(({ text }) => text.split(/[\s:,]+/)))
  const all = [...claims, ...commandNames, ...errnos, ...eventNames, ...factWords, ...lineWords, ...modelWords]
  expect(all.filter((word) => !words.has(word))).toEqual([])
})
