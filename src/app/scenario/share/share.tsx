import { Suspense, useEffect, useId, useRef, useState, type KeyboardEvent } from 'react'
import { part } from '../../../lenses/late.ts'
import { linkTag, reference, withLink } from '../../../narrate/text/paste.ts'
import type { Card } from '../../../scenarios/card.ts'
import { shareable } from '../../address.ts'
import { useActions, useApp, useLockstep } from '../../lockstep.tsx'
import { Copy } from './copy.tsx'
import { TextChoice, usePreview, type Chosen } from './text-choice.tsx'
import '../../frames.css'
import './share.css'

/** A scene has a text of its own to be handed on. */
const OwnRows = part(() => import('./own-rows.tsx'))

/** How a mail is wrapped: by the kernel's rules, and with room for `[1] ` and two levels of quoting. */
const [MAIL, QUOTED] = [72, 64] as const

/** The moment that is on the screen, to be handed on: its address in the forms that mails have, and its run as text. */
export default function Share({ card, onClose, onPicture }: { card: Card; onClose: () => void; onPicture: () => void }) {
  const { where } = useApp()
  const { pause, segments } = useActions()
  const ref = useRef<HTMLDialogElement>(null)
  const title = useId()
  const place = useLockstep((state) => state.place)
  const trace = useLockstep((state) => state.trace)
  const compare = useLockstep((state) => (state.place?.view === 'compare' ? state.compare : null))
  const [chosen, setChosen] = useState<Chosen>({ genre: 'steps', width: 72, level: 'beats', part: 'all' })
  const at = place === null ? 0 : compare ? (compare.rows[Math.min(place.step, compare.rows.length - 1)]?.left ?? 0) : place.step
  const preview = usePreview(chosen, at, compare ?? trace)
  useEffect(() => {
    pause()
    ref.current?.showModal()
  }, [pause])
  const url = shareable(where, card.id, segments())
  const credit = trace && { title: card.title, step: at, left: compare?.left ?? trace, right: compare?.right ?? null }
  const block = credit && preview.text !== null ? withLink(preview.text, credit, url, chosen.width) : null
  return (
    <dialog ref={ref} className="share" aria-labelledby={title} onClose={onClose} onKeyDown={keep}>
      <h2 id={title}>Share this moment</h2>
      <table className="share-copies">
        <tbody>
          <Copy name="Link" text={url} columns={url.length} />
          <Copy name="Reference" text={reference(url)} columns={reference(url).length} />
          <Copy name="Tag" text={linkTag(url)} columns={linkTag(url).length} />
          <Suspense fallback={null}>{card.own && <OwnRows card={card} />}</Suspense>
          <Copy
            name="Text and link"
            shown="the text below, what it is of, and the link"
            text={block}
            main={url.length > MAIL && !card.own}
          />
        </tbody>
      </table>
      <p className="quiet">{fits(url.length)}</p>
      <TextChoice chosen={chosen} onChoose={setChosen} />
      <pre className="share-preview" tabIndex={0} aria-label="The text" aria-busy={preview.busy}>
        {preview.failure ?? preview.text ?? 'The model is running.'}
      </pre>
      <form method="dialog">
        <button type="button" onClick={onPicture}>
          As a picture
        </button>{' '}
        <button type="submit">Close</button>
      </form>
    </dialog>
  )
}

/** Keys in here are for what is in here; the one that opened it closes it too. */
function keep(event: KeyboardEvent): void {
  if (event.key !== 'y' || event.target instanceof HTMLSelectElement) event.stopPropagation()
}

function fits(columns: number): string {
  const has = `The link has ${columns} characters: `
  if (columns <= QUOTED) return `${has}it stays whole in a line of ${MAIL} columns, as a reference and quoted twice too.`
  if (columns <= MAIL) return `${has}it stays whole in a line of ${MAIL} columns, but not where it is quoted twice as a reference.`
  return `${has}longer than a line of a mail, which some programs break. Send the text with it.`
}
