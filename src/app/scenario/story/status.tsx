import { memo } from 'react'
import { DamageIcon } from '../../../lenses/marks.tsx'
import type { TraceView } from '../../../worker/protocol.ts'
import { ruleInWords, ruleName } from '../../../narrate/rules.ts'
import { usePicturedStep } from '../moment.ts'
import { violationAt } from '../run.ts'

/** What is violated in the state shown, the latest first; else that nothing is. All rules with their sentences stand in the panel. */
export const Status = memo(function Status({ trace }: { trace: TraceView }) {
  const step = usePicturedStep(trace)
  const counted = trace.oracles.filter(({ kind }) => kind === 'verdict')
  const broken = counted.flatMap(({ id }) => violationAt(trace, id, step) ?? []).sort((a, b) => b.step - a.step)
  const [latest] = broken
  if (!latest)
    return (
      <p className="status quiet">
        {counted.length === 1 ? 'The rule holds' : `All ${counted.length} rules hold`} {step === 0 ? 'at the start' : 'so far'}.
      </p>
    )
  const now = broken.filter((one) => one.step === latest.step)
  const earlier = broken.length - now.length
  // The headline of this step may say it already.
  const headline = trace.beats.find((beat) => beat.step === step)?.says.replace(/\.$/, '')
  const said = headline === latest.says.replace(/\.$/, '')
  const names = now.map(({ oracle }) => `“${ruleName(trace.oracles, oracle)}”`).join(', ')
  return (
    <p
      className="status is-violated"
      title={broken.map((one) => `${ruleInWords(trace.oracles, one.oracle)} at step ${one.step}: ${one.says}`).join('\n')}
    >
      <DamageIcon /> {latest.step === step ? 'Violated now' : `Violated at step ${latest.step}`}: {names}
      {said ? '.' : `: ${latest.says}.`}
      {earlier > 0 && ` ${earlier === 1 ? 'One rule' : `${earlier} rules`} more before it.`}
    </p>
  )
})
