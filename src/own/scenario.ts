/**
 * A scene as a scenario: the same card, stage, pictures and words that those of the catalogue have, worked out from its text. So
 * whatever can be done with a scenario can be done with it.
 */
import { InputError } from '../base/assert.ts'
import { carry } from '../engine/carry.ts'
import { Machine } from '../engine/machine.ts'
import type { Kernel } from '../engine/procedure.ts'
import { Trace } from '../engine/trace.ts'
import { patchesFor } from '../kernel/patches.ts'
import { choose, compareVersions, releasesTelling, type Release } from '../kernel/releases.ts'
import type { Card } from '../scenarios/card.ts'
import { whyNotOn } from '../scenarios/cards.ts'
import { defineScenario, type Scenario, type Stretch } from '../scenarios/scenario.ts'
import { idOf } from '../scene/id.ts'
import type { Problem } from '../scene/lines.ts'
import { parseScene } from '../scene/parse.ts'
import { printScene } from '../scene/print.ts'
import { sayings, tasksOf, type Choice, type Scene } from '../scene/scene.ts'
import { claimsOf } from './claims.ts'
import { countsOf } from './facts.ts'
import type { SceneLook, SceneSystem, SceneWorld } from './file-system.ts'
import { boundsOf, patchId } from './modelled.ts'
import { askedOf, systemOn, type Asked } from './system.ts'
import { askedInWords, beatsOf, happenedIn, sceneInWords } from './words.ts'

/**
 * Of what links to scenes mean: their steps and letters. A model whose steps change for scenes says so here, with an upgrader in
 * `store/link/upgrade.ts`.
 */
const REVISION = 1

/** The name of the run that a scene opens with. */
const RUN = 'run'

/** @returns the problems, by line, if the scene cannot be run. */
export function scenarioOf(scene: Scene): Scenario | readonly Problem[] {
  const asked = askedOf(scene)
  if (!('kernel' in asked)) return asked
  const staged = systemOn(scene, asked.fs, asked.kernel)
  if (!('system' in staged)) return staged
  const look = lookOf(scene, staged.axis)
  const { tasks } = staged.system
  const events = tasks.filter(({ letter }) => !tasksOf(scene).includes(letter)).map(({ letter }) => letter)
  return defineScenario({
    card: cardOf(scene, asked, staged.system, look),
    stage: (kernel: Kernel) => {
      const there = systemOn(scene, asked.fs, kernel)
      if ('system' in there) return there.system
      throw new InputError(`On ${kernel.release} ${there.map(({ line, message }) => `line ${line}: ${message}`).join('; ')}.`)
    },
    schedules: { [RUN]: sayings(scene, RUN).flatMap(({ choices }) => choices.map(stretchOf)) },
    beats: beatsOf(scene, asked.fs, countsOf(tasks), events),
    windows: [],
    draw: (s: SceneWorld) => asked.fs.draw(s, look),
    happened: happenedIn,
    statesAtMost: Infinity,
  })
}

const stretchOf = (choice: Choice): Stretch => ('steps' in choice ? choice : { task: choice.task, until: choice.until, nth: choice.nth })

function lookOf(scene: Scene, axis: number): SceneLook {
  const tasks = tasksOf(scene)
  const commands = sayings(scene, 'task')
  const syncs = new Set(['fsync', 'fdatasync', 'msync', 'sync', 'syncfs'])
  const durable = sayings(scene, 'may').some(({ event }) => event === 'power') || commands.some(({ command }) => syncs.has(command.name))
  const io = tasks.filter((letter) =>
    commands.some(({ task, command: { name } }) => task === letter && (name === 'pwrite' || name === 'pread')),
  )
  return { axis, durable, tasks, io }
}

function cardOf(scene: Scene, { fs, kernel, release: shipped }: Asked, system: Parameters<typeof fixOf>[2], look: SceneLook): Card {
  const [on] = sayings(scene, 'on')
  const release = on?.release ?? ''
  const ids = (names: readonly string[]): string[] => names.flatMap((name) => patchId(name) ?? [])
  const [switchedOn, switchedOff] = [ids(on?.on ?? []), ids(on?.off ?? [])]
  const has = (id: string): boolean => shipped.patches.includes(id)
  const patches = patchesFor(fs.fs).map(({ id, name, subject, kind, needs, excludes }) => ({ id, name, subject, kind, needs, excludes }))
  const bounds = boundsOf(fs.fs)
  const offered = releasesTelling(patches.map(({ id }) => id))
    .map(({ version }) => version)
    .filter((version) => whyNotOn(bounds, version) === null)
  const text = printScene(scene)
  const says = sayings(scene, RUN).length > 0 ? 'as the text says, then one task after the other' : 'one task after the other'
  return {
    id: idOf(scene),
    rev: REVISION,
    own: {
      text,
      outcomes: sayings(scene, 'outcomes').length > 0,
      // As they stand in that text: the id holds no comments.
      claims: claimsOf(parseScene(text).scene).map(({ id, rule, line, claim, text: says }) => ({ id, rule, line, claim, text: says })),
    },
    harm: 'question',
    title: scene.name ?? 'A scene of your own',
    summary: sceneInWords(scene),
    origin: '',
    defaultKernel: release,
    toggles: [...switchedOn.filter((id) => !has(id)), ...switchedOff.filter(has)].sort(),
    ...bounds,
    kernels: [...new Set([...offered, release])].sort(compareVersions),
    patches,
    settings: [],
    schedules: [{ name: RUN, says }],
    scene: () => sceneInWords(scene),
    should: askedInWords(scene),
    gist: '',
    story: '',
    seen: '',
    leads: fs.leads(look),
    asks: askedInWords(scene),
    fix: switchedOn.at(-1) ?? switchedOff.at(-1) ?? fixOf(scene, fs, system, kernel) ?? '',
    commits: [],
    affected: '',
    reproducer: text.trimEnd().split('\n'),
    leavesOut: [],
  }
}

/**
 * The patch that a reader will want to see switched, where the text names none: of those fixes that are off and that the opening run
 * looks at, the first with which the same run breaks no rule, or else the first.
 */
function fixOf(scene: Scene, fs: SceneSystem, system: ConstructorParameters<typeof Machine<SceneWorld>>[0], kernel: Kernel): string | null {
  const trace = new Trace(new Machine(system))
  trace.finish()
  const looked = new Set(trace.infos.flatMap(({ consults }) => consults))
  const candidates = patchesFor(fs.fs).filter(({ id, kind }) => kind === 'fix' && kernel.patches[id] !== true && looked.has(id))
  if (wrongIn(trace).length === 0) return candidates[0]?.id ?? null
  for (const { id } of candidates) {
    const there = withPatch(kernel, id)
    const fixed = there && systemOn(scene, fs, there)
    if (fixed && 'system' in fixed && wrongIn(carry(trace, new Machine(fixed.system), true).trace).length === 0) return id
  }
  return candidates[0]?.id ?? null
}

/** The same kernel with a patch more; null where that contradicts another one. */
function withPatch({ release, patches }: Kernel, id: string): Kernel | null {
  const as: Release = { version: release, patches: Object.keys(patches), says: null, tells: null }
  try {
    return choose(as, [id], []).kernel
  } catch (error) {
    if (error instanceof InputError) return null
    throw error
  }
}

function wrongIn(trace: Trace<SceneWorld>): readonly string[] {
  const counted = new Set(trace.machine.oracles.filter(({ kind }) => kind === 'verdict').map(({ id }) => id))
  return trace.violations.filter(({ oracle }) => counted.has(oracle)).map(({ oracle }) => oracle)
}
