import { usePanel } from '../panel/panel-state.ts'
import { useAsksWhy, useWhy, useWhyFailed } from './use-why.ts'
import { Decided, Searching, shareOf } from './why.tsx'
import { useLockstep } from '../../lockstep.tsx'
import { Prose } from '../../terms/prose.tsx'

/** The reason why schedules of this kernel violate, in one line; all of it stands in the panel. */
export function WhyLine() {
  useAsksWhy()
  const why = useWhy()
  const failed = useWhyFailed()
  const message = useLockstep((state) => state.asking.failed?.failure.message ?? '')
  const show = usePanel((state) => state.show)
  return (
    <div className="why-line">
      <dt>
        <button type="button" onClick={() => show('why')}>
          Why <kbd>w</kbd>
        </button>
      </dt>
      <dd aria-live="polite" title={why?.says}>
        {why ? (
          <>
            <Prose text={why.says} /> {why.window && <span className="quiet">{shareOf(why.window)}</span>}
          </>
        ) : failed ? (
          <>
            <Decided /> <span className="quiet">{message}</span>
          </>
        ) : (
          <Searching />
        )}
      </dd>
    </div>
  )
}
