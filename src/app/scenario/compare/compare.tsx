import { useCallback, useMemo, useState } from 'react'
import { TimelineLens } from '../../../lenses/timeline-lens.tsx'
import { partedBetween } from '../../../narrate/parted.ts'
import type { Card } from '../../../scenarios/card.ts'
import { rowOf } from '../../../store/place/moves.ts'
import { defaultSchedule } from '../../../store/place/place.ts'
import type { CompareView, TraceView } from '../../../worker/protocol.ts'
import { useActions, useLockstep } from '../../lockstep.tsx'
import { SideProvider, useLateStep, useRow, useWalk, type Side } from '../moment.ts'
import { captionAt, goesWrong, timelineOf } from '../run.ts'
import { useDoomOf } from '../search/use-why.ts'
import { Stage, titleOf, type LeftOut } from '../stage/stage.tsx'
import { StoryRow } from '../story/story-row.tsx'
import { useLow } from '../use-screen.ts'
import { withoutAlike } from './alike.ts'
import { leadsThatDiffer } from './differing.ts'
import { OutcomeTable } from './outcome.tsx'
import { RightSide } from './right-side.tsx'
import { stillAt } from './still.ts'
import { useWhole } from './whole.ts'
import './compare.css'

interface Props {
  readonly card: Card
  readonly compare: CompareView
}

/** The same schedule on two kernels, or two schedules: row by row, each picture in the same place and on the same axis as its like. */
export default function Compare({ card, compare }: Props) {
  const lines = useLockstep((state) => state.place?.other !== null)
  const talk = useLockstep((state) => state.place?.talk ?? false)
  const [ends, setEnds] = useState(false)
  const { left, right } = compare
  const names = lines ? lineNames(compare) : ([nameOf(card, left, right), nameOf(card, right, left)] as const)
  const traces = useMemo(() => [left, right], [left, right])
  const [first, setFirst] = useState<string | null>(null)
  const differing = useMemo(() => leadsThatDiffer(compare, card.leads), [compare, card])
  const leads = useMemo(() => (first === null ? differing : [first, ...differing.filter((id) => id !== first)]), [differing, first])
  const shorter = useMemo(() => withoutAlike(compare, leads), [compare, leads])
  const { whole, toggle } = useWhole()
  const said = useCallback((left: LeftOut) => <NotDrawn {...left} names={shorter.leftOut} trace={compare.left} />, [shorter, compare])
  const way = useCallback(() => <DrawAll onClick={toggle} />, [toggle])
  const choose = (what: string | null): void => {
    setEnds(what === ENDS)
    if (whole !== (what === WHOLE)) toggle()
    if (what !== ENDS && what !== WHOLE) setFirst(what)
  }
  return (
    <section className="comparison" aria-label="Comparison" tabIndex={0}>
      <Difference compare={compare} />
      <Healthy card={card} compare={compare} />
      <div className="compare">
        {sides.map((side, i) => (
          <SideProvider key={side} value={side}>
            <section className="compare-column" aria-label={`${titles[side]}: ${names[i]}`}>
              <div className="compare-name">
                <h2>
                  <span className="quiet">{titles[side]}</span> {names[i]}
                </h2>
                {side === 'left' ? (
                  <Shown
                    left={left}
                    leads={card.leads}
                    differing={differing}
                    chosen={ends ? ENDS : whole ? WHOLE : first}
                    onChoose={choose}
                  />
                ) : (
                  !lines && <RightSide card={card} left={left} />
                )}
              </div>
              <Story compare={compare} side={side} />
              {ends ? (
                <div className="stage" />
              ) : (
                <Stage
                  traces={traces}
                  shorter={talk ? null : shorter.traces}
                  whole={whole}
                  shown={i}
                  leads={leads}
                  talk={talk}
                  note={talk ? null : side === 'left' ? said : way}
                />
              )}
              <Timeline compare={compare} side={side} talk={talk} />
            </section>
          </SideProvider>
        ))}
        {ends && (
          <div className="compare-ends" tabIndex={0} role="group" aria-label="Both ends">
            <OutcomeTable left={left.outcome} right={right.outcome} names={names} />
          </div>
        )}
      </div>
    </section>
  )
}

/** What the pictures do not show for want of room. */
function NotDrawn({ parts, pictures, names, trace }: LeftOut & { readonly names: readonly string[]; readonly trace: TraceView }) {
  const titles = pictures.map((id) => titleOf(trace, id))
  const text = [
    titles.length > 0 ? `No room for: ${titles.join(', ')}.` : '',
    parts && names.length > 0 ? `Not drawn, as both sides have the same: ${names.join(', ')}.` : '',
    parts && names.length === 0 ? 'What both sides have the same is folded.' : '',
  ]
    .filter(Boolean)
    .join(' ')
  return <span title={text}>{text}</span>
}

/** Both sides are drawn whole together. */
function DrawAll({ onClick }: { readonly onClick: () => void }) {
  return (
    <button type="button" onClick={onClick}>
      Draw all, and scroll <kbd>v</kbd>
    </button>
  )
}

const ENDS = 'ends'
const WHOLE = 'whole'

