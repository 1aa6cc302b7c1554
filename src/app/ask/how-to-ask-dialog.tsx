import { useEffect, useRef } from 'react'
import { LanguageCard } from './language-card.tsx'
import '../frames.css'

/** The language over the editor, a key away: what was typed stays behind it. */
export function HowToAskDialog({ onClose }: { onClose: () => void }) {
  const ref = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    ref.current?.showModal()
    if (ref.current) ref.current.scrollTop = 0
  }, [])
  // The page has keys of its own, which are not meant in here.
  return (
    <dialog ref={ref} className="how-dialog" aria-labelledby="ask-title" onClose={onClose} onKeyDown={(event) => event.stopPropagation()}>
      <h2 id="ask-title">How to ask</h2>
      <LanguageCard />
      <form method="dialog">
        <button type="submit" autoFocus>
          Close
        </button>
      </form>
    </dialog>
  )
}
