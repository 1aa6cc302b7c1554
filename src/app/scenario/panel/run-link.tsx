import { useMemo, type ReactNode } from 'react'
import type { Card } from '../../../scenarios/card.ts'
import { encode } from '../../../store/link/encode.ts'
import { home, type Place } from '../../../store/place/place.ts'
import type { RunChoice } from '../../../worker/protocol.ts'
import { hrefOf } from '../../address.ts'
import { useActions, useApp } from '../../lockstep.tsx'

/** A link to a run from its beginning; in this page it does not load anything anew. */
export function RunLink({ card, run, children }: { card: Card; run: RunChoice; children: ReactNode }) {
  const { where, cards } = useApp()
  const { visit } = useActions()
  const place: Place = useMemo(() => ({ ...home(card), ...run }), [card, run])
  const href = hrefOf(where, place.scenario, encode(place, cards))
  return (
    <a
      href={href}
      onClick={(event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return
        event.preventDefault()
        visit(place)
        window.scrollTo({ top: 0 })
      }}
    >
      {children}
    </a>
  )
}
