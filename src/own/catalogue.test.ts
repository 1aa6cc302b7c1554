/**
 * Scenarios as text (`scene.lockstep` in their folders) against their staging in TypeScript: the same verdict, the same ends, and the same
 * length of the shortest schedule that goes wrong. `LONG=1`: on every kernel, with every patch flipped. The staging stays: it has the
 * settings of the page, and most of their values (registered memory, a guest, a full disk) are no words of the language.
 */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { canonical } from '../base/plain.ts'
import { parseSchedule } from '../engine/schedule.ts'
import { search } from '../engine/search.ts'
import type { Outcome, Verdict } from '../engine/view.ts'
import type { BtrfsWorld } from '../kernel/btrfs/world.ts'
import { compareVersions } from '../kernel/releases.ts'
import { loadScenario, scenarioIds } from '../scenarios/registry.ts'
import { patchSets, stage, type Asked } from '../scenarios/run.ts'
import { sceneIds, sceneOf, unsaid } from '../scenarios/scenes.ts'
import { parseScene } from '../scene/parse.ts'
import { printScene } from '../scene/print.ts'
import { sayings, type Scene } from '../scene/scene.ts'
import { factAnswers } from './answer.ts'
import { stageScene, type StagedScene } from './system.ts'

const long = process.env['LONG'] === '1'

/** What of the staging the text says, and where it says it otherwise. */
interface Said {
  /** Settings of the staging that are not its defaults. */
  readonly settings?: Readonly<Record<string, string>>
  /** Stamps of the staging by those of the text. */
  readonly stamps?: Readonly<Record<string, string>>
  /** Calls of the staging by those of the text. */
  readonly calls?: Readonly<Record<string, string>>
  /** Calls that only one of them has. */
  readonly without?: readonly string[]
  /** By how many steps the shortest schedule that goes wrong is longer than that of the staging, with and without the fix. */
  readonly longer?: number
  readonly why?: string
  /** Kernels on which what the setup leaves tells, and with what of it undone the text says what the staging says. */
  readonly left?: {
    readonly when: (has: (patch: string) => boolean, release: string) => boolean
    readonly undone: (scene: Scene) => StagedScene
    readonly why: string
  }
}

/** The scene with nothing in memory of what its setup has done. */
function mountedAgain(scene: Scene): StagedScene {
  const setup = sayings(parseScene('lockstep 1\non btrfs 5.16\nsetup: remount\nend').scene, 'setup')
  const first = scene.statements.findIndex(({ kind }) => kind === 'task')
  return staged({ ...scene, statements: [...scene.statements.slice(0, first), ...setup, ...scene.statements.slice(first)] })
}

/** The scene on a device whose block groups take extents of all sizes. */
function withoutSizeClasses(scene: Scene): StagedScene {
  const own = staged(scene)
  const world = own.system.world as unknown as BtrfsWorld
  const space = { ...world.space, sizeClasses: false }
  return { ...own, system: { ...own.system, world: { ...own.system.world, space } as typeof own.system.world } }
}

