/** Staging a scenario from what a link or a command line says, and running its schedules. */
import { InputError } from '../base/assert.ts'
import { carry, type Carried } from '../engine/carry.ts'
import { Machine } from '../engine/machine.ts'
import type { Kernel, World } from '../engine/procedure.ts'
import { parseSchedule } from '../engine/schedule.ts'
import type { System } from '../engine/system.ts'
import { replay, Trace } from '../engine/trace.ts'
import type { Diverged } from '../engine/view.ts'
import { patches } from '../kernel/patches.ts'
import { choose, resolveRelease, type Release } from '../kernel/releases.ts'
import type { Asked } from './asked.ts'
import { whyNotOn } from './cards.ts'
import type { Scenario, Stretch } from './scenario.ts'

export type { Asked }

/** A scenario with everything chosen. */
export interface Staged {
  readonly scenario: Scenario
  readonly asked: string
  readonly release: Release
  readonly kernel: Kernel
  /** What was resolved or switched beside what was asked for, in words. */
  readonly says: string | null
  readonly settings: Readonly<Record<string, string>>
  readonly system: System
}

/** The id of a patch written as an id, its first digits, or a name. @throws InputError if there is none. */
export function patchNamed(scenario: Scenario, text: string): string {
  const known = scenario.card.patches.find(
    (patch) => patch.id === text || patch.name === text || (/^[0-9a-f]{7,}$/.test(text) && patch.id.startsWith(text)),
  )
  const any =
    known ??
    patches.find((patch) => patch.id === text || (/^[0-9a-f]{7,}$/.test(text) && (patch.id.startsWith(text) || text.startsWith(patch.id))))
  if (!any)
    throw new InputError(
      `there is no patch "${text}" in ${scenario.card.id}; it has ${scenario.card.patches.map((patch) => patch.id).join(', ')}`,
    )
  return any.id
}

/** Every setting, with defaults for what was not said. @throws InputError for an unknown name or value. */
export function fullSettings(scenario: Scenario, given: Readonly<Record<string, string>>): Record<string, string> {
  const known = scenario.card.settings
  for (const [name, value] of Object.entries(given)) {
    const setting = known.find((candidate) => candidate.name === name)
    if (!setting)
      throw new InputError(`${scenario.card.id} has no setting "${name}"; it has ${known.map((candidate) => candidate.name).join(', ')}`)
    if (!setting.values.includes(value))
      throw new InputError(`the setting ${name} cannot be "${value}"; choose one of ${setting.values.join(', ')}`)
  }
  return Object.fromEntries(known.map((setting) => [setting.name, given[setting.name] ?? setting.default]))
}

/** @throws InputError naming the value that cannot be had. */
export function stage(scenario: Scenario, asked: Asked = {}): Staged {
  const name = asked.kernel ?? scenario.card.defaultKernel
  const { release, says } = resolveRelease(name)
  const gone = whyNotOn(scenario.card, release.version)
  if (gone !== null) throw new InputError(`${scenario.card.id} on ${name}: ${gone}; choose one of ${scenario.card.kernels.join(', ')}`)
  const choice = choose(
    release,
    (asked.on ?? []).map((text) => patchNamed(scenario, text)),
    (asked.off ?? []).map((text) => patchNamed(scenario, text)),
  )
  const settings = fullSettings(scenario, asked.settings ?? {})
  const words = [says, choice.says].filter((text) => text !== null).join('; ')
  return {
    scenario,
    asked: name,
    release,
    kernel: choice.kernel,
    says: words === '' ? null : words,
    settings,
    system: scenario.stage(choice.kernel, settings),
  }
}

/** Patches of the scenario's card that are on, in the card's order. */
export const patchesOn = (staged: Staged): string[] =>
  staged.scenario.card.patches.map((patch) => patch.id).filter((id) => staged.kernel.patches[id])

/** Flipping these patches against the release, as on and off lists. */
export function flips(release: string, toggles: readonly string[]): { readonly on: string[]; readonly off: string[] } {
  const shipped = resolveRelease(release).release.patches
  return { on: toggles.filter((id) => !shipped.includes(id)), off: toggles.filter((id) => shipped.includes(id)) }
}

/** Why a patch cannot be flipped beside these toggles, in words; null if it can. */
export function refusalToFlip(staged: Staged, toggles: readonly string[], id: string): string | null {
  const flipped = toggles.includes(id) ? toggles.filter((toggle) => toggle !== id) : [...toggles, id]
  try {
    const { on, off } = flips(staged.asked, flipped)
    choose(staged.release, on, off)
    return null
  } catch (error) {
    if (error instanceof InputError) return error.message
    throw error
  }
}

/** Each kernel as shipped and with each patch of the card flipped that can be flipped. */
export function* patchSets(scenario: Scenario): Generator<Asked> {
  for (const kernel of scenario.card.kernels) {
    const shipped = stage(scenario, { kernel })
    yield { kernel }
    for (const { id } of scenario.card.patches) if (refusalToFlip(shipped, [], id) === null) yield { kernel, ...flips(kernel, [id]) }
  }
}

export interface Ran {
  readonly trace: Trace
  readonly diverged: Diverged | null
}

/**
 * Runs a named schedule or choices. A named one was written for the default kernel and settings, and is carried to this
 * one by labels, to the end; choices are taken as they are, and stop where one cannot run.
 */
export function run(staged: Staged, schedule: { readonly named: string } | { readonly choices: string }): Ran {
  const machine = new Machine(staged.system)
  if ('choices' in schedule) return replay(machine, parseSchedule(schedule.choices))
  const { trace, diverged } = carried(staged, schedule.named, machine)
  return { trace, diverged }
}

/** A named schedule on this kernel, with how its steps correspond to those of the original. */
export function carried(staged: Staged, name: string, machine = new Machine(staged.system)): Carried<World> & { readonly original: Trace } {
  const original = knownOriginal(staged.scenario, name)
  return { ...carry(original, machine, true), original }
}

const originals = new WeakMap<Scenario, Map<string, Trace>>()

/** The named schedule as it was written, run once: whoever carries it only reads. */
function knownOriginal(scenario: Scenario, name: string): Trace {
  const known = originals.get(scenario) ?? new Map<string, Trace>()
  originals.set(scenario, known)
  const trace = known.get(name) ?? originalOf(scenario, name)
  known.set(name, trace)
  return trace
}

/** The named schedule as it was written: on the default kernel with default settings, to its end. */
export function originalOf(scenario: Scenario, name: string): Trace {
  const script = scenario.schedules[name]
  if (!script) throw new InputError(`${scenario.card.id} has no schedule "${name}"; it has ${Object.keys(scenario.schedules).join(', ')}`)
  const trace = new Trace(new Machine(stage(scenario).system))
  for (const stretch of script) follow(trace, stretch)
  trace.finish()
  return trace
}

function follow(trace: Trace, stretch: Stretch): void {
  const { task } = stretch
  let left = 'steps' in stretch ? stretch.steps : stretch.nth
  while (left > 0) {
    const at = trace.machine.at(trace.state, task)
    if (!at || trace.take(task) !== null) return
    if ('steps' in stretch || [at.label, `${at.procedure}.${at.label}`].includes(stretch.until)) left--
  }
}
