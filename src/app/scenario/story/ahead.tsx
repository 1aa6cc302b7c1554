/** What is drawn before it is shown: a step then puts in its place what is there, and React follows when all else is drawn. */
import { memo, startTransition, useEffect, useLayoutEffect, useRef, useState, type ReactNode } from 'react'
import { createPortal } from 'react-dom'
import { whenIdle } from '../../../lenses/late.ts'
import { useApp } from '../../lockstep.tsx'
import { rowIn, walkedIn, type Walked } from '../moment.ts'

interface Props {
  /** What is walked; `draw` is of this. */
  readonly of: Walked
  /** What stands here at a position of the walk. The same function for as long as it draws the same. */
  readonly draw: (at: number) => ReactNode
}

/** Positions whose drawing is there, each in a box of its own. Only the box of the one that is shown is in the document. */
interface Drawn {
  readonly of: Walked
  readonly at: readonly number[]
}

/** Draws the moment that is shown, and while nothing else is to be done those that the keys lead to. What is shown is read out. */
export const Ahead = memo(function Ahead({ of, draw }: Props) {
  const { store } = useApp()
  const host = useRef<HTMLDivElement>(null)
  const [boxes] = useState<HTMLElement[]>(() => [])
  const [drawn, setDrawn] = useState<Drawn | null>(null)
  const at = drawn?.of === of ? drawn.at : [rowIn(store.getState())]
  useLayoutEffect(() => {
    const show = (): void => {
      const state = store.getState()
      // Another run has come, and will be drawn.
      if (walkedIn(state) !== of) return
      const now = rowIn(state)
      const box = boxes[at.indexOf(now)]
      if (!box) setDrawn({ of, at: at.map((one, i) => (boxes[i]?.parentNode ? now : one)) })
      else if (!box.parentNode) host.current?.replaceChildren(box)
    }
    show()
    return store.subscribe(show)
  })
  useEffect(() => {
    let stop: (() => void) | null = () => undefined
    const keep = (wanted: (there: readonly number[]) => readonly number[]): void =>
      startTransition(() => setDrawn((now) => ({ of, at: wanted(now?.of === of ? now.at : []) })))
    whenIdle(() => {
      // Where it cannot be had, each moment is drawn when it is wanted.
      const come = import('./prepare.ts').catch(() => null)
      void come.then((part) => stop && part && (stop = part.prepare(store, of, keep)))
    })
    return () => {
      stop?.()
      stop = null
    }
  }, [store, of])
  return (
    <div ref={host} className="story-part" aria-live="polite" aria-atomic>
      {at.map((one, i) => createPortal(<Part draw={draw} at={one} />, (boxes[i] ??= boxOf()), String(i)))}
    </div>
  )
})

const boxOf = (): HTMLElement => Object.assign(document.createElement('div'), { className: 'story-part' })

const Part = memo(({ draw, at }: Pick<Props, 'draw'> & { readonly at: number }) => draw(at))
