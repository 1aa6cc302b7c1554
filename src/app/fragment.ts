/** The fragment where it names pages: a path, and what is asked of that page. */
import { useSyncExternalStore } from 'react'
import { windowHistory } from './address.ts'

interface Fragment {
  /** `/` without a fragment. */
  readonly path: string
  /** With its question mark; empty without one. */
  readonly query: string
}

/** Reads a fragment as the address bar has it, with or without its `#`. */
export function fragmentOf(hash: string): Fragment {
  const text = hash.replace(/^#/, '')
  const at = text.indexOf('?')
  const [path, query] = at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at)]
  return { path: path === '' ? '/' : path, query }
}

function whenMoved(then: () => void): () => void {
  addEventListener('popstate', then)
  return () => removeEventListener('popstate', then)
}

/** A part of the fragment; the component renders again when the reader goes where that part is another. */
export const useFragment = (part: (fragment: Fragment) => string): string =>
  useSyncExternalStore(whenMoved, () => part(fragmentOf(location.hash)))

/** Goes to a fragment, and tells whoever follows it as if the reader had gone there. */
export function goTo(fragment: string, how: 'push' | 'replace'): void {
  windowHistory.write(fragment, how)
  dispatchEvent(new PopStateEvent('popstate'))
}
