import type { Outcome } from '../../../engine/view.ts'
import { between, outcomeRows } from './outcome-rows.ts'

/** An outcome on one line: what differs most often. */
export function OutcomeLine({ outcome }: { outcome: Outcome }) {
  const shown = outcomeRows(outcome).filter(
    ([name, parts]) => parts !== null && parts.length > 0 && name !== 'console' && name !== 'file position' && name !== 'content',
  )
  return <>{shown.map(([name, parts]) => `${name} ${parts?.join(between(name)) ?? ''}`).join('; ')}</>
}
