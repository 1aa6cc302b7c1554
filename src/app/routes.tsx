/**
 * The pages that the fragment can name where it names pages: at the root and in a single file. What a fragment says beyond
 * that is one grammar, so the store reads it; the moment shown changes many times a second and never goes through here.
 */
import { Suspense, lazy } from 'react'
import { useFragment } from './fragment.ts'
import { Page } from './page.tsx'

const Home = lazy(() => import('./home/home.tsx'))
const Trust = lazy(() => import('./trust/trust.tsx'))

const pages: Readonly<Record<string, typeof Home>> = { '/': Home, '/trust': Trust }

/** Told apart by the path as it stands, never decoded: the store says what is wrong with a damaged address. */
export default function Routes() {
  const Named = pages[useFragment(({ path }) => path)]
  if (!Named) return <Page />
  return (
    <Suspense fallback={null}>
      <Named />
    </Suspense>
  )
}
