/** Giving a talk: every stop is shown in one page, so that full screen and the speaker's window outlive the crossing. */
import { rightOf } from '../../store/place/beside.ts'
import { lastOf } from '../../store/place/moves.ts'
import { runOf, type Place } from '../../store/place/place.ts'
import { encode } from '../../store/link/encode.ts'
import { catalog } from '../../scenarios/catalog.ts'
import type { App } from '../lockstep.tsx'
import { bringRun } from '../resume.ts'
import { canShow, type Stop } from './script.ts'
import { useTalk } from './talk-state.ts'

/** No run is so long: the store goes to the end of the one that comes. */
const END = 99_999

/** Shows a stop; at its end for who comes back to it. */
export function showStop({ actions, where }: App, at: number, end = false): void {
  const stop = useTalk.getState().stops[at]
  if (!stop || !canShow(stop)) return
  useTalk.getState().stand(at)
  if (!stop.place) return showOwn(where.folder === null ? '' : where.base, stop.own?.fragment ?? '')
  const place: Place = { ...stop.place, talk: true }
  // The folder of a scenario knows no other; the root knows all.
  if (where.folder !== null && where.folder !== place.scenario)
    return location.assign(`${where.base}#/${place.scenario}/${encode(place, catalog)}`)
  actions.visit(end ? { ...place, step: END } : place)
}

/** The address leads there: the store reads it as it reads any link. */
const showOwn = (base: string, fragment: string): void => location.assign(`${base}${fragment}/vt`)

/** To the stop before or after this one, where the walk through this one ends; says whether it crossed. */
export function crossFrom(app: App, by: 1 | -1): boolean {
  const { stops, at } = useTalk.getState()
  const { place, trace, compare } = app.store.getState()
  const here = at === null ? undefined : stops[at]
  if (at === null || !here || !place || app.store.getState().busy) return false
  const start = here.place?.scenario === place.scenario && here.place.view === place.view ? here.place.step : 0
  if (by > 0 ? place.step < lastOf(place, trace, compare) : place.step > start) return false
  const next = nextStop(stops, at, by)
  if (next === null) return false
  showStop(app, next, by < 0)
  return true
}

/**
 * Asks for what the stops beside this one show, the next one first: crossing is then drawing, and waits for nothing. What is in no catalogue
 * has to be read first, and what the folder of another scenario shows is another page's.
 */
export async function prepareBeside({ actions, where }: App): Promise<void> {
  const { stops, at } = useTalk.getState()
  if (at === null) return
  for (const by of [1, -1] as const) {
    const place = stops[nextStop(stops, at, by) ?? -1]?.place
    const card = catalog.find(({ id }) => id === place?.scenario)
    if (!place || !card || (where.folder !== null && where.folder !== place.scenario)) continue
    const trace = await actions.answers.trace(runOf(place))
    if (!trace.ok) continue
    const compares = place.view === 'compare'
    if (compares) await actions.answers.compare(place, rightOf(place, trace.value, card))
    await bringRun(trace.value, card, compares)
  }
}

/** The nearest stop that can be shown; null if there is none. */
export function nextStop(stops: readonly Stop[], at: number, by: 1 | -1): number | null {
  for (let i = at + by; i >= 0 && i < stops.length; i += by) {
    const stop = stops[i]
    if (stop && canShow(stop)) return i
  }
  return null
}
