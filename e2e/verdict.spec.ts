/** What is known at once, what follows when all is counted, and how a search behaves that takes long. */
import type { Page } from '@playwright/test'
import { expect, test } from './fixtures.ts'

const PATIENCE = { timeout: 30_000 }
const room = (page: Page) => page.locator('#interleavings')
const sentence = (page: Page) => room(page).locator('.ways')

async function open(page: Page, address: string): Promise<void> {
  await page.goto(address)
  await expect(page.locator('.caption-says').first()).toBeVisible()
  await page.keyboard.press('w')
  await expect(room(page)).toBeVisible()
}

test('in how many ways it ends stands there before anybody has counted, with a schedule for each that opens', async ({ page }) => {
  // What the page asks after the verdict is held back until the verdict was read.
  await page.addInitScript(() => {
    const held: (() => void)[] = []
    Object.assign(window, { letGo: () => held.splice(0).forEach((send) => send()) })
    const Plain = window.Worker
    window.Worker = class extends Plain {
      override postMessage(message: unknown): void {
        if ((message as { kind?: string }).kind === 'why') held.push(() => super.postMessage(message))
        else super.postMessage(message)
      }
    }
  })
  await open(page, './dio-csum/#/r1')
  await expect(sentence(page)).toHaveText(/^Wrong in .* ways?, right in .*\.$/, PATIENCE)
  const told = await sentence(page).textContent()
  const shares = room(page).locator('.groups .group-how', { hasText: 'schedules' })
  await expect(room(page).locator('.counting')).toContainText('Counting them')
  expect(await shares.count()).toBe(0)
  await page.evaluate(() => (window as unknown as { letGo(): void }).letGo())
  await expect(shares.first()).toBeVisible(PATIENCE)
  await expect(sentence(page)).toHaveText(told ?? '')
  await room(page).locator('.groups > .is-wrong').first().getByRole('button', { name: 'open one' }).click()
  await expect.poll(() => page.evaluate(() => location.hash)).toMatch(/\/s[A-Z]/)
  await page.keyboard.press('End')
  await expect(page.locator('.status.is-violated')).toBeVisible()
})

test('a long search says how far it is; steps go on meanwhile; stopped, it keeps the verdict, and goes on when told', async ({ page }) => {
  await open(page, './append-hole/#/r1/oappenders-3')
  const counting = room(page).locator('.counting')
  await expect(counting).toContainText(/[\d,]+ states so far/, PATIENCE)
  await expect(sentence(page)).toContainText('Wrong in', PATIENCE)
  const before = await page.evaluate(() => location.hash)
  await page.keyboard.press('ArrowRight')
  await expect.poll(() => page.evaluate(() => location.hash)).not.toBe(before)
  await counting.getByRole('button', { name: 'Stop' }).click()
  await expect(counting).toContainText('The search was cancelled.')
  await expect(sentence(page)).toContainText('Wrong in')
  await counting.getByRole('button', { name: 'Go on' }).click()
  await expect(counting).toContainText('Counting them')
})

test('Esc cancels a search that was asked for', async ({ page }) => {
  await page.goto('./append-hole/#/r1/oappenders-3')
  await expect(page.locator('.caption-says').first()).toBeVisible()
  await page.keyboard.press('e')
  await expect(room(page).getByRole('button', { name: 'Cancel' })).toBeVisible()
  // The first closes the panel, the second stops what was asked for in it.
  await page.keyboard.press('Escape')
  await expect(room(page)).toBeHidden()
  await page.keyboard.press('Escape')
  await page.keyboard.press('w')
  await expect(room(page)).toContainText('The search was cancelled.')
  await expect(room(page).getByRole('button', { name: 'Cancel' })).toHaveCount(0)
  await expect(room(page).getByRole('button', { name: 'Count every interleaving' })).toBeVisible()
})

test('another kernel is decided at once, though the search of the one before it has not ended', async ({ page }) => {
  await open(page, './append-hole/#/r1/oappenders-3')
  await page.keyboard.press('e')
  await expect(room(page).getByRole('button', { name: 'Cancel' })).toBeVisible()
  await expect(room(page)).toContainText(/Searching: [1-9][\d,]* states/, PATIENCE)
  await page.goto('./append-hole/#/r1')
  await expect(sentence(page)).toHaveText(/^Wrong in .*\.$/, PATIENCE)
  await expect(room(page).getByRole('button', { name: 'Cancel' })).toHaveCount(0)
  await expect(page.locator('.why')).toContainText(/schedules violate|schedule violates/i, PATIENCE)
})

test('with the fix on it is decided anew: no way is wrong', async ({ page }) => {
  await open(page, './fsync-overlap/#/r1')
  await expect(sentence(page)).toContainText('Wrong in', PATIENCE)
  await page.keyboard.press('x')
  await expect(sentence(page)).toHaveText(/^Right in .*, wrong in none\.$/, PATIENCE)
})
