/**
 * The pages that the fragment can name where it names pages: at the root and in a single file. What a fragment says beyond
 * that is one grammar, so the store reads it; the moment shown changes many times a second and never goes through here.
 */
import { Suspense, lazy } from 'react'
import { HashRouter, useLocation } from 'react-router'
import { useLockstep } from './lockstep.tsx'
import { Page } from './page.tsx'

const Home = lazy(() => import('./home/home.tsx'))
const Trust = lazy(() => import('./trust/trust.tsx'))
const HowToAsk = lazy(() => import('./ask/how-to-ask.tsx'))
const Paste = lazy(() => import('./paste/paste-page.tsx'))
const Workbench = lazy(() => import('./own/workbench.tsx'))

/** An address without a scenario leads home, unless the store found it damaged (`#//`). */
function Start() {
  const problem = useLockstep((state) => state.problem)
  if (problem) return <Page />
  return (
    <Suspense fallback={null}>
      <Home />
    </Suspense>
  )
}

const start = <Start />
const page = <Page />
const trust = (
  <Suspense fallback={null}>
    <Trust />
  </Suspense>
)

const ask = (
  <Suspense fallback={null}>
    <HowToAsk />
  </Suspense>
)

const paste = (
  <Suspense fallback={null}>
    <Paste />
  </Suspense>
)

const own = (
  <Suspense fallback={null}>
    <Workbench />
  </Suspense>
)

/** Told apart by hand: patterns would decode the address, and complain of a damaged one before we can say what is wrong with it. */
function Choice() {
  const { pathname } = useLocation()
  if (pathname === '/') return start
  // Behind it stands the text, where that fits into a link.
  if (/^\/paste(\/|$)/.test(pathname)) return paste
  if (pathname === '/ask') return ask
  // A scene of one's own, whose text is in the address, or still to be typed.
  if (/^\/own(\/|$)/.test(pathname)) return own
  return pathname === '/trust' ? trust : page
}

export default function Routes() {
  return (
    <HashRouter>
      <Choice />
    </HashRouter>
  )
}
