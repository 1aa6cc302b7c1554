import { memo, useState, type CSSProperties } from 'react'
import { DamageIcon } from '../../../lenses/marks.tsx'
import { waitInWords } from '../../../lenses/timeline.ts'
import type { Card } from '../../../scenarios/card.ts'
import type { TraceView } from '../../../worker/protocol.ts'
import { rulesInWords } from '../../../narrate/rules.ts'
import { hrefOf } from '../../address.ts'
import { useApp, useLockstep } from '../../lockstep.tsx'
import { Prose } from '../../terms/prose.tsx'
import { ThemeSwitch } from '../../theme-switch.tsx'
import { blockedAt, goesWrong } from '../run.ts'
import { WhyLine } from '../search/why-line.tsx'
import { Notices } from './notices.tsx'
import './head.css'

/** The title, and side by side what should have happened and what happens in this run; below it why, in one line. */
export const Header = memo(function Header({ card, trace, onHelp }: { card: Card; trace: TraceView | null; onHelp: () => void }) {
  const { where } = useApp()
  const compare = useLockstep((state) => (state.place?.view === 'compare' ? state.compare : null))
  const failed = useLockstep((state) => state.failure !== null)
  const sides: readonly Side[] = compare
    ? [
        {
          title: 'What happens on the left',
          text: `${happenedIn(compare.left)} ${violatedIn(compare.left)}`,
          wrong: goesWrong(compare.left),
        },
        {
          title: 'What happens on the right',
          text: `${happenedIn(compare.right)} ${violatedIn(compare.right)}`,
          wrong: goesWrong(compare.right),
        },
      ]
    : [
        {
          title: 'What happens in this run',
          text: failed ? 'It could not be worked out.' : happenedIn(trace),
          wrong: !failed && trace !== null && goesWrong(trace),
        },
      ]
  const documented = compare === null && (trace === null || trace.documented)
  const all: readonly Side[] = [
    {
      title: card.own ? 'What is claimed' : documented ? 'What should happen' : 'What should happen in the documented run',
      text: card.should,
      wrong: false,
    },
    ...sides,
  ]
  return (
    <header className="scenario-head">
      <div className="page-top">
        <a className="page-brand" href={hrefOf(where, null)}>
          Lockstep
        </a>
        <h1>{card.title}</h1>
        <button type="button" onClick={onHelp}>
          Keys <kbd>?</kbd>
        </button>
        <ThemeSwitch />
      </div>
      <dl className="verdict" style={{ '--columns': columnsFor(all) + (compare ? '' : ` minmax(0, ${WHY}fr)`) } as CSSProperties}>
        {all.map((side) => (
          <Verdict key={side.title} {...side} />
        ))}
        {!compare && <WhyLine />}
      </dl>
      <Notices card={card} trace={trace} />
    </header>
  )
})

interface Side {
  readonly title: string
  readonly text: string
  readonly wrong: boolean
}

/** Who has more to say has more room, so that all need the same number of lines. */
const columnsFor = (sides: readonly Side[]): string =>
  sides.map(({ title, text }) => `minmax(0, ${Math.min(260, Math.max(60, title.length + text.length))}fr)`).join(' ')

/** The reason comes later than the others: its column does not wait for it. */
const WHY = 110

/** Longer texts fold to two lines where there is little room. */
const FOLDS_ABOVE = 100

function Verdict({ title, text, wrong }: Side) {
  const [open, setOpen] = useState(false)
  return (
    <div className={wrong ? 'is-wrong' : undefined}>
      <dt>
        {wrong && <DamageIcon />} {title}
      </dt>
      <dd className={open ? 'is-open' : undefined} title={text}>
        <Prose text={text} />
      </dd>
      {text.length > FOLDS_ABOVE && (
        <button type="button" className="verdict-more" aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? 'less' : 'more'}
        </button>
      )}
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
