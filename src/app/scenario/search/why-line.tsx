import { usePanel } from '../panel/panel-state.ts'
import { useAsksWhy, useVerdict, useWhy, useWhyFailed } from './use-why.ts'
import { percent } from '../../../lenses/percent.ts'
import type { RaceWindow } from '../../../worker/protocol.ts'
import { waysInWords } from './ways.ts'
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

/** The label of a window: exact, or the share that it explains. */
const shareOf = ({ exact, covers }: RaceWindow): string =>
  exact ? 'Exact.' : covers ? `Explains ${percent(covers.ratio)} of the violating schedules.` : 'Not exact.'

/** In how many ways it ends, which is known before the reason; nothing as long as it is not. */
function Decided() {
  const verdict = useVerdict()
  return verdict && <strong className="ways">{waysInWords(verdict)}</strong>
}

/** What is known while the search goes on, and how far it is. */
export function Searching() {
  const decided = useVerdict() !== null
  const states = useLockstep((state) => state.asking.searching?.progress.states ?? 0)
  const far = states > 0 ? `: ${states.toLocaleString('en')} states so far` : ''
  return (
    <>
      <Decided /> <span className="quiet">{`${decided ? 'Counting them' : 'Asking every interleaving'}${far}.`}</span>
    </>
  )
}
