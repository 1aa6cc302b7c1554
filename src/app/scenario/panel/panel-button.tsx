import { ChangeIcon, DamageIcon } from '../../../lenses/marks.tsx'
import type { Card } from '../../../scenarios/card.ts'
import type { TraceView } from '../../../worker/protocol.ts'
import { useLateStep } from '../moment.ts'
import { markOf } from './marks.ts'
import { tabs, usePanel } from './panel-state.ts'
import { useStanding } from './standing.ts'

interface Props {
  readonly card: Card
  /** Null in a comparison. */
  readonly trace: TraceView | null
}

/** Opens the panel; it bears the mark of whatever changed inside while it is closed. */
export const PanelButton = (props: Props) => !useStanding() && <Opener {...props} />

function Opener({ card, trace }: Props) {
  const open = usePanel((state) => state.open)
  const toggle = usePanel((state) => state.toggle)
  const step = useLateStep(trace)
  const marks = tabs.map((tab) => markOf(tab, card, trace, step))
  return (
    <button type="button" onClick={toggle} aria-expanded={open} aria-controls="panel">
      More <kbd>s</kbd>
      <span className="panel-mark">
        {marks.includes('damage') ? <DamageIcon /> : <ChangeIcon shown={marks.includes('changed') && !open} />}
      </span>
    </button>
  )
}
