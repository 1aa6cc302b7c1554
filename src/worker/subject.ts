/** What a request is about: a scenario of the catalogue by its id, or a scene by the name that says it. */
import { InputError } from '../base/assert.ts'
import { loadScenario } from '../scenarios/registry.ts'
import type { Scenario } from '../scenarios/scenario.ts'
import { isOwn } from '../scene/own.ts'

/** The scene that was asked about last: one question follows another. */
let last: { readonly id: string; readonly scenario: Scenario } | null = null

/** @throws InputError if there is no such scenario, and with the line and the remedy if the scene cannot be run. */
export async function loadSubject(id: string): Promise<Scenario> {
  if (!isOwn(id)) return loadScenario(id)
  if (last?.id === id) return last.scenario
  const { sceneNamed } = await import('./scene-view.ts')
  const scenario = sceneNamed(id)
  if ('card' in scenario) {
    last = { id, scenario }
    return scenario
  }
  throw new InputError(`This scene cannot be run: ${scenario.map(({ line, message }) => `line ${line}: ${message}`).join('; ')}.`)
}
