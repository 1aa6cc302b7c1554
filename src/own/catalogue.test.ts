/**
 * Scenarios as text (`scene.lockstep` in their folders) against their staging in TypeScript: the same verdict with and without the fix, the
 * same ends, and the same length of the shortest schedule that goes wrong. `LONG=1`: on every kernel, with every patch flipped.
 */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { canonical } from '../base/plain.ts'
import { parseSchedule } from '../engine/schedule.ts'
import { reduce } from '../engine/reduce.ts'
import { search } from '../engine/search.ts'
import type { Outcome, Verdict } from '../engine/view.ts'
import { loadScenario, scenarioIds } from '../scenarios/registry.ts'
import { patchSets, stage, type Asked } from '../scenarios/run.ts'
import { sceneIds, sceneOf, unsaid } from '../scenarios/scenes.ts'
import { parseScene } from '../scene/parse.ts'
import { printScene } from '../scene/print.ts'
import type { Scene } from '../scene/scene.ts'
import { brokenRules, factAnswers } from './answer.ts'
import { stageScene, type StagedScene } from './system.ts'

const long = process.env['LONG'] === '1'

/** What of the staging the text says, and what it says otherwise. */
interface Said {
  /** Settings of the staging that are not its defaults. */
  readonly settings?: Readonly<Record<string, string>>
  /** Stamps of the staging by those of the text. */
  readonly stamps?: Readonly<Record<string, string>>
  /** What a call of the text is in the staging: `A2` is `S`. Null = the staging has no such call. */
  readonly calls?: Readonly<Record<string, string | null>>
  /** By how many steps the shortest schedule that goes wrong is longer than that of the staging. */
  readonly longer?: number
  /** Why something differs. */
  readonly why?: string
}

const said: Readonly<Record<(typeof sceneIds)[number], Said>> = {
  'append-hole': {},
  'append-unlock': {},
  'append-same-fd': {},
  'append-relapse': {},
  'lost-prefix': {},
  'lost-fsync': {},
  'dio-csum': {},
  'fsync-overlap': {},
  'fsync-torn': {},
  'dio-short-read': {},
  'nowait-relapse': {},
  'dio-mmap-deadlock': {},
}

/** The scene of a scenario, read without a complaint. */
async function textOf(id: string): Promise<{ readonly text: string; readonly scene: Scene }> {
  const text = (await sceneOf(id)) ?? ''
  const { scene, problems } = parseScene(text)
  expect(problems).toEqual([])
  return { text, scene }
}

/** The same scene on another kernel. */
const on = (scene: Scene, { kernel, on: plus = [], off = [] }: Asked): Scene => ({
  ...scene,
  statements: scene.statements.map((one) => (one.kind === 'on' ? { ...one, release: kernel ?? one.release, on: plus, off } : one)),
})

function staged(scene: Scene): StagedScene {
  const found = stageScene(scene)
  if ('system' in found) return found
  throw new Error(found.map(({ line, message }) => `${line}: ${message}`).join('; '))
}

/** What there is to see at an end, by the names of the staging. */
const ends = (outcomes: readonly Outcome[], { stamps = {}, calls = {} }: Said): string[] => {
  const named = <T>(all: Readonly<Record<string, T>>): Readonly<Record<string, T>> =>
    Object.fromEntries(
      Object.entries(all).flatMap(([call, value]) =>
        ((as) => (as === null ? [] : [[as, value]]))(calls[call] ?? (call in calls ? null : call)),
      ),
    )
  return [
    ...new Set(
      outcomes.map(({ returns, size, layout, content, stuck }) =>
        canonical({
          returns: named(returns),
          size,
          layout: (layout ?? []).map(({ from, to, kind, source }) => [from, to, kind, source === null ? null : (stamps[source] ?? source)]),
          content: (content ?? []).map(([from, to, stamp]) => [from, to, stamps[stamp] ?? stamp]),
          stuck: (stuck ?? []).map(({ task }) => task),
        }),
      ),
    ),
  ].sort()
}