interface ShownProps {
  readonly left: TraceView
  readonly leads: readonly string[]
  readonly differing: readonly string[]
  /** A picture, `WHOLE`, `ENDS`, or null: nothing was chosen. */
  readonly chosen: string | null
  readonly onChoose: (what: string | null) => void
}

/** What stands under both stories: the pictures that differ, one of the others, or the ends. */
function Shown({ left, leads, differing, chosen, onChoose }: ShownProps) {
  return (
    <label className="field">
      <span>Show</span>
      <select value={chosen ?? ''} onChange={({ target: { value } }) => onChoose(value === '' ? null : value)}>
        <option value="">{differing.length < leads.length ? 'what differs' : 'all that has room'}</option>
        {leads.map((id) => (
          <option key={id} value={id}>
            {titleOf(left, id)} {differing.includes(id) ? 'first' : '(the same on both sides)'}
          </option>
        ))}
        <option value={WHOLE}>all of it, to scroll (v)</option>
        <option value={ENDS}>what both leave at the end</option>
      </select>
    </label>
  )
}

const sides = ['left', 'right'] as const
const titles = { left: 'Left', right: 'Right' } as const

/** Two lines of one kernel, or of two. */
function lineNames({ left, right }: CompareView): readonly [string, string] {
  const kernel = ({ asked }: TraceView['kernel']): string => `Linux ${asked}`
  return [`this line on ${kernel(left.kernel)}`, `the other line on ${kernel(right.kernel)}`]
}

/** What tells a side from the other: the kernel, and the patches that only one has; those that only come along are counted. */
function nameOf(card: Card, trace: TraceView, other: TraceView): string {
  const differing = trace.patches.filter((patch) => patch.on !== other.patches.find(({ id }) => id === patch.id)?.on)
  const ordered = [...differing.filter(({ id }) => id === card.fix), ...differing.filter(({ id }) => id !== card.fix)]
  // What a side has says more than what it lacks.
  const main = ordered.find(({ on }) => on) ?? ordered[0]
  const rest = ordered.filter((patch) => patch !== main && patch.on === main?.on)
  if (!main) return `Linux ${trace.kernel.asked}`
  // Which commit the fix is stands beside its switch.
  const word = main.id === card.fix && !card.own ? 'the fix' : main.id
  return `Linux ${trace.kernel.asked} ${main.on ? 'with' : 'without'} ${word}${rest.length > 0 ? ` and ${rest.length} more` : ''}`
}

/** The first difference that matters, and the way to it. What is said does not change from row to row; where one stands to it is heard. */
function Difference({ compare: { diverged } }: { compare: CompareView }) {
  const { seek } = useActions()
  const row = useRow()
  if (diverged === null) return <p className="diverged">These two runs are the same to their ends.</p>
  const here = row === diverged.row
  return (
    <p className={here ? 'diverged is-here' : 'diverged'}>
      <span>{partedBetween(diverged)}</span>{' '}
      <button type="button" disabled={here} onClick={() => seek(diverged.row)}>
        row {diverged.row}
      </button>
      <span className="lens-hidden" role="status">
        {row < diverged.row ? 'Both do the same so far.' : here ? 'Here the two part.' : 'The two have parted.'}
      </span>
    </p>
  )
}

/** An order of steps that hurts neither side says little of what tells them apart: there may be one that does. */
function Healthy({ card, compare: { left, right } }: Props) {
  const { visit } = useActions()
  const place = useLockstep((state) => state.place)
  if (place === null || goesWrong(left) || goesWrong(right)) return null
  const documented = defaultSchedule(card)
  const followed = place.other === null && 'named' in place.schedule && 'named' in documented && place.schedule.named === documented.named
  return (
    <p className="notice">
      In this order of steps neither side goes wrong.{' '}
      {!followed && (
        <button type="button" onClick={() => visit({ ...place, schedule: documented, other: null, step: 0 })}>
          {card.own ? 'Compare in the one that the text opens with' : 'Compare in the documented one'}
        </button>
      )}
    </p>
  )
}

/** The story of one side; while it stands still, why. */
function Story({ compare, side }: { compare: CompareView; side: Side }) {
  const still = stillAt(compare, side, useRow())
  return <StoryRow trace={compare[side]} label={`The step on the ${side}`} still={still} />
}

function Timeline({ compare, side, talk }: { compare: CompareView; side: Side; talk: boolean }) {
  const { scrub } = useActions()
  const trace = compare[side]
  // Two runs in a low window need the room for what differs in them: tasks and race stand with each run alone.
  const low = useLow()
  const run = useMemo(() => timelineOf(trace, low ? [] : trace.windows), [trace, low])
  const doom = useDoomOf(trace)
  const says = useCallback((step: number) => captionAt(trace, step), [trace])
  return (
    <div className="run-timeline is-scaled">
      <TimelineLens
        run={run}
        current={useLateStep(trace)}
        walk={useWalk()}
        says={says}
        onSeek={(to) => scrub(rowOf(compare, side, to))}
        doom={low || talk ? null : doom}
        brief={low || talk}
        name={`Timeline on the ${side}`}
        far={talk}
      />
    </div>
  )
}
