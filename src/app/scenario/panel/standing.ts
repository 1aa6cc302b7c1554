import { useLockstep } from '../../lockstep.tsx'
import { useBeside, useOneScreen } from '../use-screen.ts'

/** Is the panel seen without being opened? Beside one run, and at the end of a page that scrolls. */
export function useStanding(): boolean {
  const [fixed, beside] = [useOneScreen(), useBeside()]
  const talk = useLockstep((state) => state.place?.talk ?? false)
  const comparing = useLockstep((state) => state.place?.view === 'compare')
  return !talk && ((beside && !comparing) || !fixed)
}
