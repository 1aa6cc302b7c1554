/** Scenarios by id, each with its notes a chunk of its own that is loaded when asked for. A folder's name is its scenario's id. */
import { InputError } from '../base/assert.ts'
import { scenarioIds } from './catalog.ts'
import type { Notes } from './notes.ts'
import type { Scenario } from './scenario.ts'

export { scenarioIds } from './catalog.ts'

/** @throws InputError if there is no scenario of this id. */
function checked(id: string): string {
  if (!(scenarioIds as readonly string[]).includes(id))
    throw new InputError(`there is no scenario "${id}"; choose one of ${scenarioIds.join(', ')}`)
  return id
}

/** @throws InputError if there is no scenario of this id. */
export async function loadScenario(id: string): Promise<Scenario> {
  const module = (await import(`./${checked(id)}/index.ts`)) as { readonly scenario: Scenario }
  return module.scenario
}

/** The words and recordings for its page. @throws InputError if there is no scenario of this id. */
export async function loadNotes(id: string): Promise<Notes> {
  const module = (await import(`./${checked(id)}/notes.ts`)) as { readonly notes: Notes }
  return module.notes
}

/** Runs that a search has found for variants whose promise the documented schedule does not show: choices by the variant's id. */
export async function loadFound(id: string): Promise<Readonly<Record<string, string>>> {
  const module = (await import(`./${checked(id)}/found.json`)) as { readonly default: Readonly<Record<string, string>> }
  return module.default
}
