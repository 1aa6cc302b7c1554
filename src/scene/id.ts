/**
 * The name of a scene where scenarios have theirs: `own/w1/p1PAYLOAD`. It says all that the scene says but its comments, so whoever has
 * the name has the scene. In a link the readable form may stand in its place: `own/w1/on_btrfs_6.1/A_fsync/end`.
 */
import { InputError } from '../base/assert.ts'
import { OWN } from './own.ts'
import { packedPayload, sceneOfPacked } from './packed.ts'
import { END, readablePayload, sceneOfReadable } from './readable.ts'
import { VERSION, type Scene } from './scene.ts'

const LANGUAGE = `w${VERSION}`
/** Dictionary 1. No readable scene begins with a segment that has no `_` and this in front. */
const PACKED = 'p1'

export const idOf = (scene: Scene): string => [OWN, LANGUAGE, PACKED + packedPayload(scene)].join('/')

/** The same for people. */
export const readableIdOf = (scene: Scene): string => [OWN, LANGUAGE, readablePayload(scene)].join('/')

/** @throws InputError with what is wrong with the name. */
export function sceneOfId(id: string): Scene {
  const { scene } = splitOwn(id.split('/').slice(1))
  return scene
}

/** The segments behind `own`: a scene, and what follows it in a link. @throws InputError with what is wrong. */
export function splitOwn(segments: readonly string[]): { readonly scene: Scene; readonly rest: readonly string[] } {
  const [language = '', first = '', ...others] = segments
  if (language !== LANGUAGE)
    throw new InputError(
      /^w\d+$/.test(language)
        ? `The scene in this link is in version ${language.slice(1)} of the language; this copy of the page knows ${VERSION}. Reload the page, or ask for a newer copy of it.`
        : `The link does not say in which version of the language its scene is: ${LANGUAGE} is missing.`,
    )
  if (first.startsWith(PACKED) && !first.includes('_')) return { scene: sceneOfPacked(first.slice(PACKED.length)), rest: others }
  if (/^p\d+[A-Za-z0-9]*$/.test(first))
    throw new InputError('The scene in this link is packed with a dictionary that this copy of the page does not know: reload the page.')
  const all = [first, ...others]
  const end = all.indexOf(END)
  return { scene: sceneOfReadable(all.slice(0, end < 0 ? undefined : end + 1).join('/')), rest: end < 0 ? [] : all.slice(end + 1) }
}
