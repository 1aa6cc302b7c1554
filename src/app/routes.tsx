/**
 * Which page the address means. The router keeps the history; what a fragment says is one grammar, so the store reads it
 * and the page follows from what it found.
 */
import { lazy, Suspense, useEffect, useLayoutEffect } from 'react'
import { NavigationType, useLocation, useNavigate, useNavigationType } from 'react-router'
import type { AddressBar } from './address.ts'
import { BadLink } from './bad-link.tsx'
import { Home } from './home.tsx'
import { useActions, useApp, useCard, useLockstep } from './lockstep.tsx'

const ScenarioPage = lazy(() => import('./scenario/scenario-page.tsx'))

export function Routes({ bar }: { bar: AddressBar }) {
  useAddress(bar)
  const problem = useLockstep((state) => state.problem)
  const card = useCard()
  useEffect(() => {
    document.title = problem
      ? 'A link that cannot be shown - Lockstep'
      : card
        ? `${card.title} - Lockstep`
        : 'Lockstep: watch a kernel race happen, step by step'
  }, [problem, card])
  if (problem) return <BadLink problem={problem} />
  if (!card) return <Home />
  return (
    <Suspense fallback={<p className="page-waits">Loading the page.</p>}>
      <ScenarioPage key={card.id} card={card} />
    </Suspense>
  )
}

/** Address to store when the reader used the browser; store to address is the bar's work. */
function useAddress(bar: AddressBar): void {
  const location = useLocation()
  const type = useNavigationType()
  const navigate = useNavigate()
  const { where } = useApp()
  const { open } = useActions()
  useLayoutEffect(() => bar.connect((to, options) => void navigate(to, options)), [bar, navigate])
  useLayoutEffect(() => {
    if (type !== NavigationType.Pop) return
    bar.drop()
    open(location.pathname + location.search + location.hash, where.folder)
  }, [bar, location, type, open, where.folder])
}
