/** Damaged, impossible and future links get a page that says so, offers the nearest thing, and writes nothing to the console. */
import type { Page } from '@playwright/test'
import { expect, test } from './fixtures.ts'

const bad: readonly (readonly [fragment: string, says: RegExp])[] = [
  ['#/append-hole/r1/12=3D', /damaged on its way.*"=3D"/],
  ['#/append-hole/r1/k6.1~93=\n9b656', /damaged on its way/],
  ['#/append-hole/r1/3>', /damaged on its way/],
  ['#/append-hole/r1/3.', /damaged on its way/],
  ['#/append-hole/r1/3)', /damaged on its way/],
  ['#/append-hole/r1/%', /damaged on its way/],
  ['#/append-hole/r1/%E0%A4%A', /damaged on its way/],
  ['#/append-hole/r1/3?utm_source=mail', /damaged on its way/],
  ['#/append-hole/r1/3#x', /damaged on its way/],
  ['#/append-hole/r1/9999', /asks for step 9999, but this run ends after step/],
  ['#/append-hole/r1/sA999', /This schedule cannot run/],
  ['#/append-hole/r1/sA5B', /Choices are task letters with counts/],
  ['#/append-hole/r99/3', /revision 99 of append-hole/],
  ['#/append-hole/3', /does not say for which revision/],
  ['#/append-hole/r1/k99.9', /Kernel "99\.9" is not one/],
  ['#/append-hole/r1/k6.1~1234567', /has no patch "1234567"/],
  ['#/append-hole/r1/ono-such', /is not a setting/],
  ['#/append-hole/r1/nno-such', /no schedule named/],
  ['#/append-hole/r1/oresident-4/oresident-0', /sets resident to 4 and to 0/],
  [`#/append-hole/r1/s${'A1B1'.repeat(1600)}`, /too long: 64\d\d characters/],
  ['#/append-hole/r1/__proto__', /damaged on its way.*ends in "_"/],
  ['#/append-hole/r1/constructor', /"constructor" means nothing in a link/],
  ['#/append-hol', /There is no scenario "append-hol"/],
  ['#/nothing/r1', /There is no scenario "nothing"/],
  ['#//', /The link names no scenario/],
]

const refused = async (page: Page, [fragment, says]: (typeof bad)[number]): Promise<void> => {
  await page.goto(`./${fragment}`)
  await expect(page.getByRole('heading', { name: 'This link cannot be shown as it is' })).toBeVisible()
  await expect(page.getByRole('alert')).toContainText(says)
}

/** A page for each takes half a minute: an ordinary run opens every sixth anew, a long one all. */
for (const link of bad.filter((_, i) => process.env['LONG'] === '1' || i % 6 === 0))
  test(`${JSON.stringify(link[0])} is refused in words`, async ({ page }) => refused(page, link))

test('each of them is refused in its own words where it is typed over the one before', async ({ page }) => {
  for (const link of bad) await refused(page, link)
})

test('the nearest thing is one click away', async ({ page }) => {
  await page.goto('./#/append-hole/r1/2=3D')
  await page.getByRole('button', { name: 'Show the nearest thing' }).click()
  await expect(page.locator('.caption-where')).toContainText('step 2 of')
  await expect.poll(() => page.evaluate(() => location.hash)).toBe('#/append-hole/r1/2')
})

test('a bad link typed over a good one is refused, and Back leads to the good one', async ({ page }) => {
  await page.goto('./append-hole/#/r1/2')
  await expect(page.locator('.caption-where')).toContainText('step 2 of')
  await page.evaluate(() => (location.hash = '#/r1/zzz'))
  await expect(page.getByRole('alert')).toContainText('"zzz" means nothing')
  await page.goBack()
  await expect(page.locator('.caption-where')).toContainText('step 2 of')
})

test.describe('a page that is loaded again', () => {
  test.use({ allowed: [/engine\.worker|Failed to load resource|net::ERR/] })

  for (const [what, address, where] of [
    ['a step on another kernel', './append-hole/#/r1/k5.16/12', 'step 12 of'],
    ['a comparison at the root', './#/append-hole/r1/40/vc', 'step 36 of'],
  ] as const)
    test(`shows ${what} again before the model is there, and asks it where another program was kept`, async ({ page }) => {
      await page.goto(address)
      const caption = page.locator('.caption-where').first()
      await expect(caption).toContainText(where)
      await expect(page.locator('.lead-picture .lens').first()).toBeVisible()
      const says = await page.locator('.caption-says').first().innerText()
      // What keeps it comes when the page has nothing else to do, and keeps it when the window is left.
      await expect
        .poll(() =>
          page.evaluate(() => {
            Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true })
            document.dispatchEvent(new Event('visibilitychange'))
            delete (document as { visibilityState?: string }).visibilityState
            return sessionStorage.getItem('lockstep-shown') !== null
          }),
        )
        .toBe(true)
      await page.route(/engine\.worker/, (route) => route.abort())
      await page.reload()
      await expect(caption).toContainText(where)
      await expect(page.locator('.caption-says').first()).toHaveText(says)
      await expect(page.locator('.lead-picture .lens').first()).toBeVisible()
      // The same address of another program: nothing of what this one kept is shown.
      await page.addInitScript(() => {
        const kept = sessionStorage.getItem('lockstep-shown')
        if (kept) sessionStorage.setItem('lockstep-shown', kept.replace(/"program":"[^"]*"/, '"program":"another"'))
      })
      await page.reload()
      await expect(page.locator('.notice.is-failure')).toContainText('The model stopped working')
      await expect(page.locator('.lead-picture')).toHaveCount(0)
    })
})

test('a link in another spelling keeps its address until the reader moves', async ({ page }) => {
  await page.goto('./append-hole/#/2/k6.1~939b656bc8ab/r1')
  await expect(page.locator('.caption-where')).toContainText('step 2 of')
  expect(await page.evaluate(() => location.hash)).toBe('#/2/k6.1~939b656bc8ab/r1')
  await page.keyboard.press('ArrowRight')
  await expect.poll(() => page.evaluate(() => location.hash)).toMatch(/^#\/r1\/k6\.1~939b656\/\d+$/)
})
