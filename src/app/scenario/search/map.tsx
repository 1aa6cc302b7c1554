import { memo, useEffect, useMemo } from 'react'
import { PlaneLens } from '../../../lenses/plane-lens.tsx'
import { cellAt, type PlanePoint } from '../../../lenses/plane.ts'
import { mapKey, type Pair } from '../../../store/search/asked.ts'
import type { Side } from '../../../store/place/place.ts'
import type { Card } from '../../../scenarios/card.ts'
import { fixFlipped } from '../../../scenarios/switches.ts'
import type { MapView, TraceView, WhyView } from '../../../worker/protocol.ts'
import { useActions, useLockstep } from '../../lockstep.tsx'
import { useStaged, useStep } from '../moment.ts'
import { planeOf } from './plane.ts'
import { useWhy, useWhyFailed } from './use-why.ts'
import './why.css'

/** The plane of two tasks' steps under this kernel, and if wanted the same with the fix the other way. */
export default memo(function InterleavingMap({ card, trace }: { card: Card; trace: TraceView }) {
  const chosen = useLockstep((state) => state.asking.pair)
  const beside = useLockstep((state) => state.asking.beside)
  const why = useWhy()
  const failed = useWhyFailed()
  const { choosePair, setBeside } = useActions()
  // The first pair is that of the race: it is not known before the search has ended.
  const first = useMemo(() => (why || failed ? pairOf(trace, why) : null), [trace, why, failed])
  useEffect(() => {
    if (chosen === null && first !== null) choosePair(first)
  }, [chosen, first, choosePair])
  const fix = trace.patches.find(({ id }) => id === card.fix)
  const called = fix ? (card.own ? fix.name : 'the fix') : null
  const toggles = useLockstep((state) => state.place?.toggles)
  const other = useMemo(
    () => fixFlipped({ kernel: trace.kernel.asked, toggles: toggles ?? [] }, trace.patches, card),
    [trace, toggles, card],
  )
  return (
    <section className="map" aria-label="Interleaving map">
      <div className="map-head">
        <h2>Every interleaving of two tasks</h2>
        {chosen && <Axes trace={trace} pair={chosen} onChoose={choosePair} />}
        {fix && (
          <label className="field">
            <input type="checkbox" checked={beside} onChange={(event) => setBeside(event.target.checked)} />
            <span>
              {fix.on ? 'without' : 'with'} {card.own ? fix.name : 'the fix'} beside it
            </span>
          </label>
        )}
      </div>
      {chosen ? (
        <div className={beside && fix ? 'map-planes is-beside' : 'map-planes'}>
          <Here trace={trace} pair={chosen} title={sideName(trace, fix?.on ?? false, called)} />
          {beside && fix && <There side={other} pair={chosen} title={sideName(trace, !(fix?.on ?? false), called)} />}
        </div>
      ) : (
        <p className="quiet">Asking every interleaving.</p>
      )}
      <p className="quiet">
        A cell is a number of steps that each of the two has taken; how far the others are is folded into it. Red: schedules that come by
        there violate, the darker the more of them; crossed: all do. Hatched: none comes there. Dotted, where a search was stopped: not
        known. Shares count schedules of the model; they are not probabilities.
      </p>
    </section>
  )
})

/** `fix`: the patch that tells the two maps apart, by its name; null = there is none. */
const sideName = (trace: TraceView, fixed: boolean, fix: string | null): string =>
  `Linux ${trace.kernel.asked}${fix === null ? '' : ` ${fixed ? 'with' : 'without'} ${fix}`}`

/** The tasks of the race window, of which the one that the fix makes wait shows what its lock covers; without one the two that do most in this run. */
function pairOf(trace: TraceView, why: WhyView | null): Pair | null {
  const race = why?.window?.alternatives[0]
  const bound = race?.opens ?? race?.closes
  const waiting = race?.fix?.waits?.task ?? null
  if (bound && waiting !== null && waiting !== bound.task) return [bound.task, waiting]
  if (race?.inside && bound && bound.task !== race.inside.task) return [bound.task, race.inside.task]
  const busiest = trace.tasks
    .map(({ letter }) => ({ letter, steps: trace.steps.filter(({ task }) => task === letter).length }))
    .sort((a, b) => b.steps - a.steps)
  const [first, second] = busiest
  return first && second ? [first.letter, second.letter] : null
}

