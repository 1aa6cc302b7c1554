/** What the commands on own scenes share: the text, from a file or the standard input, read and staged. */
import { InputError } from '../base/assert.ts'
import { stageScene, type StagedScene } from '../own/system.ts'
import type { Problem } from '../scene/lines.ts'
import { parseScene } from '../scene/parse.ts'
import type { Scene } from '../scene/scene.ts'
import { textOf } from './text-file.ts'

/** One sentence of all that is wrong, each with its line. */
const inWords = (file: string, problems: readonly Problem[]): string =>
  `${file === '-' ? 'the input' : file}: ${problems.map(({ line, message }) => `line ${line}: ${message}`).join('; ')}`

/** The scene of a file. @throws InputError with all that is wrong. */
export function sceneOf(file: string): Scene {
  const { scene, problems } = parseScene(textOf(file))
  if (problems.length > 0) throw new InputError(inWords(file, problems))
  return scene
}

/** The same, ready to run. @throws InputError for what cannot be read and what is not modelled. */
export function stagedOf(file: string): StagedScene {
  const staged = stageScene(sceneOf(file))
  if ('system' in staged) return staged
  throw new InputError(inWords(file, staged))
}

/** The one file that is named. */
export function oneFile(positionals: readonly string[]): string {
  const [file, extra] = positionals
  if (file === undefined) throw new InputError('which scene? Name a file, or "-" for the standard input')
  if (extra !== undefined) throw new InputError(`one scene at a time: leave "${extra}" out`)
  return file
}
