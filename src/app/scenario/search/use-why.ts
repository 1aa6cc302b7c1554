import { useEffect } from 'react'
import { whyKey } from '../../../store/search/asked.ts'
import { searchKey } from '../../../store/place/place.ts'
import type { State } from '../../../store/state.ts'
import type { VerdictView, WhyView } from '../../../worker/protocol.ts'
import { useActions, useLockstep } from '../../lockstep.tsx'

const keyOf = ({ place }: State): string | null => (place ? whyKey(place) : null)

/** What is known of why schedules of this kernel violate; null as long as nothing is. */
export const useWhy = (): WhyView | null => useLockstep((state) => state.asking.whys[keyOf(state) ?? ''] ?? null)

/** Whether this kernel can go wrong with these settings: known before anything is counted; null as long as it is not. */
export const useVerdict = (): VerdictView | null =>
  useLockstep((state) => (state.place ? (state.asking.verdicts[searchKey(state.place)] ?? null) : null))

/** What is known of all schedules: counted, if that is no less than what was decided before. */
export function useKnown(): WhyView | VerdictView | null {
  const [why, verdict] = [useWhy(), useVerdict()]
  return why && (why.complete || !verdict?.complete) ? why : verdict
}

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
