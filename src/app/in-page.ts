/** What the page of a scenario brings along. The build wrote it in the same breath as the scripts. */
import type { Card } from '../scenarios/card.ts'
import type { FirstRun } from '../store/run/first-runs.ts'

/** Its card, so that it need not load the catalogue of all; null if it has none. */
export const cardIn = (page: Document): Card | null => dataIn(page, 'card') as Card | null

/** The run it opens with, so that it can be stepped before the model is there; null if it has none. */
export const runIn = (page: Document): FirstRun | null => dataIn(page, 'run') as FirstRun | null

/** The texts of files that it would fetch elsewhere, by their address; only the one-file build has some. */
export const textsIn = (page: Document): Readonly<Record<string, string>> => (dataIn(page, 'beside') as Record<string, string> | null) ?? {}

function dataIn(page: Document, id: string): unknown {
  const text = page.getElementById(id)?.textContent
  return text ? JSON.parse(text) : null
}
