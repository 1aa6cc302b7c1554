import { useEffect, useId, useRef } from 'react'
import { PictureLens } from '../../../lenses/picture-lens.tsx'
import { DamageIcon } from '../../../lenses/marks.tsx'
import type { PlugView } from '../../../worker/protocol.ts'
import { useActions, useLockstep } from '../../lockstep.tsx'
import './plug.css'

/** What a power failure at this step leaves, beside what may be left. It keeps its place while the next step is being worked out. */
export default function Plug() {
  const pulled = useLockstep(({ place }) => place !== null && place.power && place.view !== 'compare')
  const view = useLockstep(({ plug, place }) => (plug !== null && plug.at === place ? plug.view : null))
  const known = useLockstep(({ trace }) => trace?.canFail ?? false)
  const title = useId()
  const { pullPlug } = useActions()
  const section = useRef<HTMLElement>(null)
  // Whoever pulls the plug wants to see it; walking on moves nothing.
  const drawn = pulled && view !== null
  const seen = useRef(false)
  useEffect(() => {
    if (drawn && !seen.current) section.current?.scrollIntoView({ block: 'nearest' })
    if (drawn) seen.current = true
  }, [drawn])
  if (!pulled) return null
  return (
    <section ref={section} className="plug" aria-labelledby={title} aria-busy={known && view === null}>
      <header>
        <h2 id={title}>The power fails here</h2>
        <button type="button" onClick={pullPlug}>
          Put the plug back <kbd>u</kbd>
        </button>
      </header>
      <div aria-live="polite" aria-atomic>
        {!known && <p>The model does not know what a power failure leaves on this file system.</p>}
        {view && <Verdict view={view} />}
      </div>
      {view && <Drawn view={view} />}
    </section>
  )
}

function Verdict({ view }: { view: PlugView }) {
  return (
    <p className={view.verdict === 'broken' ? 'plug-says is-broken' : 'plug-says'}>
      {view.verdict === 'broken' && <DamageIcon />} {view.says} {view.noticed}
    </p>
  )
}

function Drawn({ view }: { view: PlugView }) {
  return (
    <div className="plug-drawn">
      <div className="plug-strips">
        <PictureLens picture={view.left} />
        {view.legal.lanes.length > 0 && <PictureLens picture={view.legal} />}
      </div>
      <div className="plug-words">
        <h3>What may be left</h3>
        {view.versions.length === 0 && <p>No version of this run keeps all that was promised.</p>}
        <ul>
          {view.versions.map(({ says, match, nearest }) => (
            <li key={says} aria-current={match ? 'true' : undefined}>
              {says}
              {match && <strong>: this is what is left</strong>}
              {nearest && <strong>: what is left is most like this</strong>}
            </li>
          ))}
          {view.more > 0 && <li>and {view.more} more</li>}
        </ul>
        <h3>What was promised</h3>
        {view.promises.length > 0 ? (
          <ul>
            {view.promises.map((promise) => (
              <li key={promise}>{promise}</li>
            ))}
          </ul>
        ) : (
          <p>Nothing: no fsync has returned 0, and no O_DSYNC write is over.</p>
        )}
        <h3>Who would notice</h3>
        <ul className="plug-watchers">
          {view.watchers.map(({ who, notices, says }) => (
            <li key={who}>
              <strong>
                {who}: {notices ? 'yes' : 'no'}
              </strong>
              , {says}.
            </li>
          ))}
        </ul>
      </div>
    </div>
  )
}
