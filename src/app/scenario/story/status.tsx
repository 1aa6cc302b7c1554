import { memo, type ReactNode } from 'react'
import { DamageIcon } from '../../../lenses/marks.tsx'
import type { TraceView } from '../../../worker/protocol.ts'
import { ruleInWords, ruleName } from '../../../narrate/rules.ts'
import { usePicturedStep } from '../moment.ts'
import { violationAt } from '../run.ts'

/** What a room has no line for: there what is wrong stands whole, beside its sign. */
const Near = ({ children }: { children: ReactNode }) => <span className="status-near">{children}</span>

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
      <DamageIcon /> <Near>Violated {latest.step === step ? 'now: ' : 'at '}</Near>
      {latest.step !== step && `step ${latest.step}: `}
      {said ? (
        `${names}.`
      ) : (
        <>
          <Near>{names}: </Near>
          {latest.says}.
        </>
      )}
      {earlier > 0 && <Near> {earlier === 1 ? 'One rule' : `${earlier} rules`} more before it.</Near>}
    </p>
  )
})
