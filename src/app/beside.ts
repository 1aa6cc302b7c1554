/** Files that stand beside the page: recordings and programs. Where one file holds everything, they are in it. */
import { textsIn } from './in-page.ts'
import type { Whereabouts } from './address.ts'

/** Where to fetch or to download `path`, as it is called from the root of the site. */
export function besideHref({ base, isFile }: Whereabouts, path: string): string {
  if (!isFile) return new URL(path, base).href
  return `data:text/plain;charset=utf-8,${encodeURIComponent(textsIn(document)[path] ?? '')}`
}
