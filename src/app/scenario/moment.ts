/**
 * Which part of the state a component of this page stands for. A step changes one number; whoever asks for something
 * else here is not drawn again by it.
 */
import { createContext, startTransition, useContext, useEffect, useMemo, useState } from 'react'
import type { Walk } from '../../lenses/walk.ts'
import type { TraceView } from '../../worker/protocol.ts'
import { lastOf } from '../../store/place/moves.ts'
import type { Staged } from '../../store/place/place.ts'
import type { State } from '../../store/state.ts'
import { useApp, useLockstep } from '../lockstep.tsx'

const stepOf = ({ place, trace }: State): number => (place && trace ? Math.min(place.step, trace.steps.length) : 0)
const lastIn = ({ place, trace, compare }: State): number => (place ? lastOf(place, trace, compare) : 0)

const rowIn = (state: State): number => Math.min(state.place?.step ?? 0, lastIn(state))
const sideIn =
  (side: Side) =>
  (state: State): number =>
    state.compare?.rows[rowIn(state)]?.[side] ?? 0

const endedIn = (state: State): boolean => (state.place?.step ?? 0) >= lastIn(state)

export type Side = 'left' | 'right'
const steps = { left: sideIn('left'), right: sideIn('right') } as const

/** On which side of a comparison a component stands; null where there is one run. */
const OnSide = createContext<Side | null>(null)
export const SideProvider = OnSide.Provider

const stepOn = (side: Side | null): ((state: State) => number) => (side === null ? stepOf : steps[side])

/** The state that is shown of the run, or of the side on which one stands. */
export const useStep = (): number => useLockstep(stepOn(useContext(OnSide)))

/** The same for what moves by itself, without whatever is drawn around it. */
export function useWalk(): Walk {
  const side = useContext(OnSide)
  const { store } = useApp()
  return useMemo(() => ({ subscribe: store.subscribe, now: () => stepOn(side)(store.getState()) }), [store, side])
}

/** A run at a step of it. */
interface Moment {
  readonly trace: TraceView
  readonly step: number
}

/**
 * The same for all that waits until the sentence and the line of the current state are on their way to the screen: it is drawn in one
 * go after them. With the run that it is a step of.
 */
function useLateMoment(trace: TraceView): Moment {
  const side = useContext(OnSide)
  const { store } = useApp()
  const [late, setLate] = useState((): Moment => ({ trace, step: stepOn(side)(store.getState()) }))
  useEffect(() => {
    let known: Moment | null = null
    const follow = (): void => {
      const state = store.getState()
      const of = side === null ? state.trace : state.compare?.[side]
      const step = stepOn(side)(state)
      if (!of || (known?.trace === of && known.step === step)) return
      const now = (known = { trace: of, step })
      startTransition(() => setLate((was) => (was.trace === of && was.step === step ? was : now)))
    }
    follow()
    return store.subscribe(follow)
  }, [store, side])
  return late
}

/** Its step, for what is drawn of the run that is given: another run, or one with less in its pictures, is drawn at the step that is shown of it. */
export function useLateStep(trace: TraceView): number {
  const late = useLateMoment(trace)
  const walk = useWalk()
  return late.trace === trace ? late.step : walk.now()
}

/** What `select` makes of the step shown and of whether it is the last: only another answer draws again, so it is a plain value. */
export function useMoment<T extends string | number | boolean | null>(select: (step: number, ended: boolean) => T): T {
  const side = useContext(OnSide)
  return useLockstep((state) => select(stepOn(side)(state), endedIn(state)))
}

/** Where the walk stands: a state of the run, or a row of the comparison. */
export const useRow = (): number => useLockstep(rowIn)
export const useLast = (): number => useLockstep(lastIn)
export const useAtStart = (): boolean => useLockstep((state) => (state.place?.step ?? 0) === 0)
export const useAtEnd = (): boolean => useLockstep(endedIn)

const noRules: TraceView['oracles'] = []

/** The rules of this scenario: what their ids stand for. */
export const useRules = (): TraceView['oracles'] => useLockstep((state) => state.trace?.oracles ?? noRules)

/** The kernel, the patches and the settings: everything that a search depends on. */
export function useStaged(): Staged {
  const scenario = useLockstep((state) => state.place?.scenario ?? '')
  const kernel = useLockstep((state) => state.place?.kernel ?? '')
  const toggles = useLockstep((state) => state.place?.toggles)
  const settings = useLockstep((state) => state.place?.settings)
  return useMemo(() => ({ scenario, kernel, toggles: toggles ?? [], settings: settings ?? {} }), [scenario, kernel, toggles, settings])
}
