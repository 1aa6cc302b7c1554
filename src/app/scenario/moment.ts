/**
 * Which part of the state a component of this page stands for. A step changes one number; whoever asks for something
 * else here is not drawn again by it.
 */
import { createContext, startTransition, useCallback, useContext, useEffect, useMemo, useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import type { StoreApi } from 'zustand/vanilla'
import type { Walk } from '../../lenses/walk.ts'
import type { TraceView } from '../../worker/protocol.ts'
import { lastOf } from '../../store/place/moves.ts'
import type { Staged } from '../../store/place/place.ts'
import type { State } from '../../store/state.ts'
import { useApp, useLockstep } from '../lockstep.tsx'
import { afterPaint, allIsDrawn, drawingBegins, inNextFrame } from '../painted.ts'

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

const alike = (a: Moment | null, b: Moment | null): boolean => a?.trace === b?.trace && a?.step === b?.step

/**
 * What is drawn of a step after its sentence and the line of the current state were painted: the pictures in one drawing, and when those
 * were painted the rest in another, which the next step may interrupt. Of steps that follow each other faster than frames the last is drawn.
 */
interface Followers {
  /** Each says whether it has something else to draw now. */
  readonly pictures: Set<() => boolean>
  readonly rest: Set<() => boolean>
  /** The pictures are drawn: the rest may follow. */
  readonly drawn: () => void
}

const followers = new WeakMap<StoreApi<State>, Followers>()

const followersOf = (store: StoreApi<State>): Followers => followers.get(store) ?? follow(store)

function follow(store: StoreApi<State>): Followers {
  const [pictures, rest] = [new Set<() => boolean>(), new Set<() => boolean>()]
  const draw = (all: ReadonlySet<() => boolean>, how: (then: () => void) => void, otherwise: () => void): void => {
    let some = false
    how(() => all.forEach((then) => (some = then() || some)))
    if (!some) otherwise()
  }
  const drawRest = (): void => draw(rest, startTransition, allIsDrawn)
  const stepped = once(inNextFrame, () => draw(pictures, flushSync, drawRest))
  // Never left: there is one store as long as there is the page.
  store.subscribe((now, before) => {
    // While a search runs much is told that is no step; a frame for each would be too many.
    if (now.place === before.place && now.trace === before.trace && now.compare === before.compare) return
    drawingBegins()
    stepped()
  })
  const made: Followers = { pictures, rest, drawn: once(afterPaint, drawRest) }
  followers.set(store, made)
  return made
}

/** Later, and however often it is asked for until then. */
function once(later: (then: () => void) => void, then: () => void): () => void {
  let due = false
  return () => {
    if (due) return
    due = true
    later(() => {
      due = false
      then()
    })
  }
}

/** Another run than the one on the page, or one with less in its pictures, is drawn at the step that is shown of it. */
function useStepWhen(when: 'pictures' | 'rest', trace: TraceView | null): number {
  const side = useContext(OnSide)
  const { store } = useApp()
  const read = useCallback((): Moment | null => {
    const state = store.getState()
    const trace = side === null ? state.trace : state.compare?.[side]
    return trace ? { trace, step: stepOn(side)(state) } : null
  }, [store, side])
  const [late, setLate] = useState(read)
  const known = useRef(late)
  useEffect(() => {
    const { [when]: all } = followersOf(store)
    const follow = (): boolean => {
      const now = read()
      if (alike(known.current, now)) return false
      known.current = now
      setLate(now)
      return true
    }
    startTransition(() => void follow())
    all.add(follow)
    return () => void all.delete(follow)
  }, [store, read, when])
  useEffect(() => {
    if (when === 'pictures') followersOf(store).drawn()
    // Where steps follow each other, of the last one.
    else if (alike(late, read())) allIsDrawn()
  }, [store, read, when, late])
  return late !== null && late.trace === trace ? late.step : stepOn(side)(store.getState())
}

/** The step of pictures. */
export const usePicturedStep = (trace: TraceView): number => useStepWhen('pictures', trace)

/** The step of all else that may come later than the pictures. */
export const useLateStep = (trace: TraceView | null): number => useStepWhen('rest', trace)

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
