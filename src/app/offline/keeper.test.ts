// A service worker in a browser is tried by e2e/offline.spec.ts; here is what it decides, over caches and a network that are plain maps.
import { describe, expect, it } from 'vitest'
import { createKeeper, type Build } from './keeper.ts'

const scope = 'https://host/tool/'
const files = ['./', 'append-hole/', 'assets/start-aaaa.js', 'favicon.svg']

/** A browser's caches, without headers and queries. */
function cacheStorage() {
  const all = new Map<string, Map<string, Response>>()
  const open = async (name: string) => {
    const cache = all.get(name) ?? new Map<string, Response>()
    all.set(name, cache)
    return {
      match: async (address: string) => cache.get(address)?.clone(),
      put: async (address: string, response: Response) => void cache.set(address, response),
    } as unknown as Cache
  }
  return { all, caches: { open, keys: async () => [...all.keys()], delete: async (name: string) => all.delete(name) } }
}

/** A site on a host: what each address answers; null for a network that is gone. */
function browser(site: { texts: Record<string, string> | null }) {
  const { all, caches } = cacheStorage()
  const open = { pages: 0 }
  const asked: string[] = []
  const fetch = async (request: Request | string): Promise<Response> => {
    const [address = ''] = (typeof request === 'string' ? request : request.url).split('#')
    asked.push(address)
    if (site.texts === null) throw new TypeError('no network')
    const text = site.texts[address]
    return new Response(text ?? 'not here', { status: text === undefined ? 404 : 200 })
  }
  const keeper = (build: Build) => createKeeper({ scope, caches, fetch, pages: async () => open.pages }, build)
  return { all, asked, open, keeper }
}

/** The texts of a build: each file says which build it is of. */
const textsOf = (build: string, names: readonly string[] = files): Record<string, string> =>
  Object.fromEntries(names.map((file) => [new URL(file, scope).href, `${file} of ${build}`]))

/** Node's Request cannot navigate. */
const request = (address: string, mode = 'no-cors', method = 'GET') => ({ url: address, mode, method }) as Request
const visit = (address: string) => request(address, 'navigate')
const textOf = async (answer: Promise<Response> | null) => (await (await answer)?.text()) ?? null

describe('what is kept', () => {
  it('is everything or nothing: half a site is no site', async () => {
    const site = { texts: textsOf('one') }
    const { keeper } = browser(site)
    await keeper({ id: 'one', files }).fill()
    delete site.texts[`${scope}favicon.svg`]
    await expect(keeper({ id: 'two', files }).fill()).rejects.toThrow(`${scope}favicon.svg answers 404`)
  })

  it('is asked for once: a file that is named by its content is taken over from the build before', async () => {
    const { keeper, asked } = browser({ texts: textsOf('one') })
    await keeper({ id: 'one', files }).fill()
    expect(asked.toSorted()).toEqual(files.map((file) => new URL(file, scope).href).toSorted())
    await keeper({ id: 'two', files }).fill()
    expect(asked.filter((address) => address.includes('/assets/'))).toHaveLength(1)
    expect(asked.filter((address) => address === scope)).toHaveLength(2)
  })

  it('is got again where the browser has thrown some of it away', async () => {
    const { keeper, all } = browser({ texts: textsOf('one') })
    await keeper({ id: 'one', files }).fill()
    const [kept] = all.values()
    kept?.delete(scope)
    await keeper({ id: 'one', files }).fill()
    expect(kept?.size).toBe(files.length)
  })
})

describe('a page', () => {
  it('comes from the network where there is one, and from what is kept where there is none or the server is in trouble', async () => {
    const site: { texts: Record<string, string> | null } = { texts: textsOf('one') }
    const { keeper } = browser(site)
    const one = keeper({ id: 'one', files })
    await one.fill()
    site.texts = textsOf('two')
    expect(await textOf(one.answer(visit(`${scope}append-hole/#/r1/4`)))).toBe('append-hole/ of two')
    site.texts = null
    expect(await textOf(one.answer(visit(`${scope}append-hole/`)))).toBe('append-hole/ of one')
    expect(await textOf(one.answer(visit(`${scope}index.html`)))).toBe('./ of one')
  })

  it('without its last slash is sent to its folder, since what it loads is relative', async () => {
    const site: { texts: Record<string, string> | null } = { texts: textsOf('one') }
    const { keeper } = browser(site)
    const one = keeper({ id: 'one', files })
    await one.fill()
    site.texts = null
    const answer = await one.answer(visit(`${scope}append-hole`))
    expect([answer?.status, answer?.headers.get('location')]).toEqual([302, `${scope}append-hole/`])
  })

  it('that the site does not have is not found, and one that nobody kept fails as it would without us', async () => {
    const site: { texts: Record<string, string> | null } = { texts: textsOf('one') }
    const { keeper } = browser(site)
    const one = keeper({ id: 'one', files })
    await one.fill()
    expect((await one.answer(visit(`${scope}nothing/`)))?.status).toBe(404)
    site.texts = null
    await expect(one.answer(visit(`${scope}nothing/`))).rejects.toThrow('no network')
  })

  it('that is open when the site is changed gets its parts from the build that it belongs to, until no page is open', async () => {
    const site: { texts: Record<string, string> | null } = { texts: textsOf('one') }
    const { keeper, open, all } = browser(site)
    await keeper({ id: 'one', files }).fill()
    const newer = ['./', 'append-hole/', 'assets/start-bbbb.js', 'favicon.svg']
    site.texts = textsOf('two', newer)
    const two = keeper({ id: 'two', files: newer })
    await two.fill()
    open.pages = 1
    expect(await textOf(two.answer(visit(scope)))).toBe('./ of two')
    expect(await textOf(two.answer(request(`${scope}assets/start-aaaa.js`)))).toBe('assets/start-aaaa.js of one')
    expect(await textOf(two.answer(request(`${scope}favicon.svg`)))).toBe('favicon.svg of two')
    open.pages = 0
    await two.answer(visit(scope))
    expect([...all.keys()]).toEqual([`lockstep ${scope} two`])
  })
})

it('is not asked for what is not of this site, or not read', () => {
  const { keeper } = browser({ texts: {} })
  const one = keeper({ id: 'one', files })
  expect(one.answer(request('https://host/other/'))).toBeNull()
  expect(one.answer(request(`${scope}append-hole/`, 'cors', 'POST'))).toBeNull()
})
