import { createContext, memo, Suspense, useContext, type ReactNode } from 'react'
import { late } from '../../lenses/late.ts'
import { useLockstep } from '../lockstep.tsx'
import type { Texts } from './pieces.ts'

const Marked = late(
  () => import('./marked.tsx'),
  ({ text }) => text,
)

const Page = createContext<Texts>({ above: [], below: [] })

/** Knows the texts of a page in reading order, so that a term is underlined where the page first uses it. */
export const Terms = ({ texts, children }: { texts: Texts; children: ReactNode }) => <Page value={texts}>{children}</Page>

/** A text whose kernel terms can be asked about, once there is something to step through. */
export const Prose = memo(function Prose({ text }: { text: string }) {
  const texts = useContext(Page)
  const ready = useLockstep((state) => state.trace !== null)
  if (!ready) return text
  return (
    <Suspense fallback={text}>
      <Marked text={text} texts={texts} />
    </Suspense>
  )
})
