/**
 * What an embedding page may ask of a frame, and what the frame tells it. Version 1 is a promise: it is only ever added to. Any page may
 * ask, from any host: walking along a run needs no permission and tells nothing that the embedding page did not put there itself.
 */
import type { State } from '../../store/state.ts'
import { lastOf } from '../../store/place/moves.ts'

export type Asked = { readonly do: 'next' } | { readonly do: 'prev' } | { readonly do: 'step'; readonly step: number }

/** The moment on the screen. */
export interface At {
  readonly scenario: string
  readonly step: number
  /** The last step of this run; null while the model is running. */
  readonly last: number | null
  /** The address of this moment on a page of its own. */
  readonly href: string
}

export interface Tells {
  readonly lockstep: 1
  /** Null where no scenario is shown. */
  readonly at: At | null
}

/** Reads a message; null where it is not for us, which is not worth a word: other things talk through windows too. */
export function asked(message: unknown): Asked | null {
  if (typeof message !== 'object' || message === null) return null
  const { lockstep, do: what, step } = message as Record<string, unknown>
  if (lockstep !== 1) return null
  if (what === 'next' || what === 'prev') return { do: what }
  if (what === 'step' && typeof step === 'number' && Number.isInteger(step) && step >= 0) return { do: 'step', step }
  return null
}

/** What is told of a state; `href` gives the address of the moment. */
export function told({ place, trace, compare }: State, href: (scenario: string) => string): Tells {
  if (!place) return { lockstep: 1, at: null }
  const known = place.view === 'compare' ? compare !== null : trace !== null
  const last = known ? lastOf(place, trace, compare) : null
  return {
    lockstep: 1,
    at: { scenario: place.scenario, step: last === null ? place.step : Math.min(place.step, last), last, href: href(place.scenario) },
  }
}
