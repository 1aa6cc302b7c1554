import { memo, useState } from 'react'
import type { Card } from '../../../scenarios/card.ts'
import { waitInWords } from '../../../lenses/timeline.ts'
import type { TraceView } from '../../../worker/protocol.ts'
import { rulesInWords } from '../../../narrate/rules.ts'
import { hrefOf } from '../../address.ts'
import { useApp, useLockstep } from '../../lockstep.tsx'
import { Prose } from '../../terms/prose.tsx'
import { ThemeSwitch } from '../../theme-switch.tsx'
import { CopyLink } from './copy-link.tsx'
import { blockedAt } from '../run.ts'
import { Why } from '../search/why.tsx'

/** The title, and side by side what should have happened and what happens in this run. */
export const Header = memo(function Header({ card, trace, onHelp }: { card: Card; trace: TraceView | null; onHelp: () => void }) {
  const { where } = useApp()
  const compare = useLockstep((state) => (state.place?.view === 'compare' ? state.compare : null))
  const failed = useLockstep((state) => state.failure !== null)
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
      <dl className={compare ? 'verdict is-of-two' : 'verdict'}>
        <Verdict
          title={compare || (trace && !trace.documented) ? 'What should happen in the documented run' : 'What should happen'}
          text={card.should}
        />
        {compare ? (
          <>
            <Verdict title="What happens on the left" text={`${happenedIn(compare.left)} ${violatedIn(compare.left)}`} />
            <Verdict title="What happens on the right" text={`${happenedIn(compare.right)} ${violatedIn(compare.right)}`} />
          </>
        ) : (
          <Verdict title="What happens in this run" text={failed ? 'It could not be worked out.' : happenedIn(trace)} />
        )}
        {!compare && <Why />}
      </dl>
    </header>
  )
})

/** Longer texts fold to two lines where there is little room. */
const FOLDS_ABOVE = 110

function Verdict({ title, text }: { title: string; text: string }) {
  const [open, setOpen] = useState(false)
  return (
    <div>
      <dt>
        {title}
        {text.length > FOLDS_ABOVE && (
          <button type="button" className="verdict-more" aria-expanded={open} onClick={() => setOpen(!open)}>
            {open ? 'less' : 'more'}
          </button>
        )}
      </dt>
      <dd className={open ? 'is-open' : undefined}>
        <Prose text={text} />
      </dd>
    </div>
  )
}

function happenedIn(trace: TraceView | null): string {
  if (trace === null) return 'The model is running.'
  return trace.happened.length > 0 ? trace.happened.join(' ') : endOf(trace)
}

function violatedIn({ oracles, violations }: TraceView): string {
  const ids = oracles.filter(({ id, kind }) => kind === 'verdict' && violations.some(({ oracle }) => oracle === id)).map(({ id }) => id)
  return ids.length === 0 ? 'Nothing is violated.' : `Violated: ${rulesInWords(oracles, ids)}.`
}

function endOf(trace: TraceView): string {
  if (trace.end === 'stuck')
    return `Nobody can go on: ${blockedAt(trace, trace.steps.length)
      .map((wait) => `${wait.task} ${waitInWords(wait)}`)
      .join('; ')}.`
  if (trace.end === 'open') return 'This run was stopped before its tasks have finished; let one go on to see.'
  return 'Every task has finished.'
}
