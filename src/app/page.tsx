/** What the store found the address to mean: a scenario, or a link that cannot be shown. */
import { lazy, Suspense, useEffect, type ComponentType } from 'react'
import type { Card } from '../scenarios/card.ts'
import { useCard, useLockstep } from './lockstep.tsx'

const load = () => import('./scenario/scenario-page.tsx')
const Waited = lazy(load)
const BadLink = lazy(() => import('./bad-link.tsx'))

/** Whichever the page was drawn with first stays: the other would draw it from nothing. */
let chosen: ComponentType<{ card: Card }> | null = null

/** Loads what draws a scenario; it is then drawn at once, since React shows a part that it had to wait for up to 300 ms late. */
export async function bringPage(): Promise<void> {
  const { default: ScenarioPage } = await load()
  chosen ??= ScenarioPage
}

export function Page() {
  const problem = useLockstep((state) => state.problem)
  const card = useCard()
  useEffect(() => {
    if (problem) document.title = 'A link that cannot be shown - Lockstep'
    else if (card) document.title = `${card.title} - Lockstep`
  }, [problem, card])
  return (
    <Suspense fallback={<p className="page-waits">Loading the page.</p>}>
      {problem ? <BadLink problem={problem} /> : card && <Scenario key={card.id} card={card} />}
    </Suspense>
  )
}

function Scenario({ card }: { card: Card }) {
  const Drawn = (chosen ??= Waited)
  return <Drawn card={card} />
}
