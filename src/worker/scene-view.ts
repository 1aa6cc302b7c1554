/** A reader's own scene: what is wrong with its text, or what it is for the page; and what can be written in one. */
import { languageOf } from '../own/language.ts'
import { scenarioOf } from '../own/scenario.ts'
import type { Scenario } from '../scenarios/scenario.ts'
import { sceneOfId } from '../scene/id.ts'
import type { Problem } from '../scene/lines.ts'
import { isOwn } from '../scene/own.ts'
import { parseScene } from '../scene/parse.ts'
import type { LanguageView, SceneView } from './protocol.ts'

/** The scene of this name, ready to run, or why it cannot be. @throws InputError if the name is of none. */
export const sceneNamed = (id: string): Scenario | readonly Problem[] => scenarioOf(sceneOfId(id))

/** `text`: a scene, a whole mail with one in it, or the name of one. @throws InputError if a name is of none. */
export function sceneView(text: string): SceneView {
  const { scene, problems } = isOwn(text) ? { scene: sceneOfId(text), problems: [] } : parseScene(text)
  const scenario = problems.length > 0 ? problems : scenarioOf(scene)
  if (!('card' in scenario)) return { problems: scenario, card: null }
  const { scene: _, ...card } = scenario.card
  return { problems: [], card }
}

export const languageView = (): LanguageView => ({ fileSystems: languageOf() })
