/** What the page says is true of the run that it stands beside, also where that is not the documented one. */
import type { Page } from '@playwright/test'
import { expect, test } from './fixtures.ts'

/** The pictures and the timeline as they are drawn, without what only names a drawing. */
const drawn = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll('.lens-timeline, .lead-picture')].map((part) => part.outerHTML.replace(/(id="|url\(#)[^-"]*-/g, '$1')),
  )

test.describe('with motion', () => {
  test.use({ contextOptions: { reducedMotion: 'no-preference' } })

  // An ordinary run takes one of them, a long one both.
  const moments = [
    ['fsync-overlap', 31],
    ['fsync-torn', 45],
  ] as const
  for (const [scenario, step] of moments.slice(0, process.env['LONG'] === '1' ? 2 : 1))
    test(`step ${step} of ${scenario} looks the same whether one walked there or opened it`, async ({ page }) => {
      await page.setViewportSize({ width: 1280, height: 1080 })
      await page.goto(`./${scenario}/#/r1`)
      const handle = page.getByRole('slider', { name: /step/i }).first()
      await handle.focus()
      const where = page.locator('.caption-where').first()
      await page.evaluate(async (steps) => {
        for (let n = 0; n < steps; n++) {
          document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true, cancelable: true }))
          await new Promise(requestAnimationFrame)
        }
      }, step)
      await expect(where).toContainText(`step ${step} of`)
      await expect.poll(() => page.evaluate(() => location.hash)).toBe(`#/r1/${step}`)
      const walked = await drawn(page)
      await page.reload()
      await expect(where).toContainText(`step ${step} of`)
      await expect.poll(() => drawn(page)).toEqual(walked)
    })
})

test('a setting that takes a task away is a run like any other, and the page says where it is no longer the documented one', async ({
  page,
}) => {
  await page.goto('./append-unlock/#/r1/ocommit-off/30')
  await expect(page.locator('.caption-where').first()).toContainText('step 30 of')
  await expect(page.locator('.notices')).toContainText('Not the documented run any more after step 33. Here: there is no C.')
  await expect(page.locator('.lens-timeline')).toContainText('differs from here')
  await expect(page.getByText('What should happen in the documented run')).toBeVisible()
})

test('a deadlock is an outcome: it is counted, violates, and says who waits for whom', async ({ page }) => {
  await page.goto('./dio-mmap-deadlock/#/r1')
  await expect(page.locator('.verdict')).toContainText('A waits for')
  await page.keyboard.press('e')
  await expect(page.locator('.explore-count')).toContainText(/^[1-9][\d,.]*( \w+)? of [1-9][\d,.]*( \w+)? schedules violate/)
  await page.locator('.explore-all summary').click()
  await expect(page.locator('.explore-tables .is-violated').first()).toContainText(/deadlock.*waits for ever/)
})

test('an impossible right side of a comparison is a bad link, with the nearest thing', async ({ page }) => {
  await page.goto('./append-hole/#/r1/k6.1/k6.1~skip-checks-on-retry~939b656/9999')
  await expect(page.getByRole('heading', { name: 'This link cannot be shown as it is' })).toBeVisible()
  await page.getByRole('button', { name: 'Show the nearest thing' }).click()
  await expect(page.locator('.compare-column')).toHaveCount(2)
})

test.describe('a model that cannot be had', () => {
  test.use({ allowed: [/engine\.worker|Failed to load resource|net::ERR/] })

  test('is a sentence for the address that asked, not pictures of another run, with a way out', async ({ page }) => {
    // From the start: the documented run comes with the page, and a worker that had once begun would go on answering.
    await page.route(/worker/, (route) => route.abort())
    await page.goto('./append-hole/#/r1/12')
    await expect(page.locator('.lead-picture').first()).toBeVisible()
    await page.evaluate(() => (location.hash = '#/r1/oresident-4/12'))
    await expect(page.locator('.notice.is-failure')).toContainText('The model stopped working')
    await expect(page.locator('.lead-picture')).toHaveCount(0)
    await expect(page.getByText('The model is running.')).toHaveCount(0)
    await page.getByRole('button', { name: 'Show the documented run' }).click()
    await expect(page.locator('.lead-picture').first()).toBeVisible()
  })
})
