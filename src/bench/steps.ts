/**
 * How soon a step is on the screen, and how much is drawn for it: every step of some runs at four times CPU throttling, beside a page
 * that does nothing but change one line at a key. What that page needs no page can do without, so what counts is what comes on top.
 */
import type { Browser, Page } from 'playwright-core'
import { atMost, budgets, quantile, type Measured } from './budgets.ts'
import type { Host } from './serve.ts'

/** A run whose every step is measured. */
export interface Walked {
  readonly scenario: string
  /** Of its link, without the scenario; empty for the run that its page opens with. */
  readonly segments: string
}

export interface StepReport {
  readonly throttling: number
  /** From the key's own time stamp to the end of the frame that shows it, on a page with one line. */
  readonly floorMs: Spread
  /** What a run's frames come later than that, at the middle and at the 95th of a hundred steps. */
  readonly captionOverMs: Over
  readonly plumbOverMs: Over
  readonly picturesOverMs: Over
  /**
   * Of a step, over all runs: at the middle, at most where the columns of the timeline stay as they are, and at most where a call is folded
   * or unfolded, which moves every column: by column of the run.
   */
  readonly components: { readonly median: number; readonly most: Measured; readonly mostAColumn: Measured }
  readonly runs: readonly RunReport[]
}

interface Spread {
  readonly median: number
  readonly p95: number
}

interface Over {
  readonly median: Measured
  readonly p95: number
}

interface RunReport extends Walked {
  readonly steps: number
  readonly captionMs: Spread
  readonly plumbMs: Spread
  /** Of the steps that change a picture. */
  readonly picturesMs: Spread
  /** Of the main thread from the key until everything stands, throttling included. */
  readonly cpuMs: Spread
  /** How many components are rendered for a step, how many are only passed by on the way to those, and how much of the document changes. */
  readonly components: Spread
  readonly passed: Spread
  readonly mutations: Spread
}

/** One press of the key, as the page noted it; null for what it did not change. */
interface Press {
  readonly captionMs: number | null
  readonly plumbMs: number | null
  readonly picturesMs: number | null
}

/** What React did for one press. */
interface Work {
  readonly components: number
  readonly passed: number
  readonly mutations: number
  /** Were the bands of the timeline drawn again? */
  readonly folds: boolean
}

const THROTTLING = 4
/** How long a search may take that goes on beside the first step. */
const PATIENCE = { timeout: 60_000 }
/** As a person would: not while the last step still moves. */
const PAUSE_MS = 300
/** Presses on the empty page before each run, which together are the floor: the machine may be busier at one time than at another. */
const FLOOR_PRESSES = 12

export async function measureSteps(browser: Browser, server: Host, walked: readonly Walked[]): Promise<StepReport> {
  const floors: number[] = []
  const runs: (RunReport & { readonly presses: readonly Press[]; readonly works: readonly Work[] })[] = []
  for (const one of walked) {
    floors.push(...(await floorOf(browser)))
    const [{ presses, cpu }, works] = [await timed(browser, server, one), await counted(browser, server, one)]
    runs.push({
      ...one,
      steps: presses.length,
      captionMs: spread(timesOf(presses, 'captionMs')),
      plumbMs: spread(timesOf(presses, 'plumbMs')),
      picturesMs: spread(timesOf(presses, 'picturesMs')),
      cpuMs: spread(cpu),
      components: spread(works.map(({ components }) => components)),
      passed: spread(works.map(({ passed }) => passed)),
      mutations: spread(works.map(({ mutations }) => mutations)),
      presses,
      works,
    })
  }
  const floor = spread(floors)
  const presses = runs.flatMap((run) => run.presses)
  const works = runs.flatMap((run) => run.works.map((work) => ({ ...work, columns: run.steps + 1 })))
  const most = (all: readonly number[]): number => Math.max(0, ...all)
  const over = (what: keyof Press, budget: number): Over => {
    const { median, p95 } = spread(timesOf(presses, what))
    return { median: atMost(tenths(median - floor.median), budget, 'ms'), p95: tenths(p95 - floor.p95) }
  }
  return {
    throttling: THROTTLING,
    floorMs: floor,
    captionOverMs: over('captionMs', budgets.captionOverMs),
    plumbOverMs: over('plumbMs', budgets.captionOverMs),
    picturesOverMs: over('picturesMs', budgets.picturesOverMs),
    components: {
      median: quantile(
        works.map(({ components }) => components),
        0.5,
      ),
      most: atMost(most(works.flatMap((work) => (work.folds ? [] : work.components))), budgets.componentsAStep, 'components'),
      mostAColumn: atMost(
        tenths(most(works.flatMap((work) => (work.folds ? work.components / work.columns : [])))),
        budgets.componentsAColumn,
        'components',
      ),
    },
    runs: runs.map(({ presses: _, works: __, ...run }) => run),
  }
}

