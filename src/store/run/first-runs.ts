/**
 * The run that each scenario's page opens with and whether it can go wrong there, worked out while the site is built, by the program that
 * answers in the browser: a page that brings it along can be stepped, and says in which ways it ends, before the model has been loaded.
 */
import { canonical } from '../../base/plain.ts'
import type { Card } from '../../scenarios/card.ts'
import { catalog } from '../../scenarios/catalog.ts'
import { KEPT_STATES } from '../../worker/limits.ts'
import type { FromWorker, RunChoice, ToWorker, TraceView, VerdictView } from '../../worker/protocol.ts'
import { handle } from '../../worker/serve.ts'
import { home, runOf } from '../place/place.ts'

export interface FirstRun {
  readonly run: RunChoice
  readonly trace: TraceView
  /** Of all schedules of its kernel with its settings. */
  readonly verdict: VerdictView
}

async function firstRun(card: Card): Promise<FirstRun> {
  const run = runOf(home(card))
  const { trace } = await answer({ kind: 'trace', id: 1, run })
  const { verdict } = await answer({ kind: 'verdict', id: 1, run, maxStates: KEPT_STATES })
  return { run, trace, verdict }
}

/** What comes before an answer only tells how far it is. */
async function answer<R extends Extract<ToWorker, { kind: 'trace' | 'verdict' }>>(
  request: R,
): Promise<Extract<FromWorker, { kind: R['kind'] }>> {
  const replies: FromWorker[] = []
  await handle(request, (reply) => replies.push(reply))
  const reply = replies.at(-1)
  if (reply?.kind !== request.kind) throw new Error(`${request.run.scenario} has no first ${request.kind}: ${canonical(reply)}`)
  return reply as Extract<FromWorker, { kind: R['kind'] }>
}

/** By scenario. Whoever imports this waits for them. */
export const firstRuns: Readonly<Record<string, FirstRun>> = Object.fromEntries(
  await Promise.all(catalog.map(async (card): Promise<[string, FirstRun]> => [card.id, await firstRun(card)])),
)
