/** What becomes of the page when one of its workers is ended from outside: by the browser, by a task manager, by a phone that needs memory. */
import type { Page } from '@playwright/test'
import { expect, test } from './fixtures.ts'

interface Ending {
  /** Ends a worker as it is asked for this, and says nothing. */
  endsAt: string | null
  /** How long ago it was ended, in milliseconds, when this text was in the page for the first time. */
  noticed: Promise<number>
}

/** The next worker that is asked for `kind` is ended with that; the page does not do it itself and is not told. */
const endAt = (page: Page, kind: string, text: string): Promise<void> =>
  page.evaluate(
    ([kind, text]) => {
      const ending = window as unknown as Ending
      ending.endsAt = kind
      ending.noticed = new Promise((settle) => {
        let ended = 0
        new MutationObserver((_, observer) => {
          if (ending.endsAt === null) ended ||= performance.now()
          if (!document.querySelector('.notices')?.textContent?.includes(text)) return
          observer.disconnect()
          settle(performance.now() - ended)
        }).observe(document, { childList: true, subtree: true, characterData: true })
      })
    },
    [kind, text] as const,
  )

const noticed = (page: Page): Promise<number> => page.evaluate(() => (window as unknown as Ending).noticed)
const hash = (page: Page) => expect.poll(() => page.evaluate(() => location.hash))

test.beforeEach(async ({ page }) => {
  await page.addInitScript(() => {
    const ending = window as unknown as Ending
    ending.endsAt = null
    const Plain = window.Worker
    window.Worker = class extends Plain {
      override postMessage(message: unknown): void {
        super.postMessage(message)
        if ((message as { kind?: string }).kind !== ending.endsAt) return
        ending.endsAt = null
        super.terminate()
      }
    }
  })
})

async function open(page: Page, address: string): Promise<void> {
  await page.goto(address)
  await expect(page.locator('.caption-says').first()).toBeVisible()
  await expect(page.locator('dd').filter({ hasText: 'all of some 596 thousand' })).toBeVisible({ timeout: 30_000 })
}

test('one that steps is replaced at once, and asked the same: the reader keeps the place, and one sentence says so', async ({ page }) => {
  await open(page, './append-hole/#/r1/4')
  // It is there once it has answered.
  await page.keyboard.press('c')
  await expect(page.locator('.diverged')).toBeVisible()
  await page.keyboard.press('c')
  await endAt(page, 'carry', 'was ended from outside')
  await page.keyboard.press('x')
  expect(await noticed(page)).toBeLessThan(2000)
  await hash(page).toMatch(/~[0-9a-f]+\/\d+$/)
  await expect(page.locator('.caption-says').first()).toBeVisible()
  await page.getByRole('button', { name: 'Dismiss this notice' }).click()
  await expect(page.locator('.notices')).not.toContainText('started again')
})

test('one that searches is replaced too, and begins anew where the reader stands', async ({ page }) => {
  await open(page, './append-hole/#/r1/4')
  const before = await page.evaluate(() => location.hash)
  await endAt(page, 'explore', 'was ended from outside')
  await page.keyboard.press('e')
  expect(await noticed(page)).toBeLessThan(2000)
  await expect(page.locator('#interleavings')).toContainText('schedules', { timeout: 30_000 })
  await hash(page).toBe(before)
})

test('where a page may have no locks its silence is noticed, and a press starts another one', async ({ page }) => {
  await page.addInitScript(() => Object.defineProperty(Navigator.prototype, 'locks', { value: undefined }))
  await open(page, './append-hole/#/r1/4')
  await endAt(page, 'carry', 'has said nothing for a while')
  await page.keyboard.press('x')
  // The bound itself is held by a test with a clock of its own; here other tests run beside.
  expect(await noticed(page)).toBeLessThan(5000)
  await page.getByRole('button', { name: 'Start it again' }).click()
  await hash(page).toMatch(/~[0-9a-f]+\/\d+$/)
  await expect(page.locator('.notices')).not.toContainText('said nothing')
})
