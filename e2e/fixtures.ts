/** What every browser test shares: a page that must not complain, and the addresses of the build. */
import { test as base, expect, type Page } from '@playwright/test'

/** The tests are not to store the site, each anew; the runner says so where the page would. */
const blocked = /^console warning: Service Worker registration blocked by Playwright$/

/**
 * A page whose console must stay free of errors and warnings, which throws nothing, and all of whose requests stay on the
 * server under test and succeed. A test that means to provoke a complaint says so: `test.use({ allowed: [/404/] })`.
 */
export const test = base.extend<{ allowed: RegExp[] }>({
  allowed: [[], { option: true }],
  page: async ({ page, allowed, baseURL }, use) => {
    const complaints: string[] = []
    const complain = (text: string): void => {
      if (![...allowed, blocked].some((pattern) => pattern.test(text))) complaints.push(text)
    }
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complain(`console ${message.type()}: ${message.text()}`)
    })
    page.on('pageerror', (error) => complain(`uncaught: ${error.stack ?? error.message}`))
    page.on('response', (response) => {
      if (response.status() >= 400) complain(`${response.status()} for ${response.url()}`)
    })
    page.on('request', (request) => {
      const url = request.url()
      if (!url.startsWith(baseURL ?? '') && !/^(data|blob|file|about):/.test(url)) complain(`asks another host: ${url}`)
    })
    await use(page)
    expect(complaints, 'the page must not complain').toEqual([])
  },
})

/** Opens the side panel at one of its tabs, by key where it is not open yet. */
export async function tab(page: Page, name: string): Promise<void> {
  const wanted = page.getByRole('tab', { name })
  // The panel is remembered: whether it is open is known once the page stands.
  await page.locator('.transport').waitFor()
  if ((await page.locator('[aria-controls="panel"][aria-expanded="false"]').count()) > 0) await page.keyboard.press('s')
  await wanted.click()
}

export { expect }
