import { memo } from 'react'
import type { Card } from '../../scenarios/card.ts'
import type { TraceView } from '../../worker/protocol.ts'
import { hrefOf } from '../address.ts'
import { useApp, useLockstep } from '../lockstep.tsx'
import { Prose } from '../terms/prose.tsx'
import { ThemeSwitch } from '../theme-switch.tsx'
import { CopyLink } from './copy-link.tsx'

/** The title, and side by side what should have happened and what happens in this run. */
export const Header = memo(function Header({ card, trace, onHelp }: { card: Card; trace: TraceView | null; onHelp: () => void }) {
  const { where } = useApp()
  const comparing = useLockstep((state) => state.place?.view === 'compare')
  return (
    <header className="scenario-head">
      <div className="page-top">
        <a className="page-brand" href={hrefOf(where, null)}>
          Lockstep
        </a>
        <h1>{card.title}</h1>
        <CopyLink />
        <button type="button" onClick={onHelp}>
          Keys <kbd>?</kbd>
        </button>
        <ThemeSwitch />
      </div>
      <dl className="verdict">
        <div>
          <dt>What should happen</dt>
          <dd>
            <Prose text={card.should} />
          </dd>
        </div>
        <div>
          <dt>{comparing ? 'What happens on the left' : 'What happens in this run'}</dt>
          <dd>
            {trace === null ? (
              'The model is running.'
            ) : trace.happened.length > 0 ? (
              <Prose text={trace.happened.join(' ')} />
            ) : (
              endOf(trace)
            )}
          </dd>
        </div>
      </dl>
    </header>
  )
})

function endOf(trace: TraceView): string {
  if (trace.end === 'deadlock') return 'Nobody can go on: the tasks wait for each other for ever.'
  if (trace.end === 'open') return 'These choices end before the run does; let a task go on to see.'
  return 'Every task has finished.'
}
