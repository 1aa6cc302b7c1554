/** What the store found the address to mean: a scenario, or a link that cannot be shown. */
import { lazy, Suspense, useEffect } from 'react'
import { early } from '../lenses/late.ts'
import { useCard, useLockstep } from './lockstep.tsx'

const [Scenario, bringPage] = early(() => import('./scenario/scenario-page.tsx'))
const BadLink = lazy(() => import('./bad-link.tsx'))

/** Loads what draws a scenario. */
export { bringPage }

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
