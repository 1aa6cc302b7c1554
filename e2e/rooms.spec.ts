/** The page in rooms of other sizes: a hall with an old projector, a small laptop, a phone. */
import { expect, test } from './fixtures.ts'

for (const scenario of ['append-hole', 'dio-csum', 'fsync-overlap', 'fsync-torn', 'bcachefs-lockless', 'dio-short-read'])
  for (const [width, height] of [
    [1920, 1080],
    [1280, 720],
    [1024, 768],
  ] as const)
    test(`a talk about ${scenario} fits ${width} by ${height} without scrolling, from the first state to the damage`, async ({ page }) => {
      await page.setViewportSize({ width, height })
      await page.goto(`./${scenario}/#/r1/vt`)
      await expect(page.locator('.caption-says')).toBeVisible()
      const fits = (): Promise<boolean> =>
        page.evaluate(() => {
          const { scrollHeight, scrollWidth } = document.documentElement
          const all = [...document.querySelectorAll('.stage > .lead-picture, .run-timeline, .transport, .story-row')]
          const inside = all.every(
            (part) => part.getBoundingClientRect().bottom <= innerHeight && part.scrollHeight <= part.clientHeight + 1,
          )
          return all.length >= 5 && inside && scrollHeight <= innerHeight && scrollWidth <= innerWidth
        })
      await expect.poll(fits).toBe(true)
      await page.keyboard.press('End')
      const broken = page.locator('.status.is-violated')
      await expect(broken).toBeInViewport({ ratio: 1 })
      await expect.poll(fits).toBe(true)
      // Read from the last row: 24 px where the screen has 1080 lines.
      for (const text of [page.locator('.caption-says'), broken]) {
        const size = await text.evaluate((element) => parseFloat(getComputedStyle(element).fontSize))
        expect(size).toBeGreaterThanOrEqual(Math.floor((height * 24) / 1080))
      }
    })

test('a violation takes no room that was not kept for it', async ({ page }) => {
  await page.setViewportSize({ width: 1280, height: 720 })
  await page.goto('./append-hole/#/r1/vt/38')
  const picture = page.locator('.lead-picture').first()
  await expect(picture).toBeVisible()
  await page.waitForTimeout(500)
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
