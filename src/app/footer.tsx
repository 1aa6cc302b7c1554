import { Suspense, type ReactNode } from 'react'
import { version } from '../base/version.ts'
import { part } from '../lenses/late.ts'
import { pageOf } from './address.ts'
import { useApp } from './lockstep.tsx'

const OfflineLine = part(() => import('./offline/offline-line.tsx'))

/** What holds for every page, below what a page says for itself. */
export function Footer({ children }: { children?: ReactNode }) {
  const { where } = useApp()
  return (
    <footer className="page-foot">
      {children}
      <Suspense fallback={null}>
        <OfflineLine />
      </Suspense>
      <p>
        Lockstep {version} runs a <strong>model, not the kernel</strong>. No cookies, no trackers, nothing is sent anywhere: everything runs
        in your browser, and a link holds all it needs in itself. <a href={pageOf(where, 'paste')}>Paste a listing</a> to see it drawn.
      </p>
    </footer>
  )
}
