/** Without a network: after a first visit, from one file, and when the site is changed under an open page. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'vite'
import type { Page } from '@playwright/test'
import { expect, tab, test } from './fixtures.ts'
import { host, type Host } from './host.ts'

const root = join(import.meta.dirname, '..')
const dist = join(root, 'dist')

/** What a reader does with one scenario: walks, switches the fix on, compares, asks why, looks at the map, gives a talk. */
async function doAll(page: Page): Promise<void> {
  await expect(page.locator('.caption-says')).toBeVisible()
  await page.keyboard.press('End')
  await expect(page.locator('.verdict .is-wrong')).toBeVisible()
  await page.keyboard.press('x')
  await expect(page.locator('.verdict .is-wrong')).toHaveCount(0)
  await page.keyboard.press('x')
  await expect(page.locator('.verdict .is-wrong')).toBeVisible()
  await page.keyboard.press('c')
  await expect(page.locator('.compare-column')).toHaveCount(2)
  await page.keyboard.press('c')
  await expect(page.locator('.compare-column')).toHaveCount(0)
  await page.keyboard.press('e')
  await expect(page.locator('#interleavings')).toContainText(/schedules?/)
  await page.keyboard.press('s')
  await page.keyboard.press('m')
  await expect(page.getByRole('grid').or(page.locator('.map')).first()).toBeVisible()
  await page.keyboard.press('m')
  await page.keyboard.press('F5')
  await expect(page.locator('html')).toHaveAttribute('data-talk', '')
  await page.keyboard.press('Escape')
  await expect(page.locator('html')).not.toHaveAttribute('data-talk', '')
}

test.describe('with the network gone', () => {
  test.use({ serviceWorkers: 'allow' })
  let site: Host
  test.beforeEach(async () => {
    site = await host(dist, '/some/sub/path/')
  })
  test.afterEach(() => site.close())

  const ready = (page: Page) => expect(page.locator('.offline')).toContainText('Ready offline', { timeout: 30_000 })

  test('after one visit, every scenario opens and does all it does, also in a new tab', async ({ context }) => {
    const page = await context.newPage()
    await page.goto(site.address)
    await ready(page)
    await site.close()
    await context.setOffline(true)
    await page.goto(`${site.address}fsync-overlap/`)
    await doAll(page)
    const tab2 = await context.newPage()
    await tab2.goto(`${site.address}dio-csum#/r1/4`)
    await expect(tab2.locator('.caption-says')).toBeVisible()
    expect(tab2.url()).toBe(`${site.address}dio-csum/#/r1/4`)
    await tab2.goto(`${site.address}index.html#/trust`)
    await expect(tab2.getByRole('heading', { level: 1 })).toContainText('trust')
    await ready(tab2)
  })

  test('a page that is open while the site is changed still gets its own parts, and the next visit is the new site', async ({
    context,
  }) => {
    const page = await context.newPage()
    await page.goto(`${site.address}append-hole/`)
    await tab(page, 'Read')
    await ready(page)
    // The new build names its parts in other words: what the old page asks for is not there any more.
    const sw = await (await context.request.get(`${site.address}sw.js`)).text()
    site.answer((path) => {
      if (path === 'sw.js') return sw.replace(/assets\/compare-[\w-]+\.js/, 'favicon.svg').replace(/[0-9a-f]{16}/, '0123456789abcdef')
      if (path.startsWith('assets/compare-')) return ''
      return null
    })
    const second = await context.newPage()
    await second.goto(site.address)
    await ready(second)
    await expect.poll(() => second.evaluate(async () => (await caches.keys()).length)).toBe(2)
    await page.bringToFront()
    await page.keyboard.press('c')
    await expect(page.locator('.compare-column')).toHaveCount(2)
    // Once no page is open that belongs to it, the old build goes.
    await page.close()
    await second.close()
    const third = await context.newPage()
    await third.goto(site.address)
    await expect.poll(() => third.evaluate(async () => (await caches.keys()).length)).toBe(1)
  })
})

