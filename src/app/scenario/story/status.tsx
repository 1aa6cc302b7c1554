import { memo } from 'react'
import { DamageIcon } from '../../../lenses/marks.tsx'
import type { TraceView } from '../../../worker/protocol.ts'
import { rulesInWords } from '../../../narrate/rules.ts'
import { violationAt } from '../run.ts'

/** What is violated in the state shown, the latest first; else that nothing is. All rules with their sentences stand in the panel. */
export const Status = memo(function Status({ trace, step }: { trace: TraceView; step: number }) {
  const counted = trace.oracles.filter(({ kind }) => kind === 'verdict')
  const broken = counted.flatMap(({ id }) => violationAt(trace, id, step) ?? []).sort((a, b) => b.step - a.step)
  const [latest] = broken
  if (!latest)
    return (
      <p className="status quiet">
        {counted.length === 1 ? 'The rule holds' : `All ${counted.length} rules hold`} {step === 0 ? 'at the start' : 'so far'}.
      </p>
    )
  const ids = broken.filter((one) => one.step === latest.step).map(({ oracle }) => oracle)
  const earlier = broken.filter((one) => one.step !== latest.step)
  // The headline of this step may say it already.
  const headline = trace.beats.find((beat) => beat.step === step)?.says.replace(/\.$/, '')
  const when = latest.step === step ? 'now' : `at step ${latest.step}`
  return (
    <p className="status is-violated" title={broken.map((one) => `${one.oracle} at step ${one.step}: ${one.says}`).join('\n')}>
      <DamageIcon /> {rulesInWords(trace.oracles, ids)} violated {when}
      {headline === latest.says.replace(/\.$/, '') ? '.' : `: ${latest.says}.`}
      {earlier.length > 0 &&
        ` Before it: ${rulesInWords(
          trace.oracles,
          earlier.map(({ oracle }) => oracle),
        )}.`}
    </p>
  )
})
