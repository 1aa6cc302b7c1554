/** What happened behind a tab of the panel at a step. */
import type { Card } from '../../../scenarios/card.ts'
import type { TraceView } from '../../../worker/protocol.ts'
import { othersChangedAt, violatedAt } from '../run.ts'
import type { Tab } from './panel-state.ts'

type Mark = 'damage' | 'changed'

/** The mark of a tab at a step; null if it has none. */
export function markOf(tab: Tab, card: Card, trace: TraceView | null, step: number): Mark | null {
  if (!trace) return null
  if (tab === 'rules') return violatedAt(trace, step).length > 0 ? 'damage' : null
  if (tab === 'state') return othersChangedAt(trace, step, card.leads) ? 'changed' : null
  return tab === 'story' && step > 0 && step === trace.steps.length ? 'changed' : null
}
