/** The page in a frame of another host's page. */
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { expect, test } from './fixtures.ts'
import { host, type Host } from './host.ts'

const dist = join(import.meta.dirname, '..', 'dist')

/** Whoever embeds is another origin: another port is one. */
let article: Host
let site: Host
test.beforeAll(async () => {
  site = await host(dist, '/tool/')
  article = await host(dist)
  article.answer((path) =>
    path === 'article.html'
      ? `<!doctype html><title>An article</title><script>
          window.heard = []
          addEventListener('message', ({ data, origin }) => heard.push({ data, origin }))
        </script>
        <body style="height: 4000px"><p>About a bug.</p>
        <iframe src="${site.address}embed/#/append-hole/r1" title="An append leaves a hole" width="900" height="560"></iframe>`
      : null,
  )
})
test.afterAll(() => Promise.all([article.close(), site.close()]))

interface Heard {
  readonly origin: string
  readonly data: {
    readonly lockstep: number
    readonly at: { readonly scenario: string; readonly step: number; readonly last: number | null; readonly href: string }
  }
}

/** The last thing that the article was told. */
const told = (page: Page) => page.evaluate(() => (window as unknown as { heard: Heard[] }).heard.at(-1))
const step = async (page: Page) => (await told(page))?.data.at.step
const say = (page: Page, message: unknown) =>
  page.evaluate((data) => document.querySelector('iframe')?.contentWindow?.postMessage(data, '*'), message)

/** Does the article move by itself? Browsers scroll smoothly. */
const scrolls = (page: Page) =>
  page.evaluate(async () => {
    const before = scrollY
    await new Promise((resolve) => setTimeout(resolve, 200))
    return scrollY !== before
  })

async function open(page: Page) {
  await page.goto(`${article.address}article.html`)
  await expect.poll(async () => (await told(page))?.data.at.last ?? 0).toBeGreaterThan(5)
  return page.frameLocator('iframe')
}

// The page of the fixtures watches a single host; this one is about two.
test.use({ allowed: [/asks another host/] })

test('a frame takes neither focus nor keys: the page around it scrolls, until one clicks into it; Esc gives the keys back', async ({
  page,
}) => {
  const frame = await open(page)
  await expect(frame.locator('.caption-says')).toBeVisible()
  expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('BODY')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('PageDown')
  await expect.poll(() => page.evaluate(() => scrollY)).toBeGreaterThan(100)
  expect(await step(page)).toBe(0)
  await page.evaluate(() => scrollTo(0, 0))
  await expect.poll(() => scrolls(page)).toBe(false)

  await frame.locator('.caption-says').click()
  const stands = await page.evaluate(() => scrollY)
  await page.keyboard.press('PageDown')
  await expect.poll(() => step(page)).toBeGreaterThan(0)
  expect(await scrolls(page)).toBe(false)
  expect(await page.evaluate(() => scrollY)).toBe(stands)
  const stood = await step(page)

  await page.keyboard.press('Escape')
  await expect(frame.getByText('Click into the frame to use its keys.')).toBeVisible()
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('PageDown')
  await expect.poll(() => page.evaluate(() => scrollY)).toBeGreaterThan(stands + 100)
  expect(await step(page)).toBe(stood)
})

test('a wheel that turns over the frame scrolls the page around it when the frame has no more to scroll', async ({ page }) => {
  await open(page)
  const over = await page.locator('iframe').boundingBox()
  await page.mouse.move((over?.x ?? 0) + 300, (over?.y ?? 0) + 200)
  await expect
    .poll(async () => {
      await page.mouse.wheel(0, 3000)
      return page.evaluate(() => scrollY)
    })
    .toBeGreaterThan(0)
})

test('an embedding page of another host walks along the run by messages, and can do nothing else', async ({ page }) => {
  const frame = await open(page)
  const last = (await told(page))?.data.at.last ?? 0
  await say(page, { lockstep: 1, do: 'next' })
  await expect.poll(() => step(page)).toBeGreaterThan(0)
  const first = (await told(page)) as Heard
  expect(first.origin).toBe(new URL(site.address).origin)
  expect(first.data.lockstep).toBe(1)
  expect(first.data.at.href).toBe(`${site.address}append-hole/#/r1/${first.data.at.step}`)
  await say(page, { lockstep: 1, do: 'step', step: 7 })
  await expect.poll(() => step(page)).toBe(7)
  await say(page, { lockstep: 1, do: 'prev' })
  await expect.poll(() => step(page)).toBeLessThan(7)
  // Beyond the end is the end.
  await say(page, { lockstep: 1, do: 'step', step: 99_999 })
  await expect.poll(() => step(page)).toBe(last)
  // Who asks in vain is answered all the same.
  const answers = () => page.evaluate(() => (window as unknown as { heard: Heard[] }).heard.length)
  const before = await answers()
  await say(page, { lockstep: 1, do: 'next' })
  await expect.poll(answers).toBe(before + 1)

  const address = await frame.locator('html').evaluate(() => location.href)
  const nothing = [
    { lockstep: 2, do: 'prev' },
    { do: 'prev' },
    { lockstep: 1, do: 'step', step: '3' },
    { lockstep: 1, do: 'step', step: -1 },
    { lockstep: 1, do: 'step', step: 1.5 },
    { lockstep: 1, do: 'open', href: 'javascript:alert(1)' },
    { lockstep: 1, do: 'toString' },
    '<img src=x onerror=alert(1)>',
    'prev',
    null,
    [1, 'prev'],
  ]
  for (const message of nothing) await say(page, message)
  // Messages come in order: what was said before this one has had its effect.
  await say(page, { lockstep: 1, do: 'next' })
  await expect.poll(answers).toBe(before + 2)
  expect(await step(page)).toBe(last)
  expect(await frame.locator('html').evaluate(() => location.href)).toBe(address)
})

test('"Open full" leaves for the same moment on a page of its own', async ({ page }) => {
  const frame = await open(page)
  await say(page, { lockstep: 1, do: 'step', step: 7 })
  await expect.poll(() => step(page)).toBe(7)
  await frame.getByRole('link', { name: 'Open full' }).click()
  await expect.poll(() => page.url()).toBe(`${site.address}append-hole/#/r1/7`)
  await expect(page.locator('.caption-says')).toBeVisible()
})
