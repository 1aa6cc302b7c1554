import { DamageIcon } from '../../../lenses/marks.tsx'
import type { TraceView } from '../../../worker/protocol.ts'
import { violationAt } from '../run.ts'

/** Every rule with its status in the state shown. It knows nothing of the bug: it only looks at states. */
export function Oracles({ trace, step }: { trace: TraceView; step: number }) {
  return (
    <ul className="oracles" aria-label={`Rules after step ${step}`}>
      {trace.oracles.map((oracle) => {
        const found = violationAt(trace, oracle.id, step)
        const bad = found !== null && oracle.kind === 'verdict'
        const later = found === null && oracle.kind === 'verdict' && trace.violations.some((one) => one.oracle === oracle.id)
        return (
          <li key={oracle.id} className={bad ? 'is-violated' : later ? 'is-later' : found ? 'is-noted' : undefined}>
            <span className="oracle-id">
              {bad ? <DamageIcon /> : null} {oracle.name} <small>{oracle.id}</small>
            </span>
            <span>
              {found ? `${bad ? 'violated' : 'not so, as it need not be,'} at step ${found.step}: ${found.says}` : `holds: ${oracle.says}`}
            </span>
          </li>
        )
      })}
    </ul>
  )
}
