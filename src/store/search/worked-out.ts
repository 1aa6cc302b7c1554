/**
 * Whether a scenario can go wrong, where that was worked out before: on every release as it is shipped and with one patch flipped, and
 * with one setting changed. The program that answers in the browser wrote it (`npm run generate`), so it is the same answer, at once. A
 * file a scenario, loaded when somebody asks; all other places are asked of the worker.
 */
import { canonical } from '../../base/plain.ts'
import type { VerdictView } from '../../worker/protocol.ts'
import type { Staged } from '../place/place.ts'

/** `src/scenarios/<id>/verdicts.json`: most places have an answer in common. */
export interface WorkedOut {
  readonly answers: readonly VerdictView[]
  /** By `answerKey`: the number of the answer. */
  readonly places: Readonly<Record<string, number>>
}

/** A place of a scenario, without its schedule. */
export const answerKey = ({ kernel, toggles, settings }: Omit<Staged, 'scenario'>): string => canonical([kernel, toggles, settings])

/** Null where nobody has worked it out, or where the file cannot be had: the worker knows. */
export async function workedOut(place: Staged): Promise<VerdictView | null> {
  const found = await load(place.scenario)
  return found?.answers[found.places[answerKey(place)] ?? -1] ?? null
}

async function load(scenario: string): Promise<WorkedOut | null> {
  try {
    return ((await import(`../../scenarios/${scenario}/verdicts.json`)) as { readonly default: WorkedOut }).default
  } catch {
    return null
  }
}