/** Steps of the shortest schedule that violates anything. */
const shortest = ({ oracles }: Verdict): number | null => {
  const lengths = oracles.flatMap(({ kind, shortest: sample }) =>
    kind === 'verdict' && sample !== null ? [parseSchedule(sample).length] : [],
  )
  return lengths.length > 0 ? Math.min(...lengths) : null
}

test('every scenario has its text, or a reason why it cannot be said', () => {
  const folders = readdirSync(join(import.meta.dirname, '../scenarios')).filter((id) =>
    existsSync(join(import.meta.dirname, '../scenarios', id, 'scene.lockstep')),
  )
  expect(folders.sort()).toEqual([...sceneIds].sort())
  expect([...sceneIds, ...Object.keys(unsaid)].sort()).toEqual([...scenarioIds].sort())
})

test.each(sceneIds)('%s: its text is canonical, fits a mail, and bears its name', async (id) => {
  const { text, scene } = await textOf(id)
  expect(printScene(scene)).toBe(text)
  expect(text.split('\n').filter((line) => line.length > 72)).toEqual([])
  expect(scene.name).toBe(id)
})

test.each(sceneIds)('%s: text and staging have the same verdict, ends and shortest schedule', { timeout: 600_000 }, async (id) => {
  const { scene } = await textOf(id)
  const scenario = await loadScenario(id)
  const same = said[id]
  const { defaultKernel, fix } = scenario.card
  const all: Asked[] = long ? [...patchSets(scenario)] : [{ kernel: defaultKernel }, { kernel: defaultKernel, on: [fix] }]
  for (const asked of all) {
    const own = staged(on(scene, asked))
    const [theirs, ours] = [search(stage(scenario, { ...asked, settings: same.settings ?? {} }).system).verdict, search(own.system).verdict]
    const length = shortest(theirs)
    expect({
      asked,
      complete: ours.complete,
      wrong: ours.violating !== '0',
      length: shortest(ours),
      ends: ends(ours.outcomes, same),
    }).toEqual({
      asked,
      complete: theirs.complete,
      wrong: theirs.violating !== '0',
      length: length === null ? null : length + (same.longer ?? 0),
      ends: ends(theirs.outcomes, {}),
    })
  }
})

/** The facts of the six bugs of the first reports that are broken on the kernel of the report, by hand. Null = only rules of the file system are. */
const seeds: Readonly<Record<string, readonly string[]>> = {
  // Facts direct-io A.5 row 1: a hole of the size of the write, the data behind it, the size twice as large.
  'append-hole': ['never hole [0,64k)', 'always data [0,64k) A', 'always size 64k'],
  // Facts direct-io B.5: data and checksum of two moments.
  'dio-csum': ['never csum error'],
  // Facts fsync-log-tree 5.1: two items of the log share bytes; the tree checker refuses the leaf.
  'fsync-overlap': ['never log overlap', 'never abort'],
  // Facts fsync-log-tree 5.2: what was punched out is back.
  'fsync-torn': ['never after power data [512k,1m) Y when A done'],
  // Facts direct-io C.5: 4096 of 8192, and the second page of the buffer as it was.
  'dio-short-read': ['always S returns 8k', 'always S reads [4k,8k) Y'],
}

test.each(Object.entries(seeds))(
  '%s: as text its facts are broken without the fix, and hold with it',
  { timeout: 120_000 },
  async (id, broken) => {
    const { scene } = await textOf(id)
    const { card } = await loadScenario(id)
    const answers = (asked: Asked) => {
      const own = staged(on(scene, asked))
      const reduced = reduce(own.system, { maxStates: 200_000 })
      expect(reduced.complete).toBe(true)
      const facts = factAnswers(own, reduced)
      return {
        broken: facts.flatMap(({ answer, text }) => (answer === 'broken' ? [text] : [])),
        rules: brokenRules(own, reduced).map((one) => one.id),
        unsure: facts.filter(({ answer }) => answer === 'unknown'),
      }
    }
    expect(answers({ kernel: card.defaultKernel })).toMatchObject({ broken, unsure: [] })
    expect(answers({ kernel: card.defaultKernel, on: [card.fix] })).toEqual({ broken: [], rules: [], unsure: [] })
  },
)
