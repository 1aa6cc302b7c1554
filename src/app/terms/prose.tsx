import { createContext, lazy, Suspense, useContext, useId, useMemo, useRef, useState, type ReactNode } from 'react'
import { terms, type Term } from './names.ts'
import './terms.css'

const Explained = lazy(() => import('./explained.tsx'))

const any = new RegExp(`(?<![A-Za-z0-9_])(?:${terms.map((term, i) => `(?<t${i}>${term.pattern})`).join('|')})(?![A-Za-z0-9_])`, 'g')

export interface Piece {
  readonly text: string
  readonly term: Term | null
}

/** A text cut at its terms; each term counts once, at its first use. `known` are explained already. */
export function piecesOf(text: string, known: ReadonlySet<string> = new Set()): readonly Piece[] {
  const pieces: Piece[] = []
  const met = new Set(known)
  let at = 0
  for (const match of text.matchAll(any)) {
    const term = terms.find((_, i) => match.groups?.[`t${i}`] !== undefined)
    if (!term || met.has(term.name)) continue
    met.add(term.name)
    if (match.index > at) pieces.push({ text: text.slice(at, match.index), term: null })
    pieces.push({ text: match[0], term })
    at = match.index + match[0].length
  }
  if (at < text.length) pieces.push({ text: text.slice(at), term: null })
  return pieces
}

const Known = createContext<ReadonlyMap<string, ReadonlySet<string>>>(new Map())

/** Knows the texts of a page in reading order, so that a term is underlined where the page first uses it. */
export function Terms({ texts, children }: { texts: Readonly<Record<string, string>>; children: ReactNode }) {
  const key = JSON.stringify(texts)
  const known = useMemo(() => {
    const before = new Set<string>()
    const map = new Map<string, ReadonlySet<string>>()
    for (const [block, text] of Object.entries(JSON.parse(key) as Record<string, string>)) {
      map.set(block, new Set(before))
      for (const piece of piecesOf(text, before)) if (piece.term) before.add(piece.term.name)
    }
    return map
  }, [key])
  return <Known value={known}>{children}</Known>
}

/** A text whose kernel terms open their explanation, where this is the first block of the page that uses them. */
export function Prose({ text, block }: { text: string; block: string }) {
  const known = useContext(Known).get(block)
  return piecesOf(text, known).map((piece, i) =>
    piece.term ? <TermButton key={`${i} ${piece.text}`} term={piece.term} text={piece.text} /> : piece.text,
  )
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
