/** The page in rooms of other sizes: a hall, a phone. What a talk needs of it is in talk.spec.ts. */
import { expect, test } from './fixtures.ts'

test('a violation takes no room that was not kept for it', async ({ page }) => {
  await page.setViewportSize({ width: 1280, height: 720 })
  await page.goto('./append-hole/#/r1/vt/38')
  const picture = page.locator('.lead-picture').first()
  await expect(picture).toBeVisible()
  // Type and what comes late move things once.
  await page.waitForLoadState('networkidle')
  await page.evaluate(() => document.fonts.ready)
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestIdleCallback(done))))
  const before = await picture.boundingBox()
  await page.keyboard.press('End')
  await expect(page.locator('.status.is-violated')).toBeVisible()
  expect(await picture.boundingBox()).toEqual(before)
})

test('on a phone a long outcome folds to two lines', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 })
  await page.goto('./fsync-overlap/#/r1')
  const more = page.locator('.verdict > div').nth(1).getByRole('button')
  await expect(more).toBeVisible()
  const text = page.locator('.verdict dd').nth(1)
  const folded = (await text.boundingBox())?.height ?? 0
  await more.click()
  await expect.poll(async () => (await text.boundingBox())?.height ?? 0).toBeGreaterThan(folded)
})
