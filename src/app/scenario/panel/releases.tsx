import { memo, useEffect } from 'react'
import type { Card } from '../../../scenarios/card.ts'
import { releasesKey } from '../../../store/place/place.ts'
import type { ReleaseView } from '../../../worker/protocol.ts'
import { useActions, useLockstep } from '../../lockstep.tsx'
import { releaseMarks } from '../head/release-marks.ts'
import { useStaged } from '../moment.ts'

/** The releases one by one: when the bug came, when it went, and which patches lie in between. Choosing one sets the kernel. */
export const Releases = memo(function Releases({ card }: { card: Card }) {
  const staged = useStaged()
  const { survey } = useActions()
  const key = releasesKey(staged)
  const known = useLockstep((state) => state.releases[key])
  useEffect(() => {
    if (known === undefined) void survey()
  }, [known, survey])
  const found = known ?? []
  return (
    <section className="releases" aria-label="Releases">
      <h2>When it came and went</h2>
      <p className="quiet">
        Every release with these settings, each searched to the end: {releaseMarks.violates} some interleaving violates,{' '}
        {releaseMarks.holds} none does. Patches are those that came (+) or went (-) since the release before on the same branch.
      </p>
      <ol className="release-list" aria-busy={found.length === 0}>
        {found.map((release) => (
          <ReleaseMark
            key={release.version}
            release={release}
            card={card}
            chosen={release.version === staged.kernel}
            flipped={staged.toggles.length > 0}
          />
        ))}
      </ol>
    </section>
  )
})

interface MarkProps {
  readonly release: ReleaseView
  readonly card: Card
  readonly chosen: boolean
  readonly flipped: boolean
}

function ReleaseMark({ release: { version, state, says, added, removed, base }, card, chosen, flipped }: MarkProps) {
  const { setKernel } = useActions()
  const nameOf = (id: string): string => card.patches.find((patch) => patch.id === id)?.name ?? id
  const patches = [...added.map((id) => `+${nameOf(id)}`), ...removed.map((id) => `-${nameOf(id)}`)]
  const can = state !== 'not modelled' && state !== 'not applicable'
  return (
    <li className={`release is-${state.replace(' ', '-')}${/^\d+\.\d+$/.test(version) ? ' is-mainline' : ''}`}>
      <button
        type="button"
        disabled={!can}
        aria-pressed={chosen}
        title={`${says}${base === null ? '' : `; compared with ${base}`}`}
        onClick={() => setKernel(version)}
      >
        <span className="release-version">{version}</span>
        <span className="release-mark" aria-hidden="true">
          {releaseMarks[state]}
        </span>
        <span className="release-state">{state}</span>
        {chosen && flipped && <span className="release-flipped">patches flipped</span>}
      </button>
      {patches.length > 0 && (
        <ul aria-label={`patches since ${base}`}>
          {patches.map((patch) => (
            <li key={patch}>{patch}</li>
          ))}
        </ul>
      )}
    </li>
  )
}
