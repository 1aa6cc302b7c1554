import { lazy } from 'react'
import { createRoot } from 'react-dom/client'
import { whenIdle } from '../lenses/late.ts'
import { bring } from '../lenses/picture-lens.tsx'
import type { Card } from '../scenarios/card.ts'
import { kindsOf } from '../store/run/frames.ts'
import { home } from '../store/place/place.ts'
import { createLockstep, type Needs } from '../store/store.ts'
import { lateClient } from '../worker/late-client.ts'
import { createAddressBar, whereabouts, windowHistory } from './address.ts'
import { Boundary, Broken } from './boundary.tsx'
import { cardIn, runIn } from './in-page.ts'
import { LockstepProvider } from './lockstep.tsx'
import { LossNotice } from './lost.tsx'
import { bringPage, Page } from './page.tsx'
import { keepTheme } from './theme.ts'
import '../lenses/theme.css'
import '../lenses/fonts.css'
// Before all other styles of the lenses, which build on it: chunks may come in any order.
import '../lenses/lenses.css'
import './app.css'

const Frame = lazy(() => import('./embed/frame.tsx'))

/** At the root the fragment names pages, and the router knows them; in the folder of a scenario there is only its page. */
const routes = () => import('./routes.tsx')
const Routes = lazy(routes)

/** What asks the model: a chunk of its own, which no step of the run that a page brings along waits for. */
const model = async () => (await import('../worker/started.ts')).startClient()
const client = lateClient(model)

/** Of a scenario's own page without a fragment nothing has to be read. */
const parse: Needs['parse'] = (fragment, scenario, cards) => {
  if (scenario === null && /^#?\/own(\/|$)/.test(fragment))
    return import('../store/own/link.ts').then((own) => own.parseOwn(fragment, cards, client))
  const card = /^#?\/?$/.test(fragment) ? cards.find(({ id }) => id === scenario) : undefined
  return card ? { place: home(card) } : import('./by-link.ts').then((link) => link.parse(fragment, scenario, cards))
}

/** A file a scenario, and only for places that a reader goes to: a lost one is no loss, since the worker knows. */
const workedOut: NonNullable<Needs['workedOut']> = (place) =>
  import('../store/search/worked-out.ts').then(
    (file) => file.workedOut(place),
    () => null,
  )

/** This program, by the name of a file whose content names all others. */
const program = import.meta.url

const root = document.getElementById('root')
if (root) {
  // What the page says where scripts cannot start (`public/not-started.js`) is no longer wanted.
  document.documentElement.dataset['started'] = ''
  start(root).catch((error: unknown) => createRoot(root).render(<Broken error={error} />))
}

async function start(root: HTMLElement): Promise<void> {
  const where = whereabouts(document)
  const card = where.folder === null ? null : cardIn(document)
  const cards: Card[] = card ? [card] : []
  // The home page has what it says of each scenario; whoever goes on from there needs all the words.
  const isHome = (): boolean => where.folder === null && /^#?\/?(\?.*)?$/.test(location.hash)
  let coming: Promise<void> | null = null
  const catalogue = (): Promise<void> =>
    (coming ??= import('../scenarios/catalog.ts').then(
      ({ catalog }) => void cards.push(...catalog),
      (error: unknown) => {
        coming = null
        throw error
      },
    ))
  if (where.folder === null) void routes().catch(() => undefined)
  if (!card && !isHome()) await catalogue()
  const bar = createAddressBar(where, windowHistory, (href) => location.assign(href))
  const known = runIn(document)
  const lenses = known && card ? bring(kindsOf(known.trace, card.leads)) : null
  const { store, actions } = createLockstep({ client, cards, address: bar, parse, known, workedOut })
  keepTheme(store, actions)
  // A link may ask for another run than the one that came along, and who reloads a page had it.
  if (location.hash.length > 2) {
    void import('../worker/started.ts').catch(() => undefined)
    if (!where.framed) await import('./by-link.ts').then((link) => link.resume(program, actions, cards)).catch(() => undefined)
  }
  const read = (): void => {
    bar.moved()
    if (cards.length > 0 || isHome()) actions.open(location.hash, where.folder)
    // Where it cannot be had, the page says so (`lost.tsx`), and the address holds the place.
    else void catalogue().then(read, () => undefined)
  }
  // The reader used the browser: typed, clicked an anchor, went back. What the page itself writes does not come here.
  addEventListener('popstate', read)
  addEventListener('pagehide', bar.flush)
  // The pointer is on its way to the buttons of the browser.
  document.documentElement.addEventListener('pointerleave', bar.flush)
  read()
  if (where.folder !== null || cards.some(({ id }) => location.hash.startsWith(`#/${id}/`))) await bringPage()
  // The first picture of the page is the whole of it.
  await lenses
  const page = where.folder === null ? <Routes /> : <Page />
  createRoot(root).render(
    <LockstepProvider app={{ store, actions, cards, where }}>
      <Boundary>{where.framed ? <Frame>{page}</Frame> : page}</Boundary>
      <LossNotice />
    </LockstepProvider>,
  )
  // After everything that the reader waits for. A frame is a guest: it leaves nothing in the browser of whoever reads the page around it.
  if (import.meta.env.PROD && !where.isFile && !where.framed)
    whenIdle(() => {
      void import('./offline/keep.ts').then(({ keepOffline }) => keepOffline(where.base))
      void import('./resume.ts').then(({ keepShown }) => keepShown(program, store))
    })
}
