/** A text with its kernel terms marked. It comes after the page can be stepped through: until then the text stands as it is. */
import { Suspense, useId, useMemo, useRef, useState } from 'react'
import { part } from '../../lenses/late.ts'
import type { Term } from './names.ts'
import { knownBefore, piecesOf, type Texts } from './pieces.ts'
import './terms.css'

const Explained = part(() => import('./explained.tsx'))

/** Terms open their explanation where the page first uses them. */
export default function Marked({ text, texts }: { text: string; texts: Texts }) {
  const pieces = useMemo(() => piecesOf(text, knownBefore(text, texts)), [text, texts])
  return pieces.map((piece, i) => (piece.term ? <TermButton key={`${i} ${piece.text}`} term={piece.term} text={piece.text} /> : piece.text))
}

function TermButton({ term, text }: { term: Term; text: string }) {
  const id = useId()
  const button = useRef<HTMLButtonElement>(null)
  const popover = useRef<HTMLElement>(null)
  const [asked, setAsked] = useState(false)
  const place = (popover: HTMLElement): void => {
    const box = button.current?.getBoundingClientRect()
    if (!box) return
    const width = popover.offsetWidth
    const below = box.bottom + 6 + popover.offsetHeight < innerHeight
    popover.style.left = `${Math.max(8, Math.min(box.left, innerWidth - width - 8))}px`
    popover.style.top = `${below ? box.bottom + 6 : Math.max(8, box.top - popover.offsetHeight - 6)}px`
  }
  return (
    <>
      <button ref={button} type="button" className="term" popoverTarget={id}>
        {text}
      </button>
      <span
        id={id}
        popover="auto"
        className="term-card"
        role="note"
        aria-label={term.name}
        onToggle={(event) => {
          setAsked(true)
          popover.current = event.currentTarget
          place(event.currentTarget)
        }}
      >
        <strong>{term.name}</strong>
        {asked && (
          <Suspense fallback={null}>
            <Explained name={term.name} onReady={() => popover.current && place(popover.current)} />
          </Suspense>
        )}
      </span>
    </>
  )
}
