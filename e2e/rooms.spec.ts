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
      const below = async (): Promise<number> =>
        page.evaluate(() => {
          const bottom = (query: string): number => document.querySelector(query)?.getBoundingClientRect().bottom ?? Infinity
          const dock = document.querySelector('.dock')?.getBoundingClientRect()
          return Math.max(
            bottom('.run') - (dock?.top ?? 0),
            (dock?.bottom ?? 0) - innerHeight,
            document.documentElement.scrollHeight - innerHeight,
          )
        })
      await expect.poll(below).toBeLessThanOrEqual(0)
      await page.keyboard.press('End')
      const broken = page.locator('.oracles .is-violated').first()
      await expect(broken).toBeVisible()
      await expect.poll(below).toBeLessThanOrEqual(0)
      for (const part of ['.lens-timeline', '.lead-picture:nth-child(1)', '.lead-picture:nth-child(2)'])
        await expect(page.locator(part)).toBeInViewport({ ratio: 1 })
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
  await expect.poll(async () => (await page.locator('.run').boundingBox())?.height).toBeLessThan(640)
  await page.waitForTimeout(500)
  const before = await picture.boundingBox()
  await page.keyboard.press('End')
  await expect(page.locator('.oracles .is-violated').first()).toBeVisible()
  await page.waitForTimeout(500)
  expect(await picture.boundingBox()).toEqual(before)
})

test('on a small laptop the switches fold into a line that says how many were changed', async ({ page }) => {
  await page.setViewportSize({ width: 1024, height: 768 })
  await page.goto('./append-hole/#/r1/oresident-4')
  const more = page.getByRole('button', { name: /more switches, 1 changed/ })
  const resident = page.getByRole('combobox', { name: 'resident', exact: true })
  await expect(more).toBeVisible()
  await expect(resident).toBeHidden()
  await more.click()
  await expect(resident).toHaveValue('4')
})

test('on a phone a long outcome folds to two lines', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 })
  await page.goto('./fsync-overlap/#/r1')
  const more = page.getByRole('button', { name: 'more', exact: true })
  await expect(more).toBeVisible()
  const text = page.locator('.verdict dd').nth(1)
  const folded = (await text.boundingBox())?.height ?? 0
  await more.click()
  await expect.poll(async () => (await text.boundingBox())?.height ?? 0).toBeGreaterThan(folded)
})
