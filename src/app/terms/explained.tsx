/** What a term means: two sentences and a small picture. A chunk of its own, loaded at the first question. */
import { useEffect } from 'react'
import type { Explanation } from './explanation.ts'
import { fileTerms } from './file.tsx'
import { ioTerms } from './io.tsx'
import { runTerms } from './runs.tsx'
import { syncTerms } from './sync.tsx'

export const explanations: readonly Explanation[] = [...fileTerms, ...ioTerms, ...syncTerms, ...runTerms]

/** The explanation of the term with this name; `onReady` is called once it has its size. */
export default function Explained({ name, onReady }: { name: string; onReady: () => void }) {
  useEffect(onReady)
  const found = explanations.find((explanation) => explanation.name === name)
  return (
    <>
      {found?.sketch}
      <span>{found?.says}</span>
    </>
  )
}
