import { TaskBadge } from '../../../lenses/marks.tsx'
import { waitInWords } from '../../../lenses/timeline.ts'
import type { TraceView } from '../../../worker/protocol.ts'
import { blockedAt } from '../run.ts'

/** Who cannot go on at a step, on what they wait and who holds it. */
export function Waiting({ trace, step }: { trace: TraceView; step: number }) {
  return blockedAt(trace, step).map((one) => (
    <span key={`${one.task} ${one.on}`} className="blocked" title={`${one.task} ${waitInWords(one)}`}>
      <TaskBadge task={one.task} /> {waitInWords(one)}
    </span>
  ))
}
