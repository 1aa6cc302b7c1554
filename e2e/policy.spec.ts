/** The pages keep to their own policy: nothing inline, no other host, no cookie. Every browser test runs under it; here it is looked at. */
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { headers } from '../scripts/csp.ts'
import { scenarioIds } from '../src/scenarios/catalog.ts'
import { expect, test } from './fixtures.ts'

const policy = headers['Content-Security-Policy'] ?? ''

const places = [
  './',
  './#/trust',
  './append-hole/#/r1/21',
  './append-hole/#/r1/vc',
  './fsync-overlap/#/r1/20/vm',
  './fsync-torn/#/r1/42/p',
  './bcachefs-lockless/#/r1/10/vt',
]

test('pages carry the policy that the server sends, break it nowhere, and keep nothing but what a reader chose', async ({
  page,
  context,
}) => {
  test.slow()
  await page.addInitScript(() => {
    const kept = ((globalThis as { broken?: string[] }).broken = [] as string[])
    addEventListener('securitypolicyviolation', (event) => kept.push(`${event.effectiveDirective} ${event.blockedURI}`))
  })
  for (const place of places) {
    const response = await page.goto(place)
    // A fragment alone loads nothing anew.
    if (response) expect(response.headers()['content-security-policy']).toBe(policy)
    await page.locator('h1').first().waitFor()
    if (place !== './' && !place.includes('trust')) {
      await page.locator('.transport').waitFor()
      for (const key of ['ArrowRight', 'w', 'e', '?']) await page.keyboard.press(key)
      await page.getByRole('dialog').waitFor()
      await page.keyboard.press('Escape')
      await page.getByRole('dialog').waitFor({ state: 'hidden' })
      await page.keyboard.press('y')
      await page.getByRole('dialog').waitFor()
    }
    // A talk shows the run and nothing else.
    if (!place.endsWith('/vt')) await expect(page.locator('footer')).toContainText('No cookies, no trackers, nothing is sent anywhere')
    const meta = page.locator('meta[http-equiv="Content-Security-Policy"]')
    expect(await meta.getAttribute('content')).toBe(policy)
    expect(await page.evaluate(() => (globalThis as { broken?: string[] }).broken)).toEqual([])
  }
  expect(await context.cookies()).toEqual([])
})

test.describe('what the policy forbids', () => {
  test.use({ allowed: [/Content Security Policy/] })

  test('is not done', async ({ page }) => {
    await page.goto('./append-hole/#/r1')
    await page.locator('.transport').waitFor()
    const done = await page.evaluate(async () => {
      const script = document.createElement('script')
      script.textContent = 'globalThis.ran = true'
      document.head.append(script)
      document.body.insertAdjacentHTML('beforeend', '<p id="styled" style="color: rgb(1, 2, 3)">x</p>')
      const asked = await fetch('https://example.org/').then(
        () => true,
        () => false,
      )
      const styled = document.getElementById('styled')
      return { ran: 'ran' in globalThis, asked, color: styled && getComputedStyle(styled).color }
    })
    expect(done).toMatchObject({ ran: false, asked: false })
    expect(done.color).not.toBe('rgb(1, 2, 3)')
  })
})

test('without scripts every scenario is told in full, in lines of a mail, with its commits and mails', async ({
  browser,
  request,
  baseURL,
}) => {
  const context = await browser.newContext({ javaScriptEnabled: false, ...(baseURL ? { baseURL } : {}) })
  const page = await context.newPage()
  await page.goto('./')
  const ids = await page.locator('noscript a').evaluateAll((all) => all.map((link) => link.getAttribute('href')?.replace('/', '') ?? ''))
  expect(ids.length).toBeGreaterThan(10)
  for (const id of ids) {
    await page.goto(`./${id}/`)
    const shown = (await page.locator('noscript pre').textContent()) ?? ''
    const text = await (await request.get(`./${id}.txt`)).text()
    expect(shown.trim()).toBe(text.trim())
    // A tag is never folded.
    expect(text.split('\n').filter((line) => line.length > 72 && !line.startsWith('Fixes: '))).toEqual([])
    for (const part of [/^Commits:$/m, /^(Fixes: [0-9a-f]{12} \(|No single commit)/m, /^Affected: /m, /^Reproducer:$/m, /not the kernel/])
      expect(text).toMatch(part)
  }
  await context.close()
})

/** A browser of text alone, where there is one. */
const w3m = process.env['W3M_PATH'] ?? ['/usr/bin/w3m'].find((path) => existsSync(path))

test('in w3m the address of a copied link shows the whole text of its scenario, as it is, in lines of a mail', async ({
  request,
  baseURL,
}) => {
  test.skip(!w3m, 'w3m is not installed: apt install w3m')
  for (const id of scenarioIds) {
    const shown = execFileSync(w3m ?? '', ['-dump', '-cols', '80', `${baseURL}${id}/#/r1/3`], { encoding: 'utf8' })
    expect(shown.trimEnd()).toBe((await (await request.get(`./${id}.txt`)).text()).trimEnd())
  }
})
