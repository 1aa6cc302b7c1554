/**
 * Which part of the state a component of this page stands for. A step changes one number; whoever asks for something
 * else here is not drawn again by it.
 */
import { createContext, useContext, useMemo } from 'react'
import type { TraceView } from '../../worker/protocol.ts'
import { lastOf } from '../../store/place/moves.ts'
import type { Staged } from '../../store/place/place.ts'
import type { State } from '../../store/state.ts'
import { useLockstep } from '../lockstep.tsx'

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

/** The state that is shown of the run, or of the side on which one stands. */
export function useStep(): number {
  const side = useContext(OnSide)
  return useLockstep(side === null ? stepOf : steps[side])
}

/** What `select` makes of the step shown and of whether it is the last: only another answer draws again, so it is a plain value. */
export function useMoment<T extends string | number | boolean | null>(select: (step: number, ended: boolean) => T): T {
  const side = useContext(OnSide)
  return useLockstep((state) => select(side === null ? stepOf(state) : steps[side](state), endedIn(state)))
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
