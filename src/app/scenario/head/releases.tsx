import { memo, useEffect, useRef } from 'react'
import type { Card } from '../../../scenarios/card.ts'
import { releasesKey } from '../../../store/place/place.ts'
import type { ReleaseView } from '../../../worker/protocol.ts'
import { useActions, useLockstep } from '../../lockstep.tsx'
import { useStaged } from '../moment.ts'
import { useNear } from '../panel/use-near.ts'

const marks: Readonly<Record<ReleaseView['state'], string>> = {
  violates: '\u00d7',
  holds: '\u25cb',
  undecided: '?',
  'not modelled': '\u2013',
  'not applicable': '\u2013',
}

/** The line of releases: when the bug came, when it went, and which patches lie in between. Choosing one sets the kernel. */
export const Releases = memo(function Releases({ card }: { card: Card }) {
  const staged = useStaged()
  const { survey } = useActions()
  const key = releasesKey(staged)
  const known = useLockstep((state) => state.releases[key])
  const section = useRef<HTMLElement>(null)
  // The searches take the machine's time from the steps: they begin when the line is about to be seen, in a talk never.
  const near = useNear(section)
  useEffect(() => {
    if (known === undefined && near) void survey()
  }, [known, near, survey])
  const found = known ?? []
  return (
    <section ref={section} className="releases" aria-label="Releases">
      <h2>When it came and went</h2>
      <p className="quiet">
        Every release with these settings, each searched to the end: {marks.violates} some interleaving violates, {marks.holds} none does.
        Patches are those that came (+) or went (-) since the release before on the same branch.
      </p>
      <ol className="release-line" aria-busy={found.length === 0}>
        {found.map((release) => (
          <ReleaseMark
            key={release.version}
            release={release}
            card={card}
            chosen={release.version === staged.kernel}
            flipped={staged.toggles.length > 0}
            known={release.version === staged.kernel ? found.length : 0}
          />
        ))}
      </ol>
    </section>
  )
})

/** Scrolls the list alone: the page stays where the reader is. */
function centre(item: HTMLElement): void {
  const list = item.parentElement
  if (!list) return
  const [inside, outside] = [item.getBoundingClientRect(), list.getBoundingClientRect()]
  list.scrollLeft += inside.left + inside.width / 2 - outside.left - outside.width / 2
}

interface MarkProps {
  readonly release: ReleaseView
  readonly card: Card
  readonly chosen: boolean
  readonly flipped: boolean
  /** Of the chosen one: how many releases are known. They come one after another, and each moves the middle. */
  readonly known: number
}

function ReleaseMark({ release: { version, state, says, added, removed, base }, card, chosen, flipped, known }: MarkProps) {
  const { setKernel } = useActions()
  const here = useRef<HTMLLIElement>(null)
  useEffect(() => {
    if (chosen && here.current) centre(here.current)
  }, [chosen, known])
  const nameOf = (id: string): string => card.patches.find((patch) => patch.id === id)?.name ?? id
  const patches = [...added.map((id) => `+${nameOf(id)}`), ...removed.map((id) => `-${nameOf(id)}`)]
  const can = state !== 'not modelled' && state !== 'not applicable'
  return (
    <li ref={here} className={`release is-${state.replace(' ', '-')}${/^\d+\.\d+$/.test(version) ? ' is-mainline' : ''}`}>
      <button
        type="button"
        disabled={!can}
        aria-pressed={chosen}
        title={`${says}${base === null ? '' : `; compared with ${base}`}`}
        onClick={() => setKernel(version)}
      >
        <span className="release-version">{version}</span>
        <span className="release-mark" aria-hidden="true">
          {marks[state]}
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
