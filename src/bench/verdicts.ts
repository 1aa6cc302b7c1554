/** How long the page needs, from asking, until it shows in which ways a scenario can go wrong. */
import type { Browser, Page } from 'playwright-core'
import { atMost, budgets, quantile, type Measured } from './budgets.ts'
import { workerCpuMs } from './renderer.ts'
import type { Host } from './serve.ts'

/** One page, and the places of it to go to one after the other; the first is where it is opened. */
export interface Asked {
  readonly scenario: string
  readonly places: readonly { readonly place: string; readonly segments: string; readonly large: boolean }[]
}

export interface VerdictReport {
  readonly shownMs: { readonly median: number; readonly worst: Measured; readonly over: readonly string[] }
  /** The first place of each page: its worker and its model are loaded and compiled within that time. */
  readonly coldMs: { readonly median: number; readonly worst: Measured }
  readonly largeMs: Measured | null
  readonly all: readonly Verdict[]
}

interface Verdict {
  readonly scenario: string
  readonly place: string
  /** From the page's asking until the worker's answer is there, and until the sentence is painted. */
  readonly answeredMs: number
  readonly shownMs: number
  /** Of the workers' threads in that time, loading included: what it costs where others use the machine too. Null where the system does not say. */
  readonly cpuMs: number | null
  readonly says: string
}

/** What the page notes of its question. */
interface Noted {
  asked: number
  answered: number
  shown: number
  says: string
}

const PATIENCE = 60_000

export async function measureVerdicts(browser: Browser, server: Host, asked: readonly Asked[]): Promise<VerdictReport> {
  const all: (Verdict & { readonly cold: boolean; readonly large: boolean })[] = []
  for (const { scenario, places } of asked) {
    const context = await browser.newContext({ viewport: { width: 1920, height: 1080 }, serviceWorkers: 'block' })
    const page = await context.newPage()
    await page.addInitScript(watchVerdicts)
    let before = 0
    for (const [i, { place, segments, large }] of places.entries()) {
      if (i === 0) await page.goto(`${server.address}${scenario}/#/${segments}`)
      else await page.evaluate(goOn, segments)
      const { says, answeredMs, shownMs } = await verdictIn(page)
      const cpu = await workerCpuMs(browser)
      all.push({ scenario, place, answeredMs, shownMs, cpuMs: cpu === null ? null : Math.round(cpu - before), says, cold: i === 0, large })
      before = (await workerCpuMs(browser)) ?? 0
    }
    await context.close()
  }
  const usual = all.filter(({ large }) => !large)
  const times = (of: typeof all): number[] => of.map(({ shownMs }) => shownMs)
  const cold = times(usual.filter((one) => one.cold))
  const large = times(all.filter((one) => one.large))
  return {
    shownMs: {
      median: quantile(times(usual), 0.5),
      worst: atMost(Math.max(...times(usual)), budgets.verdictMs, 'ms'),
      over: usual
        .filter(({ shownMs }) => shownMs > budgets.verdictMs)
        .map(({ scenario, place, shownMs }) => `${scenario} ${place}: ${shownMs}`),
    },
    coldMs: { median: quantile(cold, 0.5), worst: atMost(Math.max(...cold), budgets.verdictMs, 'ms') },
    largeMs: large.length === 0 ? null : atMost(Math.max(...large), budgets.largeVerdictMs, 'ms'),
    all: all.map(({ cold: _, large: __, ...one }) => one),
  }
}

/** Runs in the page. */
function goOn(segments: string): void {
  ;(window as unknown as { noted: Noted }).noted.says = ''
  location.assign(`#/${segments}`)
}

async function verdictIn(page: Page): Promise<Pick<Verdict, 'says' | 'answeredMs' | 'shownMs'>> {
  await page.waitForFunction(() => (window as unknown as { noted?: Noted }).noted?.says !== '', undefined, {
    timeout: PATIENCE,
    polling: 20,
  })
  const { asked, answered, shown, says } = await page.evaluate(() => ({ ...(window as unknown as { noted: Noted }).noted }))
  return { says, answeredMs: Math.round(answered - asked), shownMs: Math.round(shown - asked) }
}

/** Runs in the page, before anything else there: notes when a verdict is asked for, comes, and is painted; what follows is not asked. */
function watchVerdicts(): void {
  const noted: Noted = { asked: 0, answered: 0, shown: 0, says: '' }
  ;(window as unknown as { noted: Noted }).noted = noted
  const sentence = (): string => {
    for (const one of document.querySelectorAll('.ways')) {
      const text = one.textContent?.trim() ?? ''
      if (/^(Wrong|Right) in/.test(text)) return text
    }
    return ''
  }
  /** A message that is posted from a frame callback is read after that frame was painted. */
  const painted = (then: () => void): void => {
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel()
      port1.onmessage = then
      port2.postMessage(null)
    })
  }
  const look = (): void => {
    const says = sentence()
    if (says === '') return painted(look)
    noted.shown = performance.now()
    noted.says = says
  }
  const Plain = window.Worker
  window.Worker = class extends Plain {
    constructor(url: string | URL, options?: WorkerOptions) {
      super(url, options)
      this.addEventListener('message', ({ data }: MessageEvent<{ kind?: string }>) => {
        if (data.kind !== 'verdict') return
        noted.answered = performance.now()
        painted(look)
      })
    }
    override postMessage(message: unknown): void {
      const { kind } = message as { kind?: string }
      if (kind === 'verdict') Object.assign(noted, { asked: performance.now(), says: '' })
      if (kind !== 'why' && kind !== 'releases') super.postMessage(message)
    }
  }
}
