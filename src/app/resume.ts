/**
 * Coming back to where one was. What a window shows stays with it when it is reloaded, so that it is drawn again before the model has been
 * loaded. It is the answer of that model: another program asks its own.
 */
import type { StoreApi } from 'zustand/vanilla'
import { bring } from '../lenses/picture-lens.tsx'
import { isOwn } from '../scene/own.ts'
import type { Card } from '../scenarios/card.ts'
import { rightOf } from '../store/place/beside.ts'
import { runOf, type Place } from '../store/place/place.ts'
import { kindsOf } from '../store/run/frames.ts'
import type { State } from '../store/state.ts'
import type { Actions } from '../store/store.ts'
import type { CompareView, TraceView } from '../worker/protocol.ts'
import { bringCompare } from './scenario/compare/part.ts'

const KEY = 'lockstep-shown'

interface Shown {
  /** The address of its first file, which has the names of all others in it, each made from what is in the file. */
  readonly program: string
  readonly place: Place
  readonly trace: TraceView
  readonly compare: CompareView | null
}

/** Keeps what is shown whenever the window is left. Scenes of one's own are not kept: the model has to read them first. */
export function keepShown(program: string, store: StoreApi<State>): void {
  document.addEventListener('visibilitychange', () => {
    const { place, trace, compare, busy } = store.getState()
    if (document.visibilityState !== 'hidden' || !place || !trace || busy || isOwn(place.scenario)) return
    // The code is read by few, and can be asked for.
    const shown: Shown = { program, place, trace: { ...trace, code: null }, compare: place.view === 'compare' ? compare : null }
    write(shown)
  })
}

/** Hands over what this window showed last; answers when it can be drawn. */
export async function resume(program: string, { answers }: Actions, cards: readonly Card[]): Promise<void> {
  const shown = read()
  const card = cards.find(({ id }) => id === shown?.place.scenario)
  if (shown?.program !== program || !card) return
  const { place, trace, compare } = shown
  answers.putTrace(runOf(place), trace)
  if (compare) answers.putCompare(place, rightOf(place, trace, card), compare)
  await bringRun(trace, card, compare !== null)
}

/** Loads what draws a run, or two of them beside each other. */
export async function bringRun(trace: TraceView, card: Card, compares: boolean): Promise<void> {
  await Promise.all([bring(kindsOf(trace, card.leads)), compares && bringCompare()])
}

// Storage can be forbidden or full, which throws; the model is then asked.
function read(): Shown | null {
  try {
    const kept = sessionStorage.getItem(KEY)
    return kept === null ? null : (JSON.parse(kept) as Shown)
  } catch {
    return null
  }
}

function write(shown: Shown): void {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(shown))
  } catch {
    return
  }
}
