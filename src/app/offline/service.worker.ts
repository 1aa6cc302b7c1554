/** The service worker's entry: it only forwards. The build makes it last, when it knows its own files (`scripts/offline.ts`). */
import { createKeeper } from './keeper.ts'

declare const LOCKSTEP_BUILD: { readonly id: string; readonly files: readonly string[] }

interface Waits {
  waitUntil(work: Promise<unknown>): void
}
interface FetchEvent {
  readonly request: Request
  respondWith(answer: Promise<Response>): void
}

/** The part of a service worker's global scope that is used; the whole library would clash with the page's. */
interface Scope {
  readonly registration: { readonly scope: string }
  readonly clients: {
    claim(): Promise<void>
    matchAll(which: { includeUncontrolled: boolean; type: 'window' }): Promise<readonly { readonly url: string }[]>
  }
  skipWaiting(): Promise<void>
  addEventListener(type: 'install' | 'activate', listener: (event: Waits) => void): void
  addEventListener(type: 'fetch', listener: (event: FetchEvent) => void): void
  addEventListener(type: 'message', listener: (event: Waits & { readonly ports: readonly MessagePort[] }) => void): void
}

const scope = self as unknown as Scope
const root = scope.registration.scope

const keeper = createKeeper(
  {
    scope: root,
    caches,
    fetch: (request, options) => fetch(request, options),
    pages: async () =>
      (await scope.clients.matchAll({ includeUncontrolled: true, type: 'window' })).filter(({ url }) => url.startsWith(root)).length,
  },
  LOCKSTEP_BUILD,
)

// Nothing is gained by waiting: open pages get the parts of the build that they belong to from whichever worker there is.
scope.addEventListener('install', (event) => event.waitUntil(keeper.fill().then(() => scope.skipWaiting())))
scope.addEventListener('activate', (event) => event.waitUntil(scope.clients.claim()))
scope.addEventListener('fetch', (event) => {
  const answer = keeper.answer(event.request)
  if (answer) event.respondWith(answer)
})
// A page asks whether everything is there. Browsers may throw kept files away when room is short, so it is looked up, and mended.
scope.addEventListener('message', (event) => {
  const [port] = event.ports
  event.waitUntil(
    keeper.fill().then(
      () => port?.postMessage(true),
      () => port?.postMessage(false),
    ),
  )
})
