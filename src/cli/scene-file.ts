/** What the commands on own scenes share: the text, of a file, of the standard input or of a scenario, read and staged. */
import { InputError } from '../base/assert.ts'
import { stageScene, type StagedScene } from '../own/system.ts'
import { scenarioIds } from '../scenarios/registry.ts'
import { sceneIds, sceneOf as sceneOfScenario, unsaid } from '../scenarios/scenes.ts'
import type { Problem } from '../scene/lines.ts'
import { parseScene } from '../scene/parse.ts'
import type { Scene } from '../scene/scene.ts'
import { textOf } from './text-file.ts'

/** One sentence of all that is wrong, each with its line. */
const inWords = (file: string, problems: readonly Problem[]): string =>
  `${file === '-' ? 'the input' : file}: ${problems.map(({ line, message }) => `line ${line}: ${message}`).join('; ')}`

/** A scenario's text, or that of a file. @throws InputError if there is none. */
async function sourceOf(name: string): Promise<string> {
  if (!(scenarioIds as readonly string[]).includes(name)) return textOf(name)
  const text = await sceneOfScenario(name)
  if (text !== null) return text
  throw new InputError(`${name} cannot be said as a scene: ${unsaid[name] ?? 'it has no text'}; those that can are ${sceneIds.join(', ')}`)
}

/** The scene of a file or of a scenario. @throws InputError with all that is wrong. */
export async function sceneOf(name: string): Promise<Scene> {
  const { scene, problems } = parseScene(await sourceOf(name))
  if (problems.length > 0) throw new InputError(inWords(name, problems))
  return scene
}

/** The same, ready to run. @throws InputError for what cannot be read and what is not modelled. */
export async function stagedOf(name: string): Promise<StagedScene> {
  const staged = stageScene(await sceneOf(name))
  if ('system' in staged) return staged
  throw new InputError(inWords(name, staged))
}

/** The one scene that is named. */
export function oneScene(positionals: readonly string[]): string {
  const [name, extra] = positionals
  if (name === undefined) throw new InputError('which scene? Name a file, a scenario, or "-" for the standard input')
  if (extra !== undefined) throw new InputError(`one scene at a time: leave "${extra}" out`)
  return name
}