function Axes({ trace, pair, onChoose }: { trace: TraceView; pair: Pair; onChoose: (pair: Pair) => void }) {
  const [across, down] = pair
  // The same task twice is no plane: the other axis takes the one that was given up.
  const choose = (to: string, axis: 0 | 1): void => {
    const other = pair[1 - axis] === to ? (pair[axis] ?? to) : (pair[1 - axis] ?? to)
    onChoose(axis === 0 ? [to, other] : [other, to])
  }
  return (
    <>
      <TaskChoice trace={trace} says="across" value={across} onChoose={(to) => choose(to, 0)} />
      <TaskChoice trace={trace} says="down" value={down} onChoose={(to) => choose(to, 1)} />
    </>
  )
}

function TaskChoice({ trace, says, value, onChoose }: { trace: TraceView; says: string; value: string; onChoose: (to: string) => void }) {
  const known = trace.tasks.some(({ letter }) => letter === value)
  return (
    <label className="field">
      <span>{says}</span>
      <select value={value} onChange={(event) => onChoose(event.target.value)}>
        {!known && <option value={value}>{value}</option>}
        {trace.tasks.map(({ letter, name }) => (
          <option key={letter} value={letter}>
            {letter} {name}
          </option>
        ))}
      </select>
    </label>
  )
}

/** The map of the kernel that is shown, with the run and its step in it. */
function Here({ trace, pair, title }: { trace: TraceView; pair: Pair; title: string }) {
  const map = useMap(useStaged(), pair)
  const step = useStep()
  const plane = useMemo(() => map && planeOf(map), [map])
  const { goThrough } = useActions()
  if (!map || !plane) return <Waiting title={title} />
  const pick = (point: PlanePoint): void => {
    const kind = cellAt(plane, point)?.kind
    if (kind === 'never' || kind === 'unknown' || kind === undefined) return
    void goThrough(pair, [point.across, point.down], kind === 'safe' ? 'any' : 'violating')
  }
  return (
    <div>
      <PlaneLens plane={plane} title={title} current={Math.min(step, trace.steps.length)} onPick={pick} focused />
      <Folded map={map} />
    </div>
  )
}

/** The map of the other kernel: it is looked at. */
function There({ side, pair, title }: { side: Side; pair: Pair; title: string }) {
  const map = useMap(side, pair)
  const plane = useMemo(() => map && planeOf(map), [map])
  if (!map || !plane) return <Waiting title={title} />
  return (
    <div>
      <PlaneLens plane={plane} title={title} current={plane.path.length - 1} />
      <Folded map={map} />
    </div>
  )
}

/** The map of a kernel for the schedule shown; `side` and `pair` are the same objects for as long as they say the same. */
function useMap(side: Side, pair: Pair): MapView | null {
  const { drawMap } = useActions()
  const key = useLockstep(({ place }) => (place ? mapKey(place, side, pair) : null))
  const map = useLockstep((state) => (key === null ? null : (state.asking.maps[key] ?? null)))
  const missing = map === null
  useEffect(() => {
    if (missing && key !== null) void drawMap(side, pair)
  }, [key, missing, drawMap, side, pair])
  return map
}

const Waiting = ({ title }: { title: string }) => <p className="quiet">{title}: asking every interleaving.</p>

/** Whom the plane does not show, and what the search did not reach. */
function Folded({ map: { others, complete, bound } }: { map: MapView }) {
  const lines = [
    ...(others.length > 0 ? [`Folded into the shares: ${others.join(', ')}.`] : []),
    ...(complete ? [] : [`Not complete: ${bound ?? 'a bound was reached'}.`]),
  ]
  return lines.length === 0 ? null : <p className="quiet">{lines.join(' ')}</p>
}
