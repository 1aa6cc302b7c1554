/** What a reader does with the text of a scene: types it, opens another one, takes it along as the page shows it. */
import type { StoreApi } from 'zustand/vanilla'
import { same } from '../../base/plain.ts'
import type { Card } from '../../scenarios/card.ts'
import { isOwn } from '../../scene/own.ts'
import type { Client } from '../../worker/client.ts'
import type { LanguageView } from '../../worker/protocol.ts'
import { home, type Place } from '../place/place.ts'
import type { State } from '../state.ts'
import { cardOf, know } from './link.ts'
import { sameRuns, withKernel, withRun } from './text.ts'
import { nothingTyped, type Own } from './typed.ts'

type Show = (place: Place, how: 'push' | 'replace') => void

export type OwnActions = ReturnType<typeof createOwn>

export function createOwn(store: StoreApi<State>, client: Client, cards: Card[], show: Show) {
  const get = store.getState
  const set = (more: Partial<Own>): void => store.setState({ own: { ...(get().own ?? nothingTyped), ...more } })
  /** Counts texts, so that a late answer to an earlier one is dropped. */
  let texts = 0
  let language: Promise<LanguageView | null> | null = null

  // Whatever is switched beside the pictures is switched in the text.
  store.subscribe((now, before) => {
    const { place, own } = now
    if (!own || !place || place === before.place || place.scenario !== own.id || before.place?.scenario !== own.id) return
    if (place.kernel === before.place.kernel && same(place.toggles, before.place.toggles)) return
    set({ text: withKernel(own.text, place, shippedIn(now)) })
  })

  /** Patches that the release on the screen has of itself. */
  function shippedIn({ trace, place }: State): readonly string[] {
    return trace && trace.kernel.asked === place?.kernel ? trace.patches.filter(({ shipped }) => shipped).map(({ id }) => id) : []
  }

  /** Who only claims something else stays at the step where he is. */
  function placeIn(card: Card, place: Place | null): Place {
    const start = home(card)
    const old = cards.find(({ id }) => id === place?.scenario)
    if (!place || !old?.own || !card.own || !sameRuns(old.own.text, card.own.text)) return start
    return place.kernel === start.kernel && same(place.toggles, start.toggles) ? { ...place, scenario: card.id } : start
  }

  async function read(text: string, how: 'push' | 'replace'): Promise<void> {
    const mine = ++texts
    set({ text, reading: true })
    const answer = await client.scene(text)
    if (mine !== texts) return
    if (!answer.ok) return set({ problems: [{ line: 1, word: null, message: answer.failure.message }], reading: false })
    const { problems, card: found } = answer.value
    if (found === null) return set({ problems, reading: false })
    const card = cardOf(found)
    know(cards, card)
    set({ problems: [], reading: false, id: card.id })
    const { place } = get()
    // A comment, a blank: the scene is the same.
    if (place?.scenario !== card.id) show(placeIn(card, place), how)
  }

  return {
    /** The text as it is being typed. */
    edit: (text: string): void => void read(text, get().place && isOwn(get().place?.scenario ?? '') ? 'replace' : 'push'),
    /** Another text: from a menu, a mail, a file. One can come back from it. */
    openScene: (text: string): void => void read(text, 'push'),
    /** The text as it is on the screen: with its kernel and its patches, and with the schedule that is shown where that is not the one it opens with. */
    sceneText(): string {
      const { own, place, trace } = get()
      if (!own || !place || place.scenario !== own.id) return own?.text ?? ''
      const kept = withKernel(own.text, place, shippedIn(get()))
      return 'named' in place.schedule || !trace ? kept : withRun(kept, place.schedule.choices)
    },
    /** What can be written in a scene; asked once. Null where the model does not answer. */
    language(): Promise<LanguageView | null> {
      language ??= client.language().then((answer) => (answer.ok ? answer.value : ((language = null), null)))
      return language
    },
  }
}
