import { useEffect, useRef, useState } from 'react'
import { isOwn } from '../../scene/own.ts'
import { shareable } from '../address.ts'
import { useActions, useApp, useCard } from '../lockstep.tsx'
import { giveTalk } from './crossing.ts'
import { nextStop, showStop } from './give.ts'
import { canShow, withStop } from './script.ts'
import { useTalk } from './talk-state.ts'

/** The talk as the text that it is, and what becomes of it: its stops, and those that cannot be shown. */
export function TalkList({ onClose }: { onClose: () => void }) {
  const ref = useRef<HTMLDialogElement>(null)
  const app = useApp()
  const { segments } = useActions()
  const card = useCard()
  const { text, stops, at, write, stand } = useTalk()
  const [says, setSays] = useState<string | null>(null)
  useEffect(() => ref.current?.showModal(), [])
  const add = (): void => {
    const { place } = app.store.getState()
    if (!place) return
    const here = segments().replace(/\/vt$/, '')
    write(
      withStop(
        text,
        app.where.isFile && !isOwn(place.scenario) ? `${place.scenario}/#/${here}` : shareable(app.where, place.scenario, here),
      ),
    )
    setSays(`Added: ${card?.title ?? place.scenario}, step ${place.step}.`)
  }
  const load = async (file: File | undefined): Promise<void> => {
    if (!file) return
    write(await file.text())
    setSays(`Loaded from ${file.name}.`)
  }
  const start = (from: number): void => {
    showStop(app, from)
    onClose()
  }
  const first = nextStop(stops, -1, 1)
  return (
    <dialog
      ref={ref}
      className="talk-list"
      aria-labelledby="talk-title"
      onClose={onClose}
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault()
        void load(event.dataTransfer.files[0])
      }}
    >
      <h2 id="talk-title">Your talk</h2>
      <p>
        A text with a link on a line of its own for each stop, and below it what you want to say. It stays in this browser; save it to take
        it along. PageDown goes from moment to moment and from one stop to the next, PageUp back.
      </p>
      <div className="talk-buttons">
        <button type="button" className="button-main" onClick={add}>
          Add this view
        </button>
        <button type="button" disabled={first === null} onClick={() => first !== null && start(first)}>
          Start
        </button>
        {at !== null && (
          <button
            type="button"
            onClick={() => {
              stand(null)
              giveTalk(null)
              setSays('The talk is over; PageDown stays in this run.')
            }}
          >
            End the talk
          </button>
        )}
        <a className="talk-save" href={`data:text/plain;charset=utf-8,${encodeURIComponent(text)}`} download="talk.txt">
          Save as talk.txt
        </a>
        <label className="field">
          <span>Load</span>
          <input type="file" accept=".txt,text/plain" onChange={(event) => void load(event.target.files?.[0])} />
        </label>
      </div>
      <p role="status">{says}</p>
      <div className="talk-both">
        <textarea aria-label="The text of the talk" value={text} spellCheck={false} onChange={(event) => write(event.target.value)} />
        <ol>
          {stops.map((stop, i) => (
            <li key={stop.line} aria-current={i === at ? 'step' : undefined}>
              {canShow(stop) ? (
                <button type="button" onClick={() => start(i)}>
                  {stop.place ? `${stop.place.scenario}, step ${stop.place.step}` : stop.own?.name}
                </button>
              ) : (
                <span>
                  Line {stop.line} cannot be shown and is passed over: {stop.problem}
                </span>
              )}
            </li>
          ))}
        </ol>
      </div>
      <form method="dialog">
        <button type="submit">Close</button>
      </form>
    </dialog>
  )
}
