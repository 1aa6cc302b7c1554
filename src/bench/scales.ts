/** Settings that make a scenario larger: a small search measures how quickly the engine warms up, not how quickly it searches. */
import type { Card } from '../scenarios/card.ts'

type Settings = Readonly<Record<string, string>>

/** Settings that add one task (or one extent to work on) from each value to the next, whichever scenario has them. */
const counting = new Set(['appenders', 'writers', 'extents'])

/** What else makes a scenario large. */
const large: Readonly<Record<string, Settings>> = {
  'fsync-overlap': { flusher: 'reclaim', reader: 'on' },
}

/** Its search goes on beyond a million states: the page can be measured while it runs. */
export const busy: { readonly scenario: string; readonly settings: Settings } = {
  scenario: 'append-hole',
  settings: { appenders: '3' },
}

/** Scenarios whose every step is measured in the page: of many pictures, of leaves and records, of large strips, of many steps. */
export const walked: readonly string[] = ['fsync-overlap', 'append-hole', 'fsync-torn', 'dio-csum', 'append-unlock']

export interface Scaled {
  readonly settings: Settings
  /** The settings with one less of what is counted; null where nothing is. */
  readonly from: Settings | null
}

/** The settings to measure: the default, then each value of what counts, then the large ones. */
export function scalesOf(card: Pick<Card, 'id' | 'settings'>): Scaled[] {
  const counted = card.settings
    .filter(({ name }) => counting.has(name))
    .flatMap(({ name, values, default: usual }) =>
      // The default has been measured already: growth is counted from it on.
      values
        .slice(values.indexOf(usual) + 1)
        .map((value, i) => ({ settings: { [name]: value }, from: i === 0 ? {} : { [name]: values[values.indexOf(value) - 1] ?? usual } })),
    )
  const more = large[card.id]
  return [{ settings: {}, from: null }, ...counted, ...(more ? [{ settings: more, from: null }] : [])]
}
