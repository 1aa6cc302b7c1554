import { useEffect } from 'react'
import { whyKey } from '../../../store/search/asked.ts'
import type { State } from '../../../store/state.ts'
import type { WhyView } from '../../../worker/protocol.ts'
import { useActions, useLockstep } from '../../lockstep.tsx'

const keyOf = ({ place }: State): string | null => (place ? whyKey(place) : null)

/** What is known of why schedules of this kernel violate; null as long as nothing is. */
export const useWhy = (): WhyView | null => useLockstep((state) => state.asking.whys[keyOf(state) ?? ''] ?? null)

/** The last search for it came to nothing, and the one that is shown is it. */
export const useWhyFailed = (): boolean => useLockstep((state) => state.asking.failed !== null && state.asking.failed.key === keyOf(state))

/** Asks once the run has come: the first step does not wait for it. */
export function useAsksWhy(): void {
  const { findWhy } = useActions()
  const key = useLockstep((state) => (state.trace && !state.busy && state.place?.view !== 'compare' ? keyOf(state) : null))
  useEffect(() => {
    if (key !== null) void findWhy()
  }, [key, findWhy])
}