const tenths = (ms: number): number => Math.round(ms * 10) / 10
const spread = (values: readonly number[]): Spread => ({ median: quantile(values, 0.5), p95: quantile(values, 0.95) })
const timesOf = (presses: readonly Press[], what: keyof Press): number[] => presses.flatMap((press) => press[what] ?? [])

/** A page of one line, by the same clock and the same keys. */
async function floorOf(browser: Browser): Promise<number[]> {
  const page = await newPage(browser)
  await page.setContent('<!doctype html><html lang="en"><title>One line</title><p class="story-part">0</p></html>')
  await page.evaluate(changeOneLine)
  await page.evaluate(watchPresses)
  await throttled(page)
  const presses: Press[] = []
  for (let press = 0; press < FLOOR_PRESSES; press++) presses.push(await pressed(page))
  await page.context().close()
  return timesOf(presses, 'captionMs')
}

/** Every step of a run, one key after the other. */
async function timed(browser: Browser, server: Host, walked: Walked): Promise<{ presses: Press[]; cpu: number[] }> {
  const page = await newPage(browser)
  const steps = await opened(page, server, walked)
  await page.evaluate(watchPresses)
  const cpuNow = await throttled(page)
  const [presses, cpu]: [Press[], number[]] = [[], []]
  for (let step = 0; step < steps; step++) {
    const before = await cpuNow()
    presses.push(await pressed(page))
    cpu.push((await cpuNow()) - before)
  }
  await page.context().close()
  return { presses, cpu }
}

/** The same walk without a clock: what React renders is counted by walking through all of it after every commit, which takes time. */
async function counted(browser: Browser, server: Host, walked: Walked): Promise<Work[]> {
  const page = await newPage(browser)
  await page.addInitScript(watchReact)
  const steps = await opened(page, server, walked)
  const works: Work[] = []
  for (let step = 0; step < steps; step++) {
    await page.evaluate(() => (window as unknown as Counting).countAgain())
    await page.keyboard.press('ArrowRight')
    await page.waitForTimeout(PAUSE_MS / 3)
    works.push(await page.evaluate(() => (window as unknown as Counting).work))
  }
  await page.context().close()
  return works
}

async function newPage(browser: Browser): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1920, height: 1080 }, serviceWorkers: 'block' })
  return context.newPage()
}

/** On the first step of a run with all that comes late; says how many steps it has. The keys stop at every one of them. */
async function opened(page: Page, server: Host, { scenario, segments }: Walked): Promise<number> {
  await page.goto(`${server.address}${scenario}/${segments && `#/${segments}`}`)
  await page.locator('.caption-where').first().waitFor()
  await page.getByLabel('Stop at').selectOption('all')
  await page.locator('.caption-where').first().click()
  await page.waitForLoadState('networkidle')
  // Until the race is known: what it draws comes between two steps otherwise.
  await page.waitForFunction(() => !/Asking|Counting/.test(document.querySelector('.why-line dd')?.textContent ?? 'Asking'), null, PATIENCE)
  await page.waitForTimeout(1000)
  const [, steps] = /step 0 of (\d+)/.exec(await page.locator('.caption-where').first().innerText()) ?? []
  if (steps === undefined) throw new Error(`${scenario} does not open at its start`)
  return Number(steps)
}

/** From now on the page is slow; returns what its main thread has used so far, which others on the machine do not change. */
async function throttled(page: Page): Promise<() => Promise<number>> {
  const cdp = await page.context().newCDPSession(page)
  await cdp.send('Performance.enable', { timeDomain: 'threadTicks' })
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: THROTTLING })
  return async () => {
    const { metrics } = await cdp.send('Performance.getMetrics')
    return 1000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN)
  }
}

