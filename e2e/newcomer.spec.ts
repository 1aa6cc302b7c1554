/** Someone who has never seen this page: from home through the first bug and back; with the keyboard alone, and by touch. */
import type { Locator, Page } from '@playwright/test'
import { expect, test } from './fixtures.ts'

/** A search of some thousand states comes before an answer. */
const PATIENCE = { timeout: 30_000 }
const violated = (page: Page) => page.locator('.status.is-violated').first()
const says = (page: Page) => page.locator('.caption-says').first()

/** How this reader uses what is on the page. */
interface Hands {
  readonly use: (control: Locator) => Promise<void>
  /** To the next moment of the story. */
  readonly on: (page: Page) => Promise<void>
}

async function path(page: Page, { use, on }: Hands): Promise<void> {
  await page.goto('./')
  await use(page.getByRole('link', { name: /^Start here/ }))
  await expect(says(page)).toBeVisible()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('An append leaves a hole as large as itself')

  // Moment by moment to the damage, which is seen where it happens.
  for (let moments = 0; moments < 15 && !(await violated(page).isVisible()); moments++) {
    const before = await page.locator('.caption-where').first().textContent()
    await on(page)
    await expect(page.locator('.caption-where').first()).not.toHaveText(before ?? '')
  }
  await expect(violated(page)).toBeInViewport()

  await use(page.getByRole('button', { name: /^Why/ }))
  await expect(page.getByRole('tab', { name: 'Why' })).toHaveAttribute('aria-selected', 'true')
  await expect(page.locator('.panel .why')).toContainText(/schedules violate; complete/, PATIENCE)
  await page.keyboard.press('Escape')

  const fix = page.getByRole('switch', { name: /939b656bc8ab/ })
  await use(fix)
  await expect(fix).toBeChecked()
  await expect(page.locator('.status.is-violated')).toHaveCount(0)
  await use(fix)
  await expect(fix).not.toBeChecked()

  await use(page.getByRole('button', { name: 'Compare with the fix' }))
  await expect(page.locator('.compare-column')).toHaveCount(2)
  await use(page.getByRole('button', { name: 'Compare: leave it' }))
  await expect(page.locator('.compare-column')).toHaveCount(0)

  await use(page.getByRole('button', { name: /^Every interleaving/ }))
  await expect(page.locator('.explore')).toContainText('schedules', PATIENCE)
  await page.keyboard.press('Escape')

  await use(page.getByRole('link', { name: 'Lockstep', exact: true }))
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/step by step/)
}

test('with the keyboard alone', async ({ page }) => {
  test.slow()
  await path(page, {
    async use(control) {
      await expect(control).toBeVisible()
      // No control is farther than a page of tabs, and focus never gets caught.
      for (let tabs = 0; tabs < 80; tabs++) {
        if (await control.evaluate((element) => element === document.activeElement)) break
        await page.keyboard.press('Tab')
      }
      await expect(control).toBeFocused()
      await page.keyboard.press((await control.getAttribute('role')) === 'switch' ? 'Space' : 'Enter')
    },
    on: () => page.keyboard.press('PageDown'),
  })
})

test.describe('by touch', () => {
  test.use({ hasTouch: true, viewport: { width: 1024, height: 768 } })
  test('with taps alone', async ({ page }) => {
    test.slow()
    await path(page, {
      use: (control) => control.tap(),
      on: () => page.getByRole('button', { name: 'Next', exact: true }).tap(),
    })
  })
})
