/**
 * The address bar. In the folder of a scenario the fragment holds only segments; at the root, and in a single file, it
 * begins with the scenario. It is written past the router, which has to know of pages and not of steps: nothing is drawn
 * again because the address follows. Browsers complain or throw when the address is written too often, so replacing is
 * throttled; a pending replacement is written before anything is pushed, so that no entry in the history is wrong.
 */
import { isOwn } from '../scene/own.ts'
import { whenIdle } from '../lenses/late.ts'
import { afterPaint, whenDrawn } from './painted.ts'
import type { Address } from '../store/store.ts'

export interface Whereabouts {
  /** The scenario whose folder the page was opened from; null at the root. */
  readonly folder: string | null
  /** The address of the root, ending in a slash, or of the file itself where one file holds everything. */
  readonly base: string
  /** One file holds everything, wherever it lies. */
  readonly isFile: boolean
  /** The page is shown in a frame of another. */
  readonly framed: boolean
}

/** Reads where the page stands from its own head and address. */
export function whereabouts(page: Document): Whereabouts {
  const said = (name: string): string | null => page.querySelector<HTMLMetaElement>(`meta[name="lockstep-${name}"]`)?.content || null
  const folder = said('scenario')
  const framed = said('embed') !== null
  const here = new URL(page.location.href)
  here.hash = ''
  here.search = ''
  if (said('single') !== null) return { folder, base: here.href, isFile: true, framed }
  return { folder, base: new URL(folder || framed ? '../' : './', here).href, isFile: false, framed }
}

/** What an anchor needs to lead to a moment: a fragment where this document can show it, another page otherwise. */
export function hrefOf({ folder, base, isFile }: Whereabouts, scenario: string | null, segments = ''): string {
  if (scenario === null) return folder === null || isFile ? '#/' : base
  const tail = segments === '' ? '' : `/${segments}`
  // Scenes have no folder of their own each: the root knows them.
  if (folder !== null && isOwn(scenario)) return `${base}#/${scenario}${tail}`
  if (folder === null) return `#/${scenario}${tail}`
  return folder === scenario ? `#${tail || '/'}` : `${base}${scenario}/#${tail || '/'}`
}

/** What leads to a page that the root knows by its fragment. */
export const pageOf = ({ folder, base, isFile }: Whereabouts, name: string): string => `${folder === null || isFile ? '' : base}#/${name}`

/** The address to give to others: the scenario's own folder, which has a title and a text of its own. */
export function shareable({ base, isFile }: Whereabouts, scenario: string, segments: string): string {
  return isFile || isOwn(scenario) ? `${base}#/${scenario}/${segments}` : `${base}${scenario}/#/${segments}`
}

/** What writes the history of a browser; tests give something smaller. */
export interface HistoryWriter {
  write(address: string, how: 'push' | 'replace'): void
  /** Runs `then` when all that is due has been painted: writing the history costs more than drawing a step. */
  afterFrame(then: () => void): void
  /** The address of the entry that the browser is at. */
  here(): string
  /** How many entries are before it; null where the browser does not say. */
  index(): number | null
}

const REPLACE_EVERY_MS = 250

export interface AddressBar extends Address {
  /** Writes what is pending, e.g. before the page goes away. */
  flush(): void
  /**
   * The reader used the browser. Who goes back from an entry that is not written yet has left the one before it: he is brought to that, by the
   * entries that lead there. Who went anywhere else is there, and what is pending is forgotten.
   */
  moved(): void
}

interface Entry {
  readonly path: string
  readonly how: 'push' | 'replace'
}

export function createAddressBar(where: Whereabouts, history: HistoryWriter, leave: (href: string) => void): AddressBar {
  let pending: readonly Entry[] = []
  let quietUntil = 0
  /** The entry that the page was at last. */
  let stood = { address: history.here(), index: history.index() }

  const stand = (): void => void (stood = { address: history.here(), index: history.index() })

  function flush(): void {
    const entries = pending
    pending = []
    for (const { path, how } of entries) history.write(`#${path}`, how)
    if (entries.length === 0) return
    quietUntil = Date.now() + REPLACE_EVERY_MS
    stand()
  }

  const pathOf = (scenario: string, segments: string): string => (where.folder === null ? `/${scenario}/${segments}` : `/${segments}`)
  const elsewhere = (scenario: string): boolean => where.folder !== null && where.folder !== scenario

  return {
    flush,
    moved(): void {
      const index = history.index()
      if (index !== null && stood.index !== null && index < stood.index && pending.some(({ how }) => how === 'push')) {
        const paths = pending.map(({ path }) => `#${path}`)
        if (pending[0]?.how === 'push') paths.unshift(stood.address)
        for (const path of paths.slice(0, -1)) history.write(path, 'push')
      }
      pending = []
      stand()
    },
    push(scenario, segments) {
      if (elsewhere(scenario)) return leave(hrefOf(where, scenario, segments))
      pending = [...pending, { path: pathOf(scenario, segments), how: 'push' }]
      history.afterFrame(flush)
    },
    replace(scenario, segments) {
      if (elsewhere(scenario)) return leave(hrefOf(where, scenario, segments))
      const path = pathOf(scenario, segments)
      const last = pending.at(-1)
      pending = last ? [...pending.slice(0, -1), { path, how: last.how }] : [{ path, how: 'replace' }]
      if (last) return
      const wait = quietUntil - Date.now()
      if (wait > 0) setTimeout(flush, wait)
      else history.afterFrame(flush)
    },
  }
}

/** The history of this window. */
export const windowHistory: HistoryWriter = {
  write(address, how) {
    if (how === 'push') window.history.pushState(null, '', address)
    else window.history.replaceState(null, '', address)
  },
  afterFrame(then) {
    afterPaint(() => whenDrawn(() => whenIdle(then)))
  },
  here: () => window.location.href,
  index: () => (globalThis.navigation as Navigation | undefined)?.currentEntry?.index ?? null,
}
