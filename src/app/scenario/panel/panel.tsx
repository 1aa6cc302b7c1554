/** Everything that is not looked at first. It lies over the right end of the pictures, or has a column of its own where there is room: it moves nothing. */
import { memo, Suspense, useEffect, useRef, type KeyboardEvent } from 'react'
import { ChangeIcon, DamageIcon } from '../../../lenses/marks.tsx'
import type { Card } from '../../../scenarios/card.ts'
import type { TraceView } from '../../../worker/protocol.ts'
import { useMoment } from '../moment.ts'
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
      <Tabs card={card} trace={trace} />
      <div className="panel-body" role="tabpanel" id="panel-body" aria-labelledby={`tab-${tab}`} tabIndex={0}>
        <Suspense fallback={<p className="quiet">Loading.</p>}>
          <TabContent tab={tab} card={card} trace={trace} />
        </Suspense>
      </div>
    </aside>
  )
})

function Tabs({ card, trace }: Props) {
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
      {tabs.map((one) => (
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
          <TabMark tab={one} card={card} trace={trace} />
        </button>
      ))}
    </div>
  )
}

/** What happened behind a tab at this step. Its room is kept. */
function TabMark({ tab, card, trace }: Props & { tab: Tab }) {
  const mark = useMoment((step, ended) => markOf(tab, card, trace, step, ended))
  return (
    <span className="panel-mark">
      {mark === 'damage' ? <DamageIcon /> : <ChangeIcon shown={mark === 'changed'} />}
      {mark && <span className="lens-hidden">{mark === 'damage' ? 'violated at this step' : 'changed at this step'}</span>}
    </span>
  )
}