test('a part that is lost is said in words; the page stays, and loading it again comes back to the same moment', async ({ browser }) => {
  const site = await host(dist, '/')
  const page = await (await browser.newContext({ serviceWorkers: 'block' })).newPage()
  await page.goto(`${site.address}append-hole/#/r1/9`)
  // Terms in it get explanations as they come.
  const says = 'allocates a disk'
  await expect(page.locator('.caption-says')).toContainText(says)
  site.answer((path) => (path.startsWith('assets/help-') ? '' : null))
  await page.keyboard.press('?')
  await expect(page.getByRole('alert')).toContainText('A part of this page could not be loaded')
  await expect(page.locator('.caption-says')).toContainText(says)
  site.answer(() => null)
  await page.getByRole('button', { name: 'Load it again' }).click()
  await expect(page.locator('.caption-says')).toContainText(says)
  expect(page.url()).toContain('#/r1/9')
  await page.keyboard.press('?')
  await expect(page.getByRole('dialog')).toBeVisible()
  await page.keyboard.press('Escape')
  // The model comes in parts too.
  site.answer((path) => (path.startsWith('assets/compare-view-') ? '' : null))
  await page.keyboard.press('c')
  await expect(page.getByRole('alert')).toContainText('A part of the model could not be loaded')
  await expect(page.getByRole('alert')).not.toContainText('report')
  await page.context().close()
  await site.close()
})

test('the ordinary build says in words that it cannot start from a file', async ({ browser }) => {
  const page = await browser.newPage()
  await page.goto(pathToFileURL(join(dist, 'append-hole', 'index.html')).href)
  await expect(page.getByRole('alert')).toContainText('cannot start from a file')
  await page.getByRole('link', { name: 'The same as plain text' }).click()
  await expect(page.locator('body')).toContainText('Task A')
  await page.close()
})

test.describe('one file', () => {
  const file = join(root, 'out', 'single', 'lockstep.html')
  test.beforeAll(async () => {
    await build({ root, mode: 'single', logLevel: 'error' })
  })

  test('opened from a file, it does all that the site does, and asks nobody for anything', async ({ browser }) => {
    expect(existsSync(file)).toBe(true)
    const context = await browser.newContext({ serviceWorkers: 'block', viewport: { width: 1280, height: 800 } })
    const page = await context.newPage()
    const complaints: string[] = []
    page.on('console', (message) => complaints.push(message.text()))
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('request', (request) => {
      if (!/^(file|blob|data):/.test(request.url())) complaints.push(request.url())
    })
    await page.goto(pathToFileURL(file).href)
    await expect(page.getByRole('heading', { level: 1 })).toContainText('Watch a kernel race happen')
    await page.goto(`${pathToFileURL(file).href}#/fsync-overlap`)
    await doAll(page)
    // What the site fetches is in the file.
    await page.goto(`${pathToFileURL(file).href}#/fsync-torn/r1`)
    await tab(page, 'Read')
    await page
      .getByRole('button', { name: /Lay the recorded/ })
      .first()
      .click()
    await expect(page.locator('.trace-lines')).toBeVisible()
    // A talk that was written elsewhere, over two scenarios, with the clicker's keys; and pictures to take along.
    await page.goto(`${pathToFileURL(file).href}#/append-hole/r1`)
    await expect(page.locator('.caption-says')).toBeVisible()
    await page.keyboard.press('t')
    const text = 'https://example.org/lockstep/append-hole/#/r1/45\nThe hole.\n\n#/dio-csum/r1/36\nThe checksum.\n'
    await page.getByLabel('Load').setInputFiles({ name: 'talk.txt', mimeType: 'text/plain', buffer: Buffer.from(text) })
    await page.getByRole('button', { name: 'Start' }).click()
    await expect(page.locator('html')).toHaveAttribute('data-talk', '')
    await expect(page.locator('.stage > .lead-picture').first()).toBeVisible()
    await page.keyboard.press('PageDown')
    await expect(page.locator('h1')).toContainText('A buffer changes between its checksum and the disk')
    await page.keyboard.press('q')
    await expect(page.getByText('This page is a file')).toBeVisible()
    await page.keyboard.press('q')
    await page.keyboard.press('i')
    for (const [kind, begins] of [
      ['SVG', '<svg'],
      ['PNG', '\u0089PNG'],
    ] as const) {
      const saved = page.waitForEvent('download')
      await page.getByRole('button', { name: kind, exact: true }).click()
      expect(readFileSync(await (await saved).path(), 'latin1')).toMatch(new RegExp(`^(<\\?xml[^>]*>\\s*)?${begins}`))
    }
    expect(complaints).toEqual([])
    await context.close()
  })
})
