/** How the built page behaves in a browser: what a first visit costs, how fast a step is on screen, whether a search ever stalls it. */
import { chromium, type Browser, type Page } from 'playwright-core'
import { atMost, budgets, type Measured } from './budgets.ts'
import { host, type Host, type Sent } from './serve.ts'
import { rendererMegabytes } from './renderer.ts'
import { measureGone, type GoneReport } from './gone.ts'
import { measureResume, type Resumed, type ResumeReport } from './resume.ts'
import { measureSteps, type StepReport, type Walked } from './steps.ts'
import { measureVerdicts, type Asked, type VerdictReport } from './verdicts.ts'

/** Null is what was not asked for. */
export interface PageReport {
  readonly firstVisits: {
    /** The heaviest, before the page could be stepped. */
    readonly transferred: Measured
    readonly home: Measured
    readonly scenarios: Readonly<Record<string, FirstVisit>>
  } | null
  readonly step: StepReport | null
  readonly explore: ExploreReport | null
  readonly gone: GoneReport | null
  readonly verdicts: VerdictReport | null
  readonly resume: ResumeReport | null
}

interface FirstVisit {
  /** What was asked for before the page could be stepped. */
  readonly earlyBytes: number
  /** What came after that, unasked. */
  readonly afterwardsBytes: number
  readonly fontBytes: number
  readonly steppableMs: number
}

interface ExploreReport extends Walked {
  readonly throttling: number
  readonly seconds: number
  /** As the page showed them last. */
  readonly states: number
  readonly presses: number
  /** By the clock, and by the processor time of the main thread: they differ where others use the machine too. */
  readonly longestTaskMs: Measured
  readonly longestTaskCpuMs: Measured
  /** From clicking on Cancel until it is gone: by the clock, and by the processor time of the main thread. */
  readonly cancelMs: Measured
  readonly cancelCpuMs: Measured
  /** Resident memory of the renderers in megabytes, workers included; null where the system does not say. */
  readonly memory: {
    readonly before: number
    readonly searching: number
    readonly after: number
    readonly afterSeconds: number
    readonly back: Measured
  } | null
}

const THROTTLING = 4
/** The search is cancelled when it has seen so many states, or has run so long. */
const EXPLORE_STATES = 1_000_000
const EXPLORE_SECONDS_MAX = 60
/** How long memory may take to be given back: the line of releases is still worked out, which has memory of its own. */
const SETTLE_SECONDS = 60

/** What is to be measured: first visits, steps of some runs, what a long search does to the page, verdicts, and how soon one is back. */
export interface Wanted {
  readonly visited: readonly string[] | null
  readonly walked: readonly Walked[] | null
  readonly busy: Walked | null
  readonly asked: readonly Asked[] | null
  readonly resumed: readonly Resumed[] | null
}

/** Measures the build in `folder`. */
export async function measurePage(folder: string, { visited, walked, busy, asked, resumed }: Wanted): Promise<PageReport> {
  const server = await host(folder)
  const executablePath = process.env['CHROMIUM_PATH']
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  const browser = await chromium.launch({
    ...(executablePath ? { executablePath } : {}),
    args: [...sandbox, '--disable-background-networking'],
  })
  try {
    return {
      firstVisits: visited && (await firstVisits(browser, server, visited)),
      step: walked && (await measureSteps(browser, server, walked)),
      explore: busy && (await exploring(browser, server, busy)),
      gone: busy && (await measureGone(browser, server, busy)),
      verdicts: asked && (await measureVerdicts(browser, server, asked)),
      resume: resumed && (await measureResume(browser, server, resumed)),
    }
  } finally {
    await browser.close()
    server.close()
  }
}

/** A page of its own, with nothing in its cache, on the first step of the scenario. */
async function open(browser: Browser, server: Host, scenario: string, segments = ''): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1920, height: 1080 }, serviceWorkers: 'block' })
  const page = await context.newPage()
  await page.addInitScript(watchCaption)
  // A page that has died answers quickly, and its numbers would be splendid.
  page.on('pageerror', (error) => {
    console.error(`the page threw: ${error.stack ?? error.message}`)
    process.exitCode = 1
  })
  await page.goto(`${server.address}${scenario}/${segments && `#/${segments}`}`)
  // The caption stands when the first trace has come: from here on the arrow keys work.
  await page.locator('.caption-where').first().waitFor()
  return page
}

