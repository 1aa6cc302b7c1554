import { memo, useEffect, useRef } from 'react'
import type { Card } from '../../../scenarios/card.ts'
import { releasesKey } from '../../../store/place/place.ts'
import { useActions, useLockstep } from '../../lockstep.tsx'
import { useStaged } from '../moment.ts'
import { useWhy, useWhyFailed } from '../search/use-why.ts'
import { releaseMarks } from './release-marks.ts'

/** The releases in one line, each with what a search of it found; choosing one sets the kernel. Every release has its place from the start. */
export const ReleaseLine = memo(function ReleaseLine({ card }: { card: Card }) {
  const staged = useStaged()
  const { survey, setKernel } = useActions()
  const known = useLockstep((state) => state.releases[releasesKey(staged)])
  const talk = useLockstep((state) => state.place?.talk ?? false)
  // The searches take the machine's time from the steps and from the question why: they come last, and in a talk never.
  const why = useWhy()
  const failed = useWhyFailed()
  const quiet = !talk && (why !== null || failed)
  useEffect(() => {
    if (known === undefined && quiet) void survey()
  }, [known, quiet, survey])
  const line = useRef<HTMLOListElement>(null)
  useEffect(() => {
    const list = line.current
    const here = list?.querySelector('[aria-pressed="true"]')?.closest('li')
    // The list alone scrolls: the page stays where the reader is.
    if (list && here) list.scrollLeft = here.offsetLeft - (list.clientWidth - here.offsetWidth) / 2
  }, [staged.kernel])
  return (
    <ol ref={line} className="release-line" aria-label="Releases">
      {card.kernels.map((version) => {
        const release = known?.find((one) => one.version === version)
        const can = release?.state !== 'not modelled' && release?.state !== 'not applicable'
        return (
          <li key={version} className={release ? `release-chip is-${release.state.replace(' ', '-')}` : 'release-chip'}>
            <button
              type="button"
              disabled={!can}
              aria-pressed={version === staged.kernel}
              title={release ? `Linux ${version}: ${release.says}` : `Linux ${version}`}
              onClick={() => setKernel(version)}
            >
              {version}
              <span className="release-mark" aria-hidden="true">
                {release ? releaseMarks[release.state] : '\u00b7'}
              </span>
              {release && <span className="lens-hidden">{release.state}</span>}
            </button>
          </li>
        )
      })}
    </ol>
  )
})
