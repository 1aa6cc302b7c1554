import { usePanel } from '../panel/panel-state.ts'
import { useAsksWhy, useWhy, useWhyFailed } from './use-why.ts'
import { percent } from '../../../lenses/percent.ts'
import type { RaceWindow } from '../../../worker/protocol.ts'
import { useLockstep } from '../../lockstep.tsx'
import { Prose } from '../../terms/prose.tsx'

/** The reason why schedules of this kernel violate, in one line; all of it stands in the panel. */
export function WhyLine() {
  useAsksWhy()
  const why = useWhy()
  const failed = useWhyFailed()
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
          'It could not be worked out.'
        ) : (
          <Searching />
        )}
      </dd>
    </div>
  )
}

/** The label of a window: exact, or the share that it explains. */
export const shareOf = ({ exact, covers }: RaceWindow): string =>
  exact ? 'Exact.' : covers ? `Explains ${percent(covers.ratio)} of the violating schedules.` : 'Not exact.'

/** How far the search is. */
export function Searching() {
  const states = useLockstep((state) => state.asking.searching?.progress.states ?? 0)
  return <span className="quiet">Asking every interleaving{states > 0 ? `: ${states.toLocaleString('en')} states so far` : ''}.</span>
}
