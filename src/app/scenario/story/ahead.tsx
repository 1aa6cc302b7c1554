/** What is drawn before it is shown: a step then puts in its place what is there, and React follows when all else is drawn. */
import { memo, startTransition, useEffect, useLayoutEffect, useRef, useState, type ReactNode } from 'react'
import { createPortal } from 'react-dom'
import { whenIdle } from '../../../lenses/late.ts'
import { around, walkOf } from '../../../store/place/moves.ts'
import type { State } from '../../../store/state.ts'
import type { CompareView, TraceView } from '../../../worker/protocol.ts'
import { useApp } from '../../lockstep.tsx'
import { afterPaint, whenDrawn } from '../../painted.ts'
import { rowIn } from '../moment.ts'

interface Props {
  /** What is walked; `draw` is of this. */
  readonly of: TraceView | CompareView
  /** What stands here at a position of the walk. The same function for as long as it draws the same. */
  readonly draw: (at: number) => ReactNode
  readonly className?: string
  /** Is it read out when it changes? */
  readonly live?: boolean
}

/** Positions whose drawing is there, each in an element of its own. Only the one that is shown is in the document. */
interface Drawn {
  readonly of: Props['of']
  readonly at: readonly number[]
}

const walkedIn = ({ place, trace, compare }: State): Props['of'] | null => (place?.view === 'compare' ? compare : trace)

export const Ahead = memo(function Ahead({ of, draw, className = 'story-part', live = false }: Props) {
  const { store } = useApp()
  const host = useRef<HTMLDivElement>(null)
  const [elements] = useState(() => new Map<number, HTMLElement>())
  const [kept, setKept] = useState<Drawn | null>(null)
  const drawn = kept?.of === of ? kept.at : [rowIn(store.getState())]
  useLayoutEffect(() => {
    const show = (): void => {
      const state = store.getState()
      // Another run has come, and will be drawn.
      if (walkedIn(state) !== of) return
      const now = rowIn(state)
      const element = elements.get(now)
      if (!element || !drawn.includes(now)) setKept({ of, at: [...drawn, now] })
      else if (element.parentNode !== host.current) host.current?.replaceChildren(element)
    }
    show()
    return store.subscribe(show)
  })
  useEffect(() => {
    let due = false
    const prepare = (): void => {
      if (due) return
      due = true
      afterPaint(() => whenDrawn(() => whenIdle(draws)))
    }
    const draws = (): void => {
      due = false
      const state = store.getState()
      const walk = state.place && walkOf(state.place, state.trace, state.compare)
      if (walk && walkedIn(state) === of) startTransition(() => setKept({ of, at: around(walk, rowIn(state)) }))
    }
    prepare()
    return store.subscribe((now, before) => {
      if (now.place !== before.place) prepare()
    })
  }, [store, of])
  useEffect(() => {
    for (const at of elements.keys()) if (!drawn.includes(at)) elements.delete(at)
  })
  const elementAt = (at: number): HTMLElement => {
    const element = elements.get(at) ?? Object.assign(document.createElement('div'), { className: 'story-part' })
    elements.set(at, element)
    return element
  }
  return (
    <div ref={host} className={className} {...(live ? { 'aria-live': 'polite', 'aria-atomic': true } : {})}>
      {drawn.map((at) => createPortal(<Part draw={draw} at={at} />, elementAt(at), String(at)))}
    </div>
  )
})

const Part = memo(({ draw, at }: Pick<Props, 'draw'> & { readonly at: number }) => draw(at))