async function firstVisits(browser: Browser, server: Host, ids: readonly string[]): Promise<NonNullable<PageReport['firstVisits']>> {
  const scenarios: Record<string, FirstVisit> = {}
  for (const id of ids) scenarios[id] = await firstVisit(browser, server, id)
  const worst = Math.max(...Object.values(scenarios).map(({ earlyBytes }) => earlyBytes))
  const home = await homeVisit(browser, server)
  return {
    transferred: atMost(worst, budgets.firstVisitBytes, 'brotli bytes'),
    home: atMost(home, budgets.firstVisitBytes, 'brotli bytes'),
    scenarios,
  }
}

async function firstVisit(browser: Browser, server: Host, scenario: string): Promise<FirstVisit> {
  server.sent.length = 0
  const began = performance.now()
  const page = await open(browser, server, scenario)
  const steppableMs = Math.round(performance.now() - began)
  await page.waitForLoadState('networkidle')
  const steppable = await page.evaluate(steppableAt)
  const kindOf = ({ path, at }: Sent): 'font' | 'late' | 'early' => (isFont(path) ? 'font' : at > steppable ? 'late' : 'early')
  const sum = (kind: 'font' | 'late' | 'early'): number =>
    server.sent.reduce((total, one) => (kindOf(one) === kind ? total + one.bytes : total), 0)
  await page.context().close()
  return { earlyBytes: sum('early'), afterwardsBytes: sum('late'), fontBytes: sum('font'), steppableMs }
}

const isFont = (path: string): boolean => path.endsWith('.woff2')

/** All that the home page asks for unasked, fonts aside. */
async function homeVisit(browser: Browser, server: Host): Promise<number> {
  server.sent.length = 0
  const context = await browser.newContext({ viewport: { width: 1920, height: 1080 }, serviceWorkers: 'block' })
  const page = await context.newPage()
  await page.goto(server.address, { waitUntil: 'networkidle' })
  await context.close()
  return server.sent.reduce((total, { path, bytes }) => (isFont(path) ? total : total + bytes), 0)
}

/** Runs in the page, before anything else there: notes when the caption of the first step stands. */
function watchCaption(): void {
  new MutationObserver((_, observer) => {
    if (!document.querySelector('.caption-where')) return
    performance.mark('steppable')
    observer.disconnect()
  }).observe(document, { childList: true, subtree: true })
}

/** Runs in the page: when that was, by the clock that the host reads too. (A page does not see what its worker asks for.) */
function steppableAt(): number {
  return performance.timeOrigin + (performance.getEntriesByName('steppable')[0]?.startTime ?? Infinity)
}

interface Watched {
  longest: number
}

/** Runs in the page: remembers the longest task; only those over 50 ms are reported by browsers. */
function watchTasks(): void {
  const watched = window as unknown as Watched
  watched.longest = 0
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) watched.longest = Math.max(watched.longest, duration)
  }).observe({ type: 'longtask' })
}

