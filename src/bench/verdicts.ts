/** How long the page needs, from asking, until it shows in which ways a scenario can go wrong. */
import type { Browser, Page } from 'playwright-core'
import { atMost, budgets, quantile, type Measured } from './budgets.ts'
import { workerCpuMs } from './renderer.ts'
import type { Host } from './serve.ts'

/** A scenario, and its places: the first is the one that its page opens with. */
export interface Asked {
  readonly scenario: string
  readonly places: readonly { readonly place: string; readonly segments: string; readonly large: boolean }[]
}

export interface VerdictReport {
  /** Where its page opens with: it has brought the verdict along, and nothing is asked. From the first picture on. */
  readonly broughtMs: { readonly median: number; readonly worst: Measured }
  /** By a link to another release, or to a large place: a file says it. From the first picture on. */
  readonly keptMs: { readonly median: number; readonly worst: Measured; readonly over: readonly string[] }
  /** By the same link where there is no such file: the worker and the model are started, loaded and compiled within that time. */
  readonly coldMs: { readonly median: number; readonly worst: Measured; readonly over: readonly string[] }
  /** The same by the processor time of that worker, where others use the machine too. */
  readonly coldCpuMs: { readonly median: number; readonly worst: Measured; readonly over: readonly string[] } | null
  readonly warmMs: { readonly median: number; readonly worst: Measured; readonly over: readonly string[] }
  readonly largeMs: Measured | null
  readonly all: readonly Verdict[]
}

type How = 'brought' | 'kept' | 'cold' | 'warm' | 'large'

interface Verdict {
  readonly scenario: string
  readonly place: string
  readonly how: How
  /** From the page's asking until the worker's answer is there, and until the sentence is painted. */
  readonly answeredMs: number
  readonly shownMs: number
  /** Of the worker's thread in that time, loading included. Null where the system does not say. */
  readonly cpuMs: number | null
  readonly says: string
}

/** What the page notes of its question; of one that was not asked, since when it could be. */
interface Noted {
  asked: number
  answered: number
  shown: number
  says: string
}

const PATIENCE = 60_000

export async function measureVerdicts(browser: Browser, server: Host, asked: readonly Asked[]): Promise<VerdictReport> {
  const all: Verdict[] = []
  for (const { scenario, places } of asked) {
    const [first, linked, ...others] = places
    const open = async ({ segments }: Asked['places'][number], files: 'with files' | 'without'): Promise<Page> => {
      const context = await browser.newContext({ viewport: { width: 1920, height: 1080 }, serviceWorkers: 'block' })
      const page = await context.newPage()
      await page.addInitScript(watchVerdicts)
      if (files === 'without') await page.route(/\/verdicts-[^/]*\.js$/, (route) => route.abort())
      await page.goto(`${server.address}${scenario}/#/${segments}`)
      return page
    }
    const note = async (page: Page, { place, large }: Asked['places'][number], how: How, before: Cpu): Promise<Cpu> => {
      const noted = await verdictIn(page)
      const cpu = await workerCpuMs(browser)
      const cpuMs = cpu && Math.round(cpu.ms - (before?.thread === cpu.thread ? before.ms : 0))
      const alone = how === 'brought' || how === 'kept'
      all.push({ scenario, place, how: large && !alone ? 'large' : how, ...noted, cpuMs: alone ? null : cpuMs })
      return workerCpuMs(browser)
    }
    const alone = async (place: Asked['places'][number], how: How): Promise<void> => {
      const page = await open(place, 'with files')
      await note(page, place, how, null)
      await page.context().close()
    }
    if (first) await alone(first, 'brought')
    if (!linked) continue
    for (const place of [linked, ...others.filter(({ large }) => large)]) await alone(place, 'kept')
    const page = await open(linked, 'without')
    let before = await note(page, linked, 'cold', null)
    for (const other of others) {
      await page.evaluate(goOn, other.segments)
      before = await note(page, other, 'warm', before)
    }
    await page.context().close()
  }
  const of = (how: How): Verdict[] => all.filter((one) => one.how === how)
  const large = of('large').map(({ shownMs }) => shownMs)
  const shown = ({ shownMs }: Verdict): number => shownMs
  const cpu = of('cold').every(({ cpuMs }) => cpuMs !== null)
  return {
    broughtMs: summary(of('brought'), shown),
    keptMs: summary(of('kept'), shown),
    coldMs: summary(of('cold'), shown),
    coldCpuMs: cpu ? summary(of('cold'), ({ cpuMs }) => cpuMs ?? 0) : null,
    warmMs: summary(of('warm'), shown),
    largeMs: large.length === 0 ? null : atMost(Math.max(...large), budgets.largeVerdictMs, 'ms'),
    all,
  }
}

type Cpu = Awaited<ReturnType<typeof workerCpuMs>>

function summary(of: readonly Verdict[], time: (one: Verdict) => number): VerdictReport['coldMs'] {
  const times = of.map(time)
  return {
    median: quantile(times, 0.5),
    worst: atMost(Math.max(0, ...times), budgets.verdictMs, 'ms'),
    over: of.filter((one) => time(one) > budgets.verdictMs).map((one) => `${one.scenario} ${one.place}: ${time(one)}`),
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

/** Runs in the page, before anything else there: notes when a verdict is asked for, comes, and is painted; what follows is not asked. A page that has brought one shows it with its first picture. */
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
  const watchBrought = (): void => {
    if (noted.asked > 0) return
    if (!document.querySelector('.caption-where')) return painted(watchBrought)
    noted.asked = noted.answered = performance.now()
    look()
  }
  painted(watchBrought)
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
