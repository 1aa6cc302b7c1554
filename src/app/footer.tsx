import { Suspense, type ReactNode } from 'react'
import { part } from '../lenses/late.ts'
import { version } from '../base/version.ts'

const OfflineLine = part(() => import('./offline/offline-line.tsx'))

/** What holds for every page, below what a page says for itself. */
export function Footer({ children }: { children?: ReactNode }) {
  return (
    <footer className="page-foot">
      {children}
      <Suspense fallback={null}>
        <OfflineLine />
      </Suspense>
      <p>
        Lockstep {version} runs a <strong>model, not the kernel</strong>. No cookies, no trackers, nothing is sent anywhere: everything runs
        in your browser, and a link holds all it needs in itself.
      </p>
    </footer>
  )
}
