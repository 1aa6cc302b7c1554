/** What the store found the address to mean: a scenario, or a link that cannot be shown. */
import { lazy, Suspense, useEffect, type ComponentType } from 'react'
import type { Card } from '../scenarios/card.ts'
import { useCard, useLockstep } from './lockstep.tsx'

const ScenarioPage = lazy(() => import('./scenario/scenario-page.tsx'))
const BadLink = lazy(() => import('./bad-link.tsx'))

/** `scenario` draws one; whoever has it already hands it over, since React shows a part that it had to wait for up to 300 ms late. */
export function Page({ scenario: Scenario = ScenarioPage }: { scenario?: ComponentType<{ card: Card }> }) {
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
