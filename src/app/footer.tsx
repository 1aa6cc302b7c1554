import type { ReactNode } from 'react'
import { pageOf } from './address.ts'
import { useApp } from './lockstep.tsx'

/** What holds for every page, below what a page says for itself. */
export function Footer({ children }: { children?: ReactNode }) {
  const { where } = useApp()
  return (
    <footer className="page-foot">
      {children}
      <p>
        Lockstep runs a <strong>model, not the kernel</strong>. No cookies, no trackers, nothing is sent anywhere: everything runs in your
        browser, and a link holds all it needs in itself. <a href={pageOf(where, 'paste')}>Paste a listing</a> to see it drawn.
      </p>
    </footer>
  )
}