const said: Readonly<Record<(typeof sceneIds)[number], Said>> = {
  'append-hole': {},
  'append-unlock': {},
  'append-same-fd': { settings: { assert: 'off' }, why: 'the language has no CONFIG_BTRFS_ASSERT: most kernels are built without' },
  'append-relapse': {
    calls: { A1: 'A', A2: 'S' },
    longer: 1,
    why: 'the syncfs() is the second call of the same thread: two steps go from call to call, where the staging has one',
  },
  'lost-prefix': {},
  'lost-fsync': {},
  'dio-csum': {
    settings: { guest: 'threads' },
    stamps: { xff: 'v0', G: 'v1' },
    without: ['R'],
    longer: -6,
    why: 'the fact looks at the checksum itself: nobody has to read the file',
  },
  'fsync-overlap': {
    settings: { flusher: 'memory-pressure' },
    without: ['B'],
    longer: 1,
    why: 'whoever starts write-back, `may writeback` says it; the store of the text returns, with a step of its own',
    left: {
      when: (has, release) => compareVersions(release, '6.2') >= 0 && !has('885f46d87f29') && !has('lock-whole-range'),
      undone: withoutSizeClasses,
      why: 'the setup wrote long extents alone: since 6.2 one page of data needs a chunk of its own, and for that the fsync commits: the log that overlaps is not written',
    },
  },
  'fsync-torn': {
    settings: { flusher: 'memory-pressure' },
    without: ['B'],
    why: 'whoever starts write-back, `may writeback` says it; the store of the text returns, with a step of its own',
  },
  'bcachefs-lockless': {},
  'dio-short-read': {
    stamps: { X: 'ab', Y: 'cd' },
    calls: { S: 'U' },
    longer: -1,
    why: 'the program that waits for the event is the one that submits, and prints nothing',
    // Facts direct-io C.1, C.4: ca93e44bfb5f refuses what takes more than one mapping, and ee5b46a353af makes mappings as large as a map is; 6.1:
    // since bc264fea0f6f what is left of a mapping is asked for again.
    left: {
      when: (has) => has('ca93e44bfb5f') && has('ee5b46a353af') && !has('79d3d1d12e6f') && !has('bc264fea0f6f'),
      undone: mountedAgain,
      why: 'both extents were logged: their maps, one behind the other on the disk, are one by then, and one mapping comes back short',
    },
  },
  'nowait-relapse': {
    stamps: { X: 'ab', Y: 'cd' },
    calls: { S: 'U' },
    longer: -1,
    why: 'the program that waits for the event is the one that submits, and prints nothing',
  },
  'dio-mmap-deadlock': {},
  'ext4-osync-size': {},
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
const ends = (outcomes: readonly Outcome[], { stamps = {}, calls = {}, without = [] }: Said): string[] => {
  const found = outcomes.map(({ returns, size, layout, content, stuck }) =>
    canonical({
      returns: Object.fromEntries(
        Object.entries(returns).flatMap(([call, value]) => (without.includes(call) ? [] : [[calls[call] ?? call, value]])),
      ),
      size,
      layout: (layout ?? []).map(({ from, to, kind, source }) => [from, to, kind, source === null ? null : (stamps[source] ?? source)]),
      content: (content ?? []).map(([from, to, stamp]) => [from, to, stamps[stamp] ?? stamp]),
      stuck: (stuck ?? []).map(({ task }) => task),
    }),
  )
  return [...new Set(found)].sort()
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

/** The facts that are broken on the kernel of the report, by hand; a rule of the file system may be besides. */
const broken: Readonly<Record<(typeof sceneIds)[number], readonly string[]>> = {
  // Facts direct-io A.5 row 1: a hole of the size of the write, the data behind it, the size twice as large.
  'append-hole': ['never hole [0,64k)', 'always data [0,64k) A', 'always size 64k'],
  // Facts direct-io A-2: the lock that was unlocked once too often is never free again.
  'append-unlock': ['never deadlock'],
  // Facts direct-io A-3: only the rule of the lock tells.
  'append-same-fd': [],
  // Facts direct-io A.9 A24.
  'append-relapse': ['never hole [0,64k)', 'always size 64k'],
  // Facts direct-io A.5 row 3: the write is told that all is written.
  'lost-prefix': ['always data [0,64k) A'],
  // Facts direct-io 6.2 item 11.
  'lost-fsync': ['always after power data [0,64k) A when A done'],
  // Facts direct-io B.5: data and checksum of two moments.
  'dio-csum': ['never csum error'],
  // Facts fsync-log-tree 5.1: two items of the log share bytes; the tree checker refuses the leaf.
  'fsync-overlap': ['never log overlap', 'never abort'],
  // Facts fsync-log-tree 5.2: what was punched out is back.
  'fsync-torn': ['never after power data [512k,1m) Y when A done'],
  // Facts bcachefs-buffered-write 5 H1: the acknowledged append reads as zeros.
  'bcachefs-lockless': ['always data [8m,8256k) B'],
  // Facts direct-io C.5: 4096 of 8192, and the second page of the buffer as it was.
  'dio-short-read': ['always S returns 8k', 'always S reads [4k,8k) Y'],
  // Facts direct-io C.4 P3.
  'nowait-relapse': ['always S returns 8k', 'always S reads [4k,8k) Y'],
  // Facts direct-io section 4: it does not return.
  'dio-mmap-deadlock': ['never deadlock'],
  // Facts ext4 1.7, 1.8 O4: the mount finds an empty file.
  'ext4-osync-size': ['always after power data [0,1m) A when A done'],
}

/** What a complete search says of the text. */
function answered(own: StagedScene) {
  const { verdict } = search(own.system)
  const { complete, violating } = verdict
  expect(complete).toBe(true)
  const oracles = verdict.oracles.map(({ id, kind, shortest: sample }) => ({ id, kind, sample }))
  const facts = factAnswers(own, { ...verdict, bound: null, mended: 0, cycles: 0, always: false, oracles })
  return { verdict, wrong: violating !== '0', facts: facts.flatMap(({ answer, text }) => (answer === 'broken' ? [text] : [])) }
}

test.each(sceneIds)(
  '%s: as text it goes wrong as the facts say, as the staging does, and does not with the fix',
  { timeout: 600_000 },
  async (id) => {
    const { scene } = await textOf(id)
    const scenario = await loadScenario(id)
    const same = said[id]
    const { defaultKernel, fix } = scenario.card
    const fixed = answered(staged(on(scene, { kernel: defaultKernel, on: [fix] })))
    expect({ wrong: fixed.wrong, facts: fixed.facts }).toEqual({ wrong: false, facts: [] })
    const shipped = answered(staged(on(scene, { kernel: defaultKernel })))
    expect(shipped.facts).toEqual(broken[id])
    for (const asked of long ? patchSets(scenario) : [{ kernel: defaultKernel }]) {
      const own = long ? staged(on(scene, asked)) : null
      const { kernel } = own?.system.world ?? {}
      const left = same.left?.when((patch) => kernel?.patches[patch] === true, kernel?.release ?? '') ? same.left : null
      const ours = own ? answered(left ? left.undone(on(scene, asked)) : own) : shipped
      const theirs = search(stage(scenario, { ...asked, settings: same.settings ?? {} }).system).verdict
      // Where they do not have the same steps, another schedule may be the shortest on another kernel.
      const isTold = same.longer === undefined || !long
      const length = shortest(theirs)
      // With what the setup leaves it goes wrong too.
      expect(own === null || left === null || answered(own).wrong).toBe(true)
      expect({
        asked,
        wrong: ours.wrong,
        length: isTold ? shortest(ours.verdict) : null,
        ends: ends(ours.verdict.outcomes, same),
      }).toEqual({
        asked,
        wrong: theirs.violating !== '0',
        length: isTold && length !== null ? length + (same.longer ?? 0) : null,
        ends: ends(theirs.outcomes, same.without ? { without: same.without } : {}),
      })
    }
  },
)
