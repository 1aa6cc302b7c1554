import { hrefOf } from './address.ts'
import { useApp } from './lockstep.tsx'
import { ThemeSwitch } from './theme-switch.tsx'

/** The head of a page that is no scenario's: the way home, and the colours. */
export function PageTop() {
  const { where } = useApp()
  return (
    <header className="page-top">
      <a className="page-brand" href={hrefOf(where, null)}>
        Lockstep
      </a>
      <ThemeSwitch />
    </header>
  )
}
