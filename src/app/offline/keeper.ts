/**
 * Keeps a whole build for use without a network, and answers from what is kept. Pages come from the network where there is one, so that
 * nobody is shown an old page; what a page loads comes from the build that it belongs to, for as long as it is open, whatever has been
 * put on the server since.
 */

/** What the service worker gives; tests give less. */
export interface Host {
  /** The address of the root of the site. */
  readonly scope: string
  readonly caches: Pick<CacheStorage, 'open' | 'keys' | 'delete'>
  fetch(request: Request | string, options?: RequestInit): Promise<Response>
  /** How many pages of the site are open. */
  pages(): Promise<number>
}

export interface Build {
  /** Another one for every build. */
  readonly id: string
  /** Addresses relative to the root: `./`, `append-hole/`, `assets/start-1a2b3c.js`. */
  readonly files: readonly string[]
}

/** Hosts say `Vary: Origin`, and some tools add a query: the files are the same. */
const alike: CacheQueryOptions = { ignoreVary: true, ignoreSearch: true }
/** A network that does not answer a page within this time is as good as none. */
const PATIENCE_MS = 4_000
/** How many files are asked for at a time; the reader's own requests come first. */
const AT_ONCE = 4

export type Keeper = ReturnType<typeof createKeeper>

export function createKeeper({ scope, caches, fetch, pages }: Host, { id, files }: Build) {
  // Other sites of the same host, and other copies of this one, keep their own.
  const prefix = `lockstep ${scope} `
  const name = prefix + id
  const addresses = files.map((file) => new URL(file, scope).href)

  /** From this build, or from one that an open page may still belong to. */
  async function kept(address: string): Promise<Response | undefined> {
    const others = (await caches.keys()).filter((other) => other.startsWith(prefix) && other !== name)
    for (const cache of [name, ...others.reverse()]) {
      const found = await (await caches.open(cache)).match(address, alike)
      if (found) return found
    }
    return undefined
  }

  /** Gets what is missing. Rejects where something cannot be had: half a site is no site. */
  async function fill(): Promise<void> {
    const cache = await caches.open(name)
    const wanted = [...addresses]
    const take = async (): Promise<void> => {
      for (let address = wanted.shift(); address !== undefined; address = wanted.shift()) {
        if (await cache.match(address, alike)) continue
        // The name says what is in it: who has one with this name has this one.
        const named = isNamedByContent(address)
        const response = (named ? await kept(address) : undefined) ?? (await fetch(address, { cache: named ? 'default' : 'no-cache' }))
        if (!response.ok) throw new Error(`${address} answers ${response.status}`)
        // A page must not come out of a cache as one that was sent elsewhere.
        await cache.put(address, response.redirected ? new Response(response.body, response) : response)
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, take))
  }

  /** Old builds go once no page is open that could ask for a part of one. */
  async function sweep(): Promise<void> {
    if ((await pages()) > 0) return
    const old = (await caches.keys()).filter((other) => other.startsWith(prefix) && other !== name)
    await Promise.all(old.map((other) => caches.delete(other)))
  }

  async function page(request: Request): Promise<Response> {
    await sweep()
    const network = fetch(request)
    const fresh = await within(PATIENCE_MS, network)
    // A server in trouble is as good as none; one that says "not found" knows best.
    if (fresh && fresh.status < 500) return fresh
    const address = pageAddress(request.url)
    const folder = `${address}/`
    if (!addresses.includes(address) && addresses.includes(folder)) return Response.redirect(folder)
    return (await kept(address)) ?? network
  }

  return {
    fill,
    /** The answer to a request of one of our pages; null where it is not for us to answer. */
    answer(request: Request): Promise<Response> | null {
      if (request.method !== 'GET' || !request.url.startsWith(scope)) return null
      if (request.mode === 'navigate') return page(request)
      return kept(request.url).then((response) => response ?? fetch(request))
    },
  }
}

/** Vite names what it builds by the content. */
const isNamedByContent = (address: string): boolean => address.includes('/assets/')

/** `index.html` is the folder's own page. */
function pageAddress(url: string): string {
  const { origin, pathname } = new URL(url)
  return origin + pathname.replace(/\/index\.html$/, '/')
}

/** What it resolves to; null if it fails or takes longer. */
function within<T>(ms: number, work: Promise<T>): Promise<T | null> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(null), ms)
    work.then(
      (value) => {
        clearTimeout(timer)
        resolve(value)
      },
      () => {
        clearTimeout(timer)
        resolve(null)
      },
    )
  })
}
