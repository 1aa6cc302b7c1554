import { memo } from 'react'
import type { Card } from '../../../scenarios/card.ts'
import type { TraceView } from '../../../worker/protocol.ts'
import { useActions, useLockstep } from '../../lockstep.tsx'
import { PanelButton } from '../panel/panel-button.tsx'
import { PatchSwitch } from './patch-switch.tsx'
import { ReleaseLine } from './release-line.tsx'

interface Props {
  readonly card: Card
  readonly onExplore: () => void
  readonly onShare: () => void
}

/** What there is to do with a run besides walking through it, in one row: the release, the fix, the other views, handing it on. */
export const Bar = memo(function Bar({ card, onExplore, onShare }: Props) {
  const trace = useLockstep((state) => state.trace)
  const comparing = useLockstep((state) => state.place?.view === 'compare')
  return (
    <div className="bar" role="group" aria-label="What to do with this run">
      <ReleaseLine card={card} />
      {card.patches
        .filter((patch) => patch.id === card.fix)
        .map((patch) => (
          <PatchSwitch key={patch.id} patch={patch} trace={trace} as={card.own ? patch.kind : 'the fix'} />
        ))}
      <div className="bar-buttons">
        <Views trace={trace} onExplore={onExplore} other={otherSide(card)} />
        <button type="button" onClick={onShare}>
          Share <kbd>y</kbd>
        </button>
        <PanelButton card={card} trace={comparing ? null : trace} />
      </div>
    </div>
  )
})

/** What a run is compared with first. */
const otherSide = ({ own, fix }: Card): string => (own ? (fix === '' ? 'another kernel' : 'the patch switched') : 'the fix')

function Views({ trace, onExplore, other }: { trace: TraceView | null; onExplore: () => void; other: string }) {
  const { compare, map, pullPlug } = useActions()
  const view = useLockstep((state) => state.place?.view ?? 'trace')
  const pulled = useLockstep((state) => state.place?.power ?? false)
  const comparing = view === 'compare'
  return (
    <>
      <button
        type="button"
        onClick={compare}
        aria-pressed={comparing}
        aria-label={comparing ? 'Compare: leave it' : `Compare with ${other}`}
      >
        Compare <kbd>c</kbd>
      </button>
      <button type="button" onClick={onExplore}>
        Every interleaving <kbd>e</kbd>
      </button>
      <button type="button" onClick={map} aria-pressed={view === 'map'}>
        Map <kbd>m</kbd>
      </button>
      {trace?.canFail === true && !comparing && (
        <button type="button" onClick={pullPlug} aria-pressed={pulled}>
          Pull the plug <kbd>u</kbd>
        </button>
      )}
    </>
  )
}
