/**
 * Which part of the state a component of this page stands for. A step changes one number; whoever asks for something
 * else here is not drawn again by it.
 */
import { createContext, startTransition, useCallback, useContext, useEffect, useMemo, useState } from 'react'
import type { StoreApi } from 'zustand/vanilla'
import type { Walk } from '../../lenses/walk.ts'
import type { TraceView } from '../../worker/protocol.ts'
import { lastOf } from '../../store/place/moves.ts'
import type { Staged } from '../../store/place/place.ts'
import type { State } from '../../store/state.ts'
import { useApp, useLockstep } from '../lockstep.tsx'
import { afterPaint } from '../painted.ts'

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

/** Whoever waits for a step to be painted, by the store. */
const waiting = new WeakMap<StoreApi<State>, Set<() => void>>()

/**
 * Calls `then` after every step, once its sentence and the line of the current state have been painted. All who wait are one drawing,
 * which the next step may interrupt; of steps that follow each other faster than frames only the last is drawn.
 */
function afterSteps(store: StoreApi<State>, then: () => void): () => void {
  const all = waiting.get(store) ?? waitFor(store)
  all.add(then)
  return () => void all.delete(then)
}

function waitFor(store: StoreApi<State>): Set<() => void> {
  const all = new Set<() => void>()
  waiting.set(store, all)
  let due = false
  // Never left: there is one store as long as there is the page.
  store.subscribe((now, before) => {
    // While a search runs much is told that is no step; a frame for each would be too many.
    if (due || (now.place === before.place && now.trace === before.trace && now.compare === before.compare)) return
    due = true
    afterPaint(() => {
      due = false
      startTransition(() => all.forEach((then) => then()))
    })
  })
  return all
}

/** The same for all that waits until the step is painted: it is drawn in one go after that. With the run that it is a step of. */
function useLateMoment(): Moment | null {
  const side = useContext(OnSide)
  const { store } = useApp()
  const read = useCallback((): Moment | null => {
    const state = store.getState()
    const trace = side === null ? state.trace : state.compare?.[side]
    return trace ? { trace, step: stepOn(side)(state) } : null
  }, [store, side])
  const [late, setLate] = useState(read)
  useEffect(() => {
    const follow = (): void => {
      const now = read()
      setLate((was) => (was?.trace === now?.trace && was?.step === now?.step ? was : now))
    }
    startTransition(follow)
    return afterSteps(store, follow)
  }, [store, read])
  return late
}

/** Its step, for what is drawn of the run that is given: another run, or one with less in its pictures, is drawn at the step that is shown of it. */
export function useLateStep(trace: TraceView | null): number {
  const late = useLateMoment()
  const walk = useWalk()
  return late !== null && late.trace === trace ? late.step : walk.now()
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
