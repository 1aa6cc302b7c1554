/** Everything that is not looked at first. It lies over the right end of the pictures, or has a column of its own where there is room: it moves nothing. */
import { memo, Suspense, useEffect, useRef, type KeyboardEvent } from 'react'
import { ChangeIcon, DamageIcon } from '../../../lenses/marks.tsx'
import type { Card } from '../../../scenarios/card.ts'
import type { TraceView } from '../../../worker/protocol.ts'
import { useLateStep } from '../moment.ts'
import { markOf } from './marks.ts'
import { tabs, usePanel, type Tab } from './panel-state.ts'
import { useStanding } from './standing.ts'
import TabContent from './tab-content.tsx'
import './panel.css'

const names: Readonly<Record<Tab, string>> = {
  story: 'Story',
  why: 'Why',
  rules: 'Rules',
  code: 'Code',
  state: 'State',
  kernel: 'Kernel',
  read: 'Read',
}

interface Props {
  readonly card: Card
  /** Null in a comparison. */
  readonly trace: TraceView | null
}

export default memo(function Panel({ card, trace }: Props) {
  const open = usePanel((state) => state.open)
  const tab = usePanel((state) => state.tab)
  const standing = useStanding()
  const ref = useRef<HTMLElement>(null)
  // Who opens it reads on there; the arrows go on stepping, as the focus is on no control of it.
  const opened = useRef(open)
  useEffect(() => {
    if (open && !opened.current) ref.current?.focus({ preventScroll: !standing })
    opened.current = open
  }, [open, standing])
  if (!open && !standing) return null
  return (
    <aside ref={ref} className="panel" id="panel" aria-label="More about this run" tabIndex={-1}>
      <Marked card={card} trace={trace} />
      <div className="panel-body" role="tabpanel" id="panel-body" aria-labelledby={`tab-${tab}`} tabIndex={0}>
        <Suspense fallback={<p className="quiet">Loading.</p>}>
          <TabContent tab={tab} card={card} trace={trace} />
        </Suspense>
      </div>
    </aside>
  )
})

/** The tabs, with what happened behind them at this step. */
function Marked({ card, trace }: Props) {
  const step = useLateStep(trace)
  return <Tabs marks={tabs.map((tab) => markOf(tab, card, trace, step) ?? '').join(' ')} />
}

/** `marks` are in the order of the tabs, with a space between. */
const Tabs = memo(function Tabs({ marks }: { marks: string }) {
  const tab = usePanel((state) => state.tab)
  const show = usePanel((state) => state.show)
  const move = (event: KeyboardEvent<HTMLElement>): void => {
    const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
    const next = tabs[(tabs.indexOf(tab) + by + tabs.length) % tabs.length]
    if (by === 0 || !next) return
    // These arrows walk through the tabs, not through the run.
    event.preventDefault()
    event.stopPropagation()
    show(next)
    document.getElementById(`tab-${next}`)?.focus()
  }
  return (
    <div className="panel-tabs" role="tablist" aria-label="More about this run">
      {tabs.map((one, i) => (
        <button
          key={one}
          type="button"
          role="tab"
          id={`tab-${one}`}
          aria-selected={one === tab}
          aria-controls="panel-body"
          tabIndex={one === tab ? 0 : -1}
          onClick={() => show(one)}
          onKeyDown={move}
        >
          {names[one]}
          <TabMark mark={marks.split(' ')[i] ?? ''} />
        </button>
      ))}
    </div>
  )
})

/** What happened behind a tab. Its room is kept, and so are its elements: one that comes or goes has the whole page laid out. */
const TabMark = memo(function TabMark({ mark }: { mark: string }) {
  return (
    <span className="panel-mark">
      {mark === 'damage' ? <DamageIcon /> : <ChangeIcon shown={mark === 'changed'} />}
      <span className="lens-hidden">{mark === 'damage' ? 'violated at this step' : mark === 'changed' ? 'changed at this step' : ''}</span>
    </span>
  )
})
