/** Walks through a stretch of the run as a reader does, and draws what the page shows at each stop. */
import { isOwn } from '../../scene/own.ts'
import { encode } from '../../store/link/encode.ts'
import { walkOf } from '../../store/place/moves.ts'
import { shareable } from '../address.ts'
import type { App } from '../lockstep.tsx'
import { whenDrawn } from '../painted.ts'
import { compose, slide } from './compose.ts'
import { Sheet } from './sheet.ts'
import type { Film, Frame } from './svg.ts'

export interface Stretch {
  readonly from: number
  readonly to: number
  /** Moments of the story, or every step. */
  readonly every: 'moment' | 'step'
}

/** The moment shown. */
export function stillOf(app: App, title: string): Film {
  const sheet = new Sheet()
  return filmOf(sheet, title, [{ ...compose(sheet, addressOf(app)), seconds: 1 }])
}

/** A stretch; null where it was given up. `onFrame` is told how many are done and may give up. */
export async function filmThrough(
  app: App,
  title: string,
  stretch: Stretch,
  onFrame: (done: number, of: number) => boolean,
): Promise<Film | null> {
  const { place, trace, compare } = app.store.getState()
  const walk = place && walkOf(place, trace, compare)
  if (!place || !walk) return null
  const all = stretch.every === 'step' ? Array.from({ length: walk.last + 1 }, (_, n) => n) : [0, ...walk.stops]
  const steps = [...new Set([stretch.from, ...all, stretch.to])].filter((n) => n >= stretch.from && n <= stretch.to).sort((a, b) => a - b)
  const sheet = new Sheet()
  const frames: (Frame & { readonly viewBox: string })[] = []
  const { dataset } = document.documentElement
  const { motion } = dataset
  dataset['motion'] = 'none'
  try {
    for (const [i, step] of steps.entries()) {
      app.actions.scrub(step)
      await new Promise<void>(whenDrawn)
      frames.push({ ...compose(sheet, addressOf(app)), seconds: secondsFor(document.querySelector('.caption')?.textContent ?? '') })
      if (!onFrame(i + 1, steps.length)) return null
    }
  } finally {
    if (motion === undefined) delete dataset['motion']
    else dataset['motion'] = motion
    app.actions.scrub(place.step)
  }
  return filmOf(sheet, title, frames)
}

/** As long as it takes to read it. */
const secondsFor = (text: string): number => Math.min(6, Math.max(1.6, text.length / 28))

function addressOf({ store, where, cards }: App): string {
  const { place } = store.getState()
  if (!place) return ''
  const here = { ...place, talk: false }
  return where.isFile && !isOwn(place.scenario)
    ? `${place.scenario}/#/${encode(here, cards)}`
    : shareable(where, place.scenario, encode(here, cards))
}

function filmOf(sheet: Sheet, title: string, frames: readonly (Frame & { readonly viewBox: string })[]): Film {
  return { ...slide, viewBox: frames[0]?.viewBox ?? '', title, css: sheet.css(), defs: sheet.defs(), frames }
}
