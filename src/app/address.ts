/**
 * The address bar. In the folder of a scenario the fragment holds only segments; at the root, and in a single file, it
 * begins with the scenario. Browsers complain or throw when the address is written too often, so replacing is throttled;
 * a pending replacement is written before anything is pushed, so that no entry in the history is wrong.
 */
import type { Address } from '../store/store.ts'

export interface Whereabouts {
  /** The scenario whose folder the page was opened from; null at the root. */
  readonly folder: string | null
  /** The address of the root, ending in a slash, or of the file itself on file://. */
  readonly base: string
  readonly isFile: boolean
}

/** Reads where the page stands from its own head and address. */
export function whereabouts(page: Document): Whereabouts {
  const folder = page.querySelector<HTMLMetaElement>('meta[name="lockstep-scenario"]')?.content || null
  const here = new URL(page.location.href)
  here.hash = ''
  here.search = ''
  const isFile = here.protocol === 'file:'
  if (isFile) return { folder, base: here.href, isFile }
  return { folder, base: new URL(folder ? '../' : './', here).href, isFile }
}

/** What an anchor needs to lead to a moment: a fragment where this document can show it, another page otherwise. */
export function hrefOf({ folder, base, isFile }: Whereabouts, scenario: string | null, segments = ''): string {
  if (scenario === null) return folder === null || isFile ? '#/' : base
  const tail = segments === '' ? '' : `/${segments}`
  if (folder === null) return `#/${scenario}${tail}`
  return folder === scenario ? `#${tail || '/'}` : `${base}${scenario}/#${tail || '/'}`
}

/** The address to give to others: the scenario's own folder, which has a title and a text of its own. */
export function shareable({ base, isFile }: Whereabouts, scenario: string, segments: string): string {
  return isFile ? `${base}#/${scenario}/${segments}` : `${base}${scenario}/#/${segments}`
}

type Navigate = (to: string, options: { replace: boolean }) => void
const REPLACE_EVERY_MS = 250

export interface AddressBar extends Address {
  /** The router's way to write; it changes whenever the router renders. */
  connect(navigate: Navigate): void
  /** Writes what is pending, e.g. before the page goes away. */
  flush(): void
  /** Forgets what is pending: the reader went somewhere else. */
  drop(): void
}

export function createAddressBar(where: Whereabouts, leave: (href: string) => void): AddressBar {
  let navigate: Navigate | null = null
  let pending: string | null = null
  let timer: ReturnType<typeof setTimeout> | null = null

  function flush(): void {
    if (timer !== null) clearTimeout(timer)
    timer = null
    if (pending === null) return
    const path = pending
    pending = null
    navigate?.(path, { replace: true })
  }

  const pathOf = (scenario: string, segments: string): string => (where.folder === null ? `/${scenario}/${segments}` : `/${segments}`)
  const elsewhere = (scenario: string): boolean => where.folder !== null && where.folder !== scenario

  return {
    connect(to) {
      navigate = to
    },
    flush,
    drop(): void {
      pending = null
      flush()
    },
    push(scenario, segments) {
      if (elsewhere(scenario)) return leave(hrefOf(where, scenario, segments))
      flush()
      navigate?.(pathOf(scenario, segments), { replace: false })
    },
    replace(scenario, segments) {
      if (elsewhere(scenario)) return leave(hrefOf(where, scenario, segments))
      pending = pathOf(scenario, segments)
      if (timer !== null) return
      const first = pending
      pending = null
      navigate?.(first, { replace: true })
      timer = setTimeout(flush, REPLACE_EVERY_MS)
    },
  }
}
