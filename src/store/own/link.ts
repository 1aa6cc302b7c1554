/** Links to scenes: the scene itself stands in the place of a scenario's name, and the same segments follow it. */
import { InputError } from '../../base/assert.ts'
import type { Card } from '../../scenarios/card.ts'
import { idOf, splitOwn } from '../../scene/id.ts'
import { printScene } from '../../scene/print.ts'
import type { Scene } from '../../scene/scene.ts'
import type { Client } from '../../worker/client.ts'
import type { SceneCard } from '../../worker/protocol.ts'
import { describe, parse } from '../link/link.ts'
import { repair, strangers } from '../link/repair.ts'
import type { Own, ParsedOwn } from './typed.ts'

/** The card of a scene, as the page has those of the catalogue. */
export const cardOf = (card: SceneCard): Card => ({ ...card, scene: () => card.summary })

/** So many cards of scenes are remembered. */
const KEPT = 64

/** Puts a card among those that are known, in the place of an older one of the same scene. */
export function know(cards: Card[], card: Card): void {
  const at = cards.findIndex(({ id }) => id === card.id)
  if (at >= 0) cards.splice(at, 1)
  cards.push(card)
  // One for every text that was typed: the oldest is read again by whoever goes back to it.
  const first = cards.findIndex(({ own }) => own)
  if (cards.filter(({ own }) => own).length > KEPT) cards.splice(first, 1)
}

/**
 * Reads the fragment of a scene, with `own` in front. What cannot be read is a problem in words, as with all links; a scene that can be
 * read and not be run has no place: its text is there to be mended. The card of one that can be run joins `cards`.
 */
export async function parseOwn(fragment: string, cards: Card[], client: Client): Promise<ParsedOwn> {
  const text = fragment.replace(/^#?\/?/, '')
  const found = strangers(text)
  if (found.length === 0) return read(text, cards, client)
  const mended = await read(repair(text), cards, client)
  const says = `This link was damaged on its way: it contains ${found.slice(0, 5).join(', ')}, which no link of this page has.`
  if ('problem' in mended) return { problem: { ...mended.problem, says, also: [mended.problem.says, ...mended.problem.also] } }
  if (mended.place === null) return mended
  return { problem: { says, also: [], understood: describe(mended.place), nearest: mended.place } }
}

async function read(text: string, cards: Card[], client: Client): Promise<ParsedOwn> {
  const segments = text.split('/').filter((segment) => segment !== '')
  const problem = (says: string): ParsedOwn => ({ problem: { says, also: [], understood: [], nearest: null } })
  let split: { readonly scene: Scene; readonly rest: readonly string[] }
  try {
    split = splitOwn(segments.slice(1))
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    return problem(`${error.message[0]?.toUpperCase() ?? ''}${error.message.slice(1)}${/[.!?]$/.test(error.message) ? '' : '.'}`)
  }
  const { scene, rest } = split
  const id = idOf(scene)
  const answer = await client.scene(id)
  if (!answer.ok) return problem(answer.failure.message)
  const own: Own = { text: printScene(scene), problems: answer.value.problems, reading: false, id: null }
  if (answer.value.card === null) return { place: null, own }
  const card = cardOf(answer.value.card)
  know(cards, card)
  const parsed = parse(`/${rest.join('/')}`, id, [card])
  return 'place' in parsed ? { ...parsed, own: { ...own, id } } : parsed
}
