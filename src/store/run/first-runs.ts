/**
 * The run that each scenario's page opens with, worked out while the site is built, by the program that answers in the browser: a page
 * that brings it along can be stepped before the model has been loaded.
 */
import { canonical } from '../../base/plain.ts'
import type { Card } from '../../scenarios/card.ts'
import { catalog } from '../../scenarios/catalog.ts'
import type { FromWorker, RunChoice, TraceView } from '../../worker/protocol.ts'
import { handle } from '../../worker/serve.ts'
import { home, runOf } from '../place/place.ts'

export interface FirstRun {
  readonly run: RunChoice
  readonly trace: TraceView
}

async function firstRun(card: Card): Promise<FirstRun> {
  const run = runOf(home(card))
  const replies: FromWorker[] = []
  await handle({ kind: 'trace', id: 1, run }, (reply) => replies.push(reply))
  const [reply] = replies
  if (reply?.kind !== 'trace') throw new Error(`${card.id} has no first run: ${canonical(reply)}`)
  // The code is read by few, and by nobody before the first step.
  return { run, trace: { ...reply.trace, code: null } }
}

/** By scenario. Whoever imports this waits for them. */
export const firstRuns: Readonly<Record<string, FirstRun>> = Object.fromEntries(
  await Promise.all(catalog.map(async (card): Promise<[string, FirstRun]> => [card.id, await firstRun(card)])),
)
