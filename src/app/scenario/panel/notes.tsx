import { memo, Suspense, useEffect } from 'react'
import { part } from '../../../lenses/late.ts'
import type { Card } from '../../../scenarios/card.ts'
import type { Board } from '../../../scenarios/notes.ts'
import type { NotesView, TraceView } from '../../../worker/protocol.ts'
import { hrefOf } from '../../address.ts'
import { besideHref } from '../../beside.ts'
import { useActions, useApp, useLockstep } from '../../lockstep.tsx'
import { Recordings } from './recordings.tsx'
import { RunLink } from './run-link.tsx'

/** Comes with the language of scenes. */
const EditScene = part(() => import('../../own/edit-scene.tsx'))

interface Props {
  readonly card: Card
  /** Null in a comparison. */
  readonly trace: TraceView | null
}

/** What there is to read: variants to try, what real kernels did, how it was found, where it is discussed. */
export const Background = memo(function Background({ card, trace }: Props) {
  const view = useLockstep((state) => state.notes[card.id])
  const { read } = useActions()
  useEffect(() => void read(), [card, read])
  if (!view) return null
  return (
    <>
      <Variants card={card} view={view} />
      <Suspense fallback={null}>
        <EditScene scenario={card.id} />
      </Suspense>
      <Recordings card={card} view={view} trace={trace} />
      <Read notes={view.notes} />
    </>
  )
})

function Variants({ card, view: { variants } }: { card: Card; view: NotesView }) {
  if (variants.length === 0) return null
  return (
    <section className="variants" aria-label="Variants">
      <h2>Try it otherwise</h2>
      <p className="quiet">
        {'\u00d7'} can violate, {'\u25cb'} does not. What is said of every interleaving was found by a search of them all; each opens a run
        that shows it.
      </p>
      <ul>
        {variants.map(({ id, says, run, violates, claims }) => (
          <li key={id}>
            <span className={violates ? 'variant-mark is-violated' : 'variant-mark'}>{violates ? '\u00d7' : '\u25cb'}</span>
            <span>
              <RunLink card={card} run={run}>
                {says}
              </RunLink>
              <span className="quiet"> ({claims.join('; ')})</span>
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Read({ notes }: { notes: NotesView['notes'] }) {
  return (
    <section className="story read" aria-label="History and sources">
      {notes.board && <WhatWasKnown board={notes.board} />}
      {notes.history.length > 0 && (
        <div>
          <h2>History</h2>
          <dl className="events">
            {notes.history.map((event) => (
              <div key={`${event.date} ${event.says}`}>
                <dt>
                  {event.date} <span className="quiet">{event.who}</span>
                </dt>
                <dd>
                  {event.says} <span className="quiet">{event.ref}</span>
                </dd>
              </div>
            ))}
          </dl>
        </div>
      )}
      <div>
        {notes.corrections.length > 0 && (
          <>
            <h3>Said, and corrected</h3>
            <dl className="events">
              {notes.corrections.map(({ said, is }) => (
                <div key={said}>
                  <dt>{said}</dt>
                  <dd>{is}</dd>
                </div>
              ))}
            </dl>
          </>
        )}
        <Reasons reasons={notes.reasons} />
        <Sources notes={notes} />
      </div>
    </section>
  )
}

function Reasons({ reasons }: { reasons: NotesView['notes']['reasons'] }) {
  const { where } = useApp()
  if (reasons.length === 0) return null
  return (
    <>
      <h3>What the patches had been for</h3>
      <ul>
        {reasons.map(({ patch, says, scenario }) => (
          <li key={patch}>
            <code>{patch}</code>: {says} {scenario !== null && <a href={hrefOf(where, scenario)}>See it happen</a>}
          </li>
        ))}
      </ul>
    </>
  )
}

function Sources({ notes: { threads, tests, programs } }: { notes: NotesView['notes'] }) {
  const { where } = useApp()
  return (
    <>
      {programs.length > 0 && (
        <>
          <h3>Programs for a real machine</h3>
          <ul>
            {programs.map(({ file, says }) => (
              <li key={file}>
                <a href={besideHref(where, `reproducers/${file}`)} download={file}>
                  <code>{file}</code>
                </a>
                : {says}
              </li>
            ))}
          </ul>
        </>
      )}
      {tests.length > 0 && (
        <>
          <h3>fstests</h3>
          <ul>
            {tests.map(({ id, says }) => (
              <li key={id}>
                <code>{id}</code>: {says}
              </li>
            ))}
          </ul>
        </>
      )}
      {threads.length > 0 && (
        <>
          <h3>Discussed in</h3>
          <ul>
            {threads.map(({ id, says }) => (
              <li key={id}>
                {says}: <Thread id={id} />
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  )
}

/** A message id leads to the list archive, an address to itself. */
function Thread({ id }: { id: string }) {
  const href = id.startsWith('https://') ? id : /^[^\s<>@]+@[^\s<>@]+$/.test(id) ? `https://lore.kernel.org/r/${id}` : null
  return href === null ? (
    <span className="quiet">{id}</span>
  ) : (
    <a href={href} rel="noreferrer">
      <code>{id}</code>
    </a>
  )
}

function WhatWasKnown({ board }: { board: Board }) {
  return (
    <div className="board">
      <h2>What was known</h2>
      <p>{board.says}</p>
      <div className="scrolls">
        <table>
          <thead>
            <tr>
              <th scope="col">observed or suspected</th>
              <th scope="col">our hypothesis</th>
            </tr>
          </thead>
          <tbody>
            {board.rows.map(({ known, source, verdict, says }) => (
              <tr key={known}>
                <th scope="row">
                  {known} <span className="quiet">{source}</span>
                </th>
                <td>
                  <strong>{verdict}</strong>: {says}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  )
}
