/**
 * How soon a page shows a step deep in a run: opened by a link, loaded again where one was, and reached from the stop before in a talk. By
 * the clock from the reader's doing to the painted pictures, and by the processor time of the page's main thread, which others on the
 * machine do not change.
 */
import type { Browser, BrowserContext, CDPSession, Page } from 'playwright-core'
import { atMost, budgets, quantile, type Measured } from './budgets.ts'
import type { Host } from './serve.ts'

/** A scenario by the links of two runs: the one that its page brings along, and one that the model has to be asked for. */
export interface Resumed {
  readonly scenario: string
  readonly own: string
  readonly other: string
}

export interface ResumeReport {
  /** A link to the run that the page brings along, nothing in the cache. */
  readonly link: Spread
  readonly again: Spread
  /** A run on another release, loaded again: this window has shown it. */
  readonly otherAgain: Spread
  /** From the last step of a stop to the next one, of another scenario. */
  readonly crossing: Spread
  readonly all: readonly Shown[]
}

interface Spread {
  readonly ms: { readonly median: number; readonly worst: Measured }
  readonly cpuMs: { readonly median: number; readonly worst: Measured }
}

type How = 'link' | 'again' | 'otherAgain' | 'crossing'

interface Shown {
  readonly scenario: string
  readonly how: How
  readonly ms: number
  readonly cpuMs: number
}

const viewport = { width: 1366, height: 768 }
/** What comes late, the workers among it, has come. */
const QUIET_MS = 1500

export async function measureResume(browser: Browser, server: Host, scenarios: readonly Resumed[]): Promise<ResumeReport> {
  const all: Shown[] = []
  for (const one of scenarios) all.push(...(await loads(browser, server, one)))
  all.push(...(await crossings(browser, server, scenarios)))
  const of = (how: How): Spread => {
    const found = all.filter((one) => one.how === how)
    const spread = (times: readonly number[]) => ({
      median: quantile(times, 0.5),
      worst: atMost(Math.max(0, ...times), budgets.resumeMs, 'ms'),
    })
    return { ms: spread(found.map(({ ms }) => ms)), cpuMs: spread(found.map(({ cpuMs }) => cpuMs)) }
  }
  return { link: of('link'), again: of('again'), otherAgain: of('otherAgain'), crossing: of('crossing'), all }
}

async function loads(browser: Browser, server: Host, { scenario, own, other }: Resumed): Promise<Shown[]> {
  const shown: Shown[] = []
  const context = await newContext(browser)
  await context.addInitScript(watchLoad)
  const page = await context.newPage()
  const cpu = await cpuOf(page)
  const load = async (how: How, going: () => Promise<unknown>): Promise<void> => {
    await going()
    const ms = await painted(page)
    shown.push({ scenario, how, ms, cpuMs: await cpu() })
    await page.waitForTimeout(QUIET_MS)
  }
  const address = (segments: string): string => `${server.address}${scenario}/#/${segments}`
  await load('link', () => page.goto(address(own), { waitUntil: 'commit' }))
  await load('again', () => page.reload({ waitUntil: 'commit' }))
  await page.goto('about:blank')
  await page.goto(address(other))
  await painted(page)
  await page.waitForTimeout(QUIET_MS)
  await load('otherAgain', () => page.reload({ waitUntil: 'commit' }))
  await context.close()
  return shown
}

/** A talk through all of them, in one page. */
async function crossings(browser: Browser, server: Host, scenarios: readonly Resumed[]): Promise<Shown[]> {
  const shown: Shown[] = []
  const [first] = scenarios
  if (!first) return shown
  const context = await newContext(browser)
  const talk = scenarios.map(({ scenario, own }) => `#/${scenario}/${own}\n`).join('\n')
  await context.addInitScript((text) => localStorage.setItem('lockstep-talk', text), talk)
  const page = await context.newPage()
  const cpu = await cpuOf(page)
  await page.goto(`${server.address}#/${first.scenario}/${first.own}`)
  await page.locator('.caption-where').waitFor()
  await page.keyboard.press('t')
  await page.getByRole('button', { name: 'Start', exact: true }).click()
  await page.evaluate(watchCrossing)
  for (const { scenario } of scenarios.slice(1)) {
    await page.keyboard.press('End')
    await page.waitForTimeout(QUIET_MS)
    const before = await cpu()
    await page.keyboard.press('PageDown')
    const ms = await painted(page)
    shown.push({ scenario, how: 'crossing', ms, cpuMs: Math.round((await cpu()) - before) })
  }
  await context.close()
  return shown
}

const newContext = (browser: Browser): Promise<BrowserContext> => browser.newContext({ viewport, serviceWorkers: 'block' })

/** Of the page that is loaded, since it is. */
async function cpuOf(page: Page): Promise<() => Promise<number>> {
  const cdp: CDPSession = await page.context().newCDPSession(page)
  await cdp.send('Performance.enable', { timeDomain: 'threadTicks' })
  return async () => {
    const { metrics } = await cdp.send('Performance.getMetrics')
    return Math.round(1000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN))
  }
}

interface Watched {
  shownAfter?: number | null
}

async function painted(page: Page): Promise<number> {
  const ms = await page.waitForFunction(() => (window as unknown as Watched).shownAfter ?? false, undefined, { polling: 10 })
  return Math.round(Number(await ms.jsonValue()))
}

/** Runs in the page, before anything else there: when are its first pictures painted? */
function watchLoad(): void {
  const observer = new MutationObserver(() => {
    if (!document.querySelector('.caption-where') || !document.querySelector('.lead-picture .lens')) return
    observer.disconnect()
    // A message posted from a frame callback is answered after that frame was painted.
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel()
      port1.onmessage = () => ((window as unknown as Watched).shownAfter = performance.now())
      port2.postMessage(null)
    })
  })
  observer.observe(document, { childList: true, subtree: true })
}

/** Runs in the page: after PageDown, when are the pictures below another headline painted? */
function watchCrossing(): void {
  const watched = window as unknown as Watched
  addEventListener(
    'keydown',
    ({ key, timeStamp }) => {
      if (key !== 'PageDown') return
      watched.shownAfter = null
      const title = document.querySelector('h1')?.textContent
      const observer = new MutationObserver(() => {
        const other = document.querySelector('h1')?.textContent
        if (!other || other === title || !document.querySelector('.lead-picture .lens')) return
        observer.disconnect()
        requestAnimationFrame(() => {
          const { port1, port2 } = new MessageChannel()
          port1.onmessage = () => (watched.shownAfter = performance.now() - timeStamp)
          port2.postMessage(null)
        })
      })
      observer.observe(document, { childList: true, subtree: true, characterData: true })
    },
    { capture: true },
  )
}