async function pressed(page: Page): Promise<Press> {
  await page.keyboard.press('ArrowRight')
  await page.waitForTimeout(PAUSE_MS)
  return page.evaluate(() => (window as unknown as Watched).press)
}

interface Watched {
  press: Press
}

interface Counting {
  work: Work
  countAgain: () => void
}

/** Runs in the empty page. */
function changeOneLine(): void {
  let pressed = 0
  addEventListener('keydown', () => {
    const line = document.querySelector('p')
    if (line) line.textContent = String(++pressed)
  })
}

/**
 * Runs in the page: after a key, when was the last change of the caption, of the line of the current state and of the pictures painted?
 * A message posted from a frame callback is answered after that frame was painted; where the next frame is due already, after its callbacks,
 * so that a sentence whose pictures come in the very next frame is told to be later than it was seen.
 */
function watchPresses(): void {
  const parts = {
    captionMs: '.story-part, .story-part *',
    // The line has no other style after a step: it is carried together with its handle, which has another number.
    plumbMs: '.timeline-handle, .timeline-handle *',
    picturesMs: '.lead-picture, .lead-picture *',
  }
  const watched = window as unknown as Watched
  let key = 0
  addEventListener(
    'keydown',
    ({ timeStamp }) => {
      key = timeStamp
      watched.press = { captionMs: null, plumbMs: null, picturesMs: null }
    },
    { capture: true },
  )
  new MutationObserver((changes) => {
    const elements = changes.map(({ target }) => (target instanceof Element ? target : target.parentElement))
    const here = Object.entries(parts).flatMap(([part, selector]) => (elements.some((one) => one?.matches(selector)) ? [part] : []))
    if (here.length === 0) return
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel()
      port1.onmessage = () => {
        const painted = performance.now() - key
        watched.press = { ...watched.press, ...Object.fromEntries(here.map((part) => [part, painted])) }
      }
      port2.postMessage(null)
    })
  }).observe(document, { subtree: true, childList: true, characterData: true, attributes: true })
}

/** Runs in the page, before anything else there: counts what React renders, in the way its developer tools find out. */
function watchReact(): void {
  interface Fiber {
    readonly alternate: Fiber | null
    readonly child: Fiber | null
    readonly sibling: Fiber | null
    readonly flags: number
    readonly tag: number
  }
  const PERFORMED_WORK = 1
  const isComponent = ({ tag }: Fiber): boolean => [0, 1, 11, 14, 15].includes(tag)
  const counting = window as unknown as Counting
  const none: Work = { components: 0, passed: 0, mutations: 0, folds: false }
  counting.countAgain = () => (counting.work = none)
  counting.work = none
  const count = (fiber: Fiber): void => {
    if (isComponent(fiber)) {
      const worked = (fiber.flags & PERFORMED_WORK) !== 0
      const { components, passed } = counting.work
      counting.work = { ...counting.work, components: components + Number(worked), passed: passed + Number(!worked) }
    }
    // What was not even looked at is the same object as before.
    if (fiber.child !== fiber.alternate?.child) for (let child = fiber.child; child; child = child.sibling) count(child)
  }
  Object.assign(window, {
    __REACT_DEVTOOLS_GLOBAL_HOOK__: {
      isDisabled: false,
      supportsFiber: true,
      inject: () => 1,
      checkDCE: () => undefined,
      onCommitFiberRoot: (_: number, root: { readonly current: Fiber }) => count(root.current),
      onPostCommitFiberRoot: () => undefined,
      onCommitFiberUnmount: () => undefined,
    },
  })
  new MutationObserver((changes) => {
    const folds = changes.some(({ target }) => target instanceof Element && target.matches('.timeline-row, .timeline-row *'))
    const { work } = counting
    counting.work = { ...work, mutations: work.mutations + changes.length, folds: work.folds || folds }
  }).observe(document, { subtree: true, childList: true, characterData: true, attributes: true })
}
