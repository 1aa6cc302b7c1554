/** How long the page needs to notice that a worker has gone, which nobody tells it. */
import type { Browser } from 'playwright-core'
import { atMost, budgets, type Measured } from './budgets.ts'
import type { Host } from './serve.ts'

/** Of the worker that steps. Its end is told by the browser; where a page may have no locks its silence is counted. */
export interface GoneReport {
  readonly lockMs: Measured
  readonly silenceMs: Measured
}

export async function measureGone(browser: Browser, server: Host, busy: { readonly scenario: string }): Promise<GoneReport> {
  const noticed = async (locks: boolean): Promise<Measured> => {
    const page = await browser.newPage({ serviceWorkers: 'block' })
    await page.addInitScript(watchEnd, locks)
    await page.goto(`${server.address}${busy.scenario}/`)
    await page.locator('.caption-where').first().waitFor()
    // Both workers have answered something before one of them is ended.
    await page.keyboard.press('c')
    await page.locator('.diverged').waitFor()
    await page.keyboard.press('c')
    await page.waitForLoadState('networkidle')
    const ms = page.evaluate(() => (window as unknown as { noticed: Promise<number> }).noticed)
    await page.keyboard.press('x')
    const measured = atMost(Math.round(await ms), budgets.goneMs, 'ms')
    await page.context().close()
    return measured
  }
  return { lockMs: await noticed(true), silenceMs: await noticed(false) }
}

/** Runs in the page: ends the worker that is asked for another kernel, and waits for the notice. */
function watchEnd(locks: boolean): void {
  if (!locks) Object.defineProperty(Navigator.prototype, 'locks', { value: undefined })
  let ended = 0
  const Plain = window.Worker
  window.Worker = class extends Plain {
    override postMessage(message: unknown): void {
      super.postMessage(message)
      if (ended > 0 || (message as { kind?: string }).kind !== 'carry') return
      super.terminate()
      ended = performance.now()
    }
  }
  const noticed = new Promise<number>((settle) => {
    new MutationObserver((_, observer) => {
      if (ended === 0 || !/ended/.test(document.querySelector('.notices')?.textContent ?? '')) return
      observer.disconnect()
      settle(performance.now() - ended)
    }).observe(document, { childList: true, subtree: true, characterData: true })
  })
  Object.assign(window, { noticed })
}
