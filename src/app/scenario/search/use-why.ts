import { useEffect, useMemo } from 'react'
import type { Doom } from '../../../lenses/doom.ts'
import { searchKey, type Place } from '../../../store/place/place.ts'
import { whyKey } from '../../../store/search/asked.ts'
import type { State } from '../../../store/state.ts'
import type { TraceView, VerdictView, WhyView } from '../../../worker/protocol.ts'
import { whenIdle } from '../../../lenses/late.ts'
import { useActions, useApp, useLockstep } from '../../lockstep.tsx'
import { doomOf } from './race.ts'

const keyOf = ({ place }: State): string | null => (place ? whyKey(place) : null)

/** What is known of why schedules of this kernel violate; null as long as nothing is. */
export const useWhy = (): WhyView | null => useLockstep((state) => state.asking.whys[keyOf(state) ?? ''] ?? null)

/** Whether this kernel can go wrong with these settings: known before anything is counted; null as long as it is not. */
export const useVerdict = (): VerdictView | null =>
  useLockstep((state) => (state.place ? (state.asking.verdicts[searchKey(state.place)] ?? null) : null))

/** What is known of all schedules: counted where all are, or else what was decided, which knows all that a count has come by. */
export function useKnown(): WhyView | VerdictView | null {
  const [why, verdict] = [useWhy(), useVerdict()]
  return why?.complete ? why : (verdict ?? why)
}

/** The last search for it came to nothing, and the one that is shown is it. */
export const useWhyFailed = (): boolean => useLockstep((state) => state.asking.failed !== null && state.asking.failed.key === keyOf(state))

/** Asks once the run has come: the first step does not wait for it. */
export function useAsksWhy(): void {
  const { findWhy } = useActions()
  const key = useLockstep((state) => (state.trace && !state.busy && state.place?.view !== 'compare' ? keyOf(state) : null))
  useEffect(() => {
    if (key === null) return
    let wanted = true
    whenIdle(() => {
      if (wanted) void findWhy()
    })
    return () => void (wanted = false)
  }, [key, findWhy])
}

/** The curve of a run that stands beside another one: each system is asked in its turn. */
export function useDoomOf(trace: TraceView): Doom {
  const place = useLockstep((state) => state.place)
  const of = useMemo(() => place && placeOf(place, trace), [place, trace])
  const key = of && whyKey(of)
  const why = useLockstep(({ asking }) => asking.whys[key ?? ''] ?? null)
  const failed = useLockstep(({ asking }) => asking.failed !== null && asking.failed.key === key)
  const idle = useLockstep(({ asking }) => asking.searching === null)
  const { findWhy } = useActions()
  const { store } = useApp()
  useEffect(() => {
    // The other side may have begun since this was drawn.
    if (of !== null && why === null && !failed && store.getState().asking.searching === null) void findWhy(of)
  }, [of, why, failed, idle, findWhy, store])
  return useMemo(() => doomOf(trace, why, failed), [trace, why, failed])
}

/** Where one would be who looked at this run alone. */
const placeOf = (place: Place, { kernel, patches, choices }: TraceView): Place => ({
  ...place,
  kernel: kernel.asked,
  toggles: patches.filter(({ on, shipped }) => on !== shipped).map(({ id }) => id),
  schedule: { choices },
  step: 0,
  view: 'trace',
  right: null,
  other: null,
})
