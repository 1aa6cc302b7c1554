/** A reader who asks all schedules at once, by keyboard: why, the map and a cell of it, two steps, what ways there are. */
import type { Page } from '@playwright/test'
import { expect, test } from './fixtures.ts'

// A search of some thousand states comes before each answer.
const PATIENCE = { timeout: 30_000 }
const plane = (page: Page) => page.locator('.lens-plane')
const cell = (page: Page) => page.locator('.plane-cell')

async function open(page: Page, address: string): Promise<void> {
  await page.goto(address)
  await expect(page.locator('.caption-says').first()).toBeVisible()
}

test('the map of fsync-overlap: a red cell leads to a violating schedule, and with the fix on a lock is where the red was', async ({
  page,
}) => {
  await open(page, './fsync-overlap/#/r1')
  await page.keyboard.press('m')
  await expect.poll(() => page.evaluate(() => location.hash)).toMatch(/\/vm$/)
  await expect(plane(page)).toBeVisible(PATIENCE)
  await expect(page.locator('.plane-field')).toBeFocused()
  await expect(plane(page).locator('.plane-words')).not.toContainText('0 in which every schedule violates, 0 in which some do')

  await page.keyboard.press('PageDown')
  await expect(cell(page)).toContainText('violate')
  await page.keyboard.press('Enter')
  await expect.poll(() => page.evaluate(() => location.hash), PATIENCE).toMatch(/\/s[A-Za-z0-9]+\/.*m$/)
  await page.keyboard.press('Tab')
  await page.locator('.plane-field').blur()
  await page.keyboard.press('End')
  await expect(page.locator('.status.is-violated')).toBeVisible()

  await page.keyboard.press('x')
  await expect(page.getByRole('switch', { name: /885f46d87f29/ })).toBeChecked()
  await expect(plane(page).locator('.plane-words')).toContainText('0 in which every schedule violates, 0 in which some do', PATIENCE)
  await expect(plane(page).locator('.plane-words')).toContainText('kept out by i_mmap_lock')
})

test('why: the window of the race, the curve and the ways it can end stand on the page without being asked for', async ({ page }) => {
  await open(page, './fsync-overlap/#/r1')
  const line = page.locator('.why-line')
  await expect(line).toContainText('Exact.', PATIENCE)
  await expect(line).toContainText('search_forward')
  await expect(page.getByRole('img', { name: /lost at step \d+/ })).toBeVisible()
  await line.getByRole('button', { name: 'Why' }).click()
  const why = page.locator('.why')
  await expect(why).toContainText('i_mmap_lock')
  const group = page.locator('.groups > li').first()
  await expect(page.locator('#interleavings')).toContainText(/Wrong in .* right in/)
  await group.getByRole('button', { name: 'open one' }).click()
  await page.keyboard.press('End')
  await expect(page.locator('.status.is-violated')).toBeVisible()
})

test('two steps picked by key are asked of all schedules, and a schedule for the answer opens', async ({ page }) => {
  await open(page, './fsync-overlap/#/r1/20')
  await page.keyboard.press('a')
  await expect(page.locator('.marked')).toContainText('is marked')
  await page.keyboard.press('Home')
  await page.keyboard.press('PageDown')
  await page.keyboard.press('a')
  // The first beat is of A, step 20 of B: neither waits for the other that early.
  await expect(page.locator('.ask')).toContainText(/Sometimes|Always|Never/, PATIENCE)
  await page
    .getByRole('button', { name: /^open a schedule with it first|open one with it after/ })
    .first()
    .click()
  await expect.poll(() => page.evaluate(() => location.hash)).toMatch(/\/s[A-Z]/)
  await page.keyboard.press('Escape')
  await expect(page.locator('.ask')).toHaveCount(0)
})
