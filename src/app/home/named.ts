/** The words and names that a text can look for beside what stands on a small card: too many to bring along for who looks for nothing. Computed with the facets. */
import { useEffect, useState } from 'react'

/** Of one scenario, from the run that its card documents. */
export interface Named {
  /** All the words of its card: story, origin, commits, patches. */
  readonly words: readonly string[]
  /** Every kernel function that takes a step. */
  readonly functions: readonly string[]
  /** The rules that are broken, each with its id. */
  readonly rules: readonly string[]
}

export type AllNamed = Readonly<Record<string, Named>>

/** By scenario; asked for when they are `wanted`, null as long as they are not there. */
export function useNamed(wanted: boolean): AllNamed | null {
  const [named, setNamed] = useState<AllNamed | null>(null)
  useEffect(() => {
    if (wanted && !named) void import('./named.generated.json', { with: { type: 'json' } }).then((found) => setNamed(found.default))
  }, [wanted, named])
  return named
}
