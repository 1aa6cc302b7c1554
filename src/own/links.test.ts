/**
 * Steps of scenes that links lead to, with the caption that each must show for ever (see src/testing/promises.ts): of every scene of the
 * catalogue and of the specification, in task order.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Machine } from '../engine/machine.ts'
import { Trace } from '../engine/trace.ts'
import { packedPayload, sceneOfPacked } from '../scene/packed.ts'
import { parseScene } from '../scene/parse.ts'
import { grown, mayWrite } from '../testing/promises.ts'
import { examples, handedOut } from '../testing/scene-examples.ts'
import { stageScene } from './system.ts'

interface Entry {
  readonly packed: string
  /** By the number of the step, from 1. */
  readonly captions: Readonly<Record<string, string>>
}

const STEPS = [1, 4, 9, 16, 25]

const file = join(import.meta.dirname, 'links.json')
const recorded = (): readonly Entry[] => (existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Entry[]) : [])

/** Null = it cannot be run. */
function captionsOf(packed: string, steps: readonly number[]): Entry['captions'] | null {
  const staged = stageScene(sceneOfPacked(packed))
  if (!('system' in staged)) return null
  const trace = new Trace(new Machine(staged.system))
  trace.finish()
  const taken = steps.flatMap((n) => ((info) => (info ? [[n, `${info.task}: ${info.says}`] as const] : []))(trace.infos[n - 1]))
  return Object.fromEntries(taken)
}

if (mayWrite) {
  const now = [...handedOut, ...examples].flatMap((text): Entry[] => {
    const packed = packedPayload(parseScene(text).scene)
    const captions = captionsOf(packed, STEPS)
    return captions === null ? [] : [{ packed, captions }]
  })
  const once = [...new Map(now.map((one) => [one.packed, one])).values()]
  writeFileSync(
    file,
    `${JSON.stringify(
      grown(recorded(), once, ({ packed }) => packed),
      null,
      1,
    )}\n`,
  )
}

test('every step of a scene that was published says what it said', () => {
  const entries = recorded()
  expect(entries.length).toBeGreaterThan(20)
  const now = entries.map(({ packed, captions }) => ({ packed, captions: captionsOf(packed, Object.keys(captions).map(Number)) }))
  expect(now).toEqual(entries)
})