/** Keeps stepping while a search runs, then cancels that: the worst task of the main thread meanwhile, and what is left behind. */
async function exploring(browser: Browser, server: Host, busy: Walked): Promise<ExploreReport> {
  // What the page holds before, its small search included: from there the reader goes to the large one.
  const page = await open(browser, server, busy.scenario)
  await page.waitForLoadState('networkidle')
  const cdp = await page.context().newCDPSession(page)
  const memoryNow = async (): Promise<number | null> => {
    await cdp.send('HeapProfiler.collectGarbage')
    return rendererMegabytes(browser)
  }
  const step = async (nth: number): Promise<void> => {
    await page.keyboard.press(nth % 20 < 10 ? 'ArrowRight' : 'ArrowLeft')
    await page.waitForTimeout(100)
  }
  // What stepping alone needs is not the search's.
  for (let i = 0; i < 20; i++) await step(i)
  const before = await memoryNow()
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: THROTTLING })
  await page.evaluate(watchTasks)
  const began = performance.now()
  await page.evaluate((segments) => location.assign(`#/${segments}`), busy.segments)
  // The page asks for reasons by itself; counting goes on from there.
  await page.getByText('states so far').first().waitFor({ timeout: 60_000 })
  const seconds = (): number => Math.round((performance.now() - began) / 100) / 10
  await page.keyboard.press('e')
  const cancel = page.getByRole('button', { name: 'Cancel' })
  await cancel.waitFor({ timeout: 120_000 })
  await browser.startTracing(page, { categories: ['toplevel', 'blink.user_timing'] })
  let [presses, states] = [0, 0]
  while (states < EXPLORE_STATES && seconds() < EXPLORE_SECONDS_MAX) {
    await step(presses++)
    // Reading all of the page's text would be the longest task by far.
    const says = await page.evaluate(
      () => /Searching: ([\d,]+)/.exec(document.querySelector('#interleavings')?.textContent ?? '')?.[1] ?? null,
    )
    if (says === null) throw new Error(`the search of ${busy.scenario} ended within ${seconds()} s; choose a longer one`)
    states = Number(says.replaceAll(',', ''))
  }
  const took = seconds()
  const longest = await page.evaluate(() => (window as unknown as Watched).longest)
  const searching = await rendererMegabytes(browser)
  const cancelMs = await cancel.evaluate(cancelling)
  const traced = JSON.parse((await browser.stopTracing()).toString()) as Traced
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: 1 })
  const ended = performance.now()
  const waited = (): number => Math.round((performance.now() - ended) / 1000)
  let after: number | null
  do {
    await page.waitForTimeout(1000)
    after = await memoryNow()
  } while (before !== null && after !== null && after > before * budgets.memoryBack && waited() < SETTLE_SECONDS)
  const afterSeconds = waited()
  await page.context().close()
  return {
    ...busy,
    throttling: THROTTLING,
    seconds: took,
    states,
    presses,
    longestTaskMs: atMost(Math.round(longest), budgets.longestTaskMs, 'ms (0 = none over 50)'),
    longestTaskCpuMs: atMost(Math.round(longestTask(traced)), budgets.longestTaskMs, 'ms'),
    cancelMs: atMost(Math.round(cancelMs), budgets.cancelMs, 'ms'),
    cancelCpuMs: atMost(Math.round(between(traced, 'cancelling', 'cancelled')), budgets.cancelMs, 'ms'),
    memory:
      before === null || searching === null || after === null
        ? null
        : {
            before,
            searching,
            after,
            afterSeconds,
            back: atMost(Math.round((after / before) * 100) / 100, budgets.memoryBack, 'of before'),
          },
  }
}

interface Traced {
  readonly traceEvents: readonly {
    readonly name: string
    readonly pid: number
    readonly tid: number
    readonly tdur?: number
    readonly tts?: number
    readonly args: { readonly name?: string }
  }[]
}

/** From one mark of the page to another, in milliseconds of processor time. */
function between({ traceEvents }: Traced, from: string, to: string): number {
  const at = (mark: string): number => traceEvents.find(({ name, tts }) => name === mark && tts !== undefined)?.tts ?? Number.NaN
  return (at(to) - at(from)) / 1000
}

/** Of the main threads of the traced renderers, in milliseconds of processor time. */
function longestTask({ traceEvents }: Traced): number {
  const main = new Set(
    traceEvents.flatMap(({ name, args, pid, tid }) => (name === 'thread_name' && args.name === 'CrRendererMain' ? [`${pid} ${tid}`] : [])),
  )
  const tasks = traceEvents.filter(({ name, pid, tid }) => name.endsWith('RunTask') && main.has(`${pid} ${tid}`))
  return Math.max(0, ...tasks.map(({ tdur }) => (tdur ?? 0) / 1000))
}

/** Runs in the page: clicks, and waits until the button is gone. */
function cancelling(button: HTMLElement | SVGElement): Promise<number> {
  return new Promise((settle) => {
    const began = performance.now()
    const observer = new MutationObserver(() => {
      if (button.isConnected) return
      observer.disconnect()
      performance.mark('cancelled')
      settle(performance.now() - began)
    })
    observer.observe(document, { childList: true, subtree: true })
    performance.mark('cancelling')
    button.dispatchEvent(new MouseEvent('click', { bubbles: true }))
  })
}
