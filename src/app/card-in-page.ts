import type { Card } from '../scenarios/card.ts'

/** The card that the page of a scenario brings along, so that it need not load the catalogue of all; null if it has none. */
export function cardIn(page: Document): Card | null {
  const text = page.getElementById('card')?.textContent
  // The build wrote it from the catalogue, in the same breath as the scripts.
  return text ? (JSON.parse(text) as Card) : null
}
