/** A reader at the page of one scenario: walks, switches the fix, compares, branches, searches, and hands on a link. */
import type { Page } from '@playwright/test'
import { expect, tab, test } from './fixtures.ts'

const start = './append-hole/#/r1'
const says = (page: Page) => page.locator('.caption-says').first()
const violated = (page: Page) => page.locator('.status.is-violated').first()
const at = (page: Page, pattern: RegExp) => expect.poll(() => page.evaluate(() => location.hash)).toMatch(pattern)

async function open(page: Page, address = start): Promise<void> {
  await page.goto(address)
  await expect(says(page)).toBeVisible()
}

/** Presses a key until something is there; the walk is short. */
async function pressUntil(page: Page, key: string, done: () => Promise<boolean>): Promise<void> {
  for (let i = 0; i < 60 && !(await done()); i++) {
    const before = page.url()
    await page.keyboard.press(key)
    await expect.poll(() => page.url()).not.toBe(before)
  }
  expect(await done()).toBe(true)
}

test('the first screen says what should have happened, what happens, and which key to press', async ({ page }) => {
  await open(page)
  await expect(page.getByText('What should happen')).toBeVisible()
  await expect(page.getByText('What happens in this run')).toBeVisible()
  await expect(page.locator('.caption').first()).toContainText('next moment')
})

test('the keyboard alone leads to the damage and back', async ({ page }) => {
  await open(page)
  await pressUntil(page, 'ArrowRight', () => violated(page).isVisible())
  await expect(violated(page)).toContainText(/violated/i)
  await page.keyboard.press('Home')
  await at(page, /^#\/r1$/)
  await expect(page.locator('.status.is-violated')).toHaveCount(0)
  await page.keyboard.press('End')
  await page.keyboard.press('s')
  await expect(page.getByRole('heading', { name: 'What you just saw' })).toBeVisible()
})

test('the fix keeps the place, takes the damage away and is in the address', async ({ page }) => {
  await open(page)
  await page.keyboard.press('End')
  await expect(violated(page)).toBeVisible()
  await page.keyboard.press('x')
  await at(page, /~939b656/)
  await expect(page.getByRole('switch', { name: /939b656bc8ab/ })).toBeChecked()
  await page.keyboard.press('End')
  await expect(page.locator('.status')).toContainText('hold')
  await expect(page.locator('.status.is-violated')).toHaveCount(0)
})

test('a copied link shows the same caption at the same step to somebody else', async ({ page, context, browser, baseURL }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await open(page)
  for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowRight')
  await at(page, /\/\d+$/)
  const said = await says(page).textContent()
  await page.getByRole('button', { name: 'Share' }).click()
  await page.getByRole('button', { name: 'Copy: Link' }).click()
  await expect(page.getByText('copied')).toBeVisible()
  const link = await page.evaluate(() => navigator.clipboard.readText())
  expect(link).toBe(page.url())
  expect(link.slice((baseURL ?? '').length).length).toBeLessThanOrEqual(44)
  const other = await (await browser.newContext()).newPage()
  await other.goto(link)
  await expect(says(other)).toHaveText(said ?? '')
  expect(other.url()).toBe(link)
  await other.context().close()
})

test('back, forward and reload keep the place', async ({ page }) => {
  await open(page)
  await page.keyboard.press('ArrowRight')
  await at(page, /\/\d+$/)
  // What is read, without the explanations of terms, which come when they have loaded.
  const read = { useInnerText: true }
  const [first, said] = [page.url(), await says(page).innerText()]
  await page.keyboard.press('ArrowRight')
  await expect(says(page)).not.toHaveText(said, read)
  // The address follows the pictures.
  await expect(page).not.toHaveURL(first)
  const second = page.url()
  await page.goBack()
  expect(page.url()).toBe(first)
  await expect(says(page)).toHaveText(said, read)
  await page.goForward()
  expect(page.url()).toBe(second)
  await page.goBack()
  await page.reload()
  await expect(says(page)).toHaveText(said, read)
  expect(page.url()).toBe(first)
})

test('Back undoes the step that is seen, also where it is pressed before the address was written', async ({ page }) => {
  await open(page)
  await page.keyboard.press('ArrowRight')
  await at(page, /\/\d+$/)
  const read = { useInnerText: true }
  const [first, said] = [page.url(), await says(page).innerText()]
  await page.evaluate(() => {
    dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', cancelable: true }))
    history.back()
  })
  await expect(page).toHaveURL(first)
  await expect(says(page)).toHaveText(said, read)
})

test('playing writes one entry of history, however far it goes', async ({ page }) => {
  await open(page)
  await page.keyboard.press('ArrowRight')
  await at(page, /\/\d+$/)
  const entries = await page.evaluate(() => history.length)
  await page.getByLabel('Speed').selectOption({ label: '4 / s' })
  await page.getByRole('button', { name: 'Play' }).click()
  await expect(page.locator('.caption-where')).toContainText('step 45 of 45', { timeout: 20_000 })
  expect(await page.evaluate(() => history.length)).toBe(entries)
})

test('another task can be let run, and the line that was left can be gone back to', async ({ page }) => {
  await open(page)
  await page.getByLabel('Stop at').selectOption('all')
  const others = page.getByRole('button', { name: /let . run here/ })
  await page.locator('.page-brand').focus()
  await pressUntil(page, 'ArrowRight', async () => (await others.count()) > 0)
  const before = page.url()
  await page.keyboard.press('1')
  await at(page, /\/s[A-Za-z]/)
  await page
    .getByRole('button', { name: /^back to step/ })
    .first()
    .click()
  await expect.poll(() => page.url()).toBe(before)
})

test('every interleaving is counted, and each outcome opens', async ({ page }) => {
  await open(page)
  await page.keyboard.press('e')
  await expect(page.locator('.explore-count')).toContainText(/[\d,.]+( \w+)? of [\d,.]+( \w+)? schedules violate; complete/, {
    timeout: 30_000,
  })
  await page.locator('.explore-all summary').click()
  await expect(page.getByText('they are not probabilities')).toBeVisible()
  await page.locator('.explore tr.is-violated').getByRole('button', { name: /^open/ }).first().click()
  await at(page, /\/s[A-Za-z]/)
  await page.keyboard.press('End')
  await expect(violated(page)).toBeVisible()
})

test('keys in a field stay with the field', async ({ page }) => {
  await open(page)
  const before = page.url()
  await tab(page, 'Kernel')
  await page.getByRole('combobox', { name: 'Kernel' }).focus()
  await page.keyboard.press('Home')
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('ArrowLeft')
  await expect(page.locator('.caption-where').first()).toContainText('step 0 of')
  expect(page.url().replace(/\/k[^/]*/, '')).toBe(before)
})

test('a clicker can blank the screen and begin a talk without a reload', async ({ page }) => {
  await open(page)
  await page.keyboard.press('PageDown')
  await at(page, /\/\d+$/)
  await page.keyboard.press('.')
  await expect(page.getByRole('button', { name: 'Show the page again' })).toBeVisible()
  await page.keyboard.press('.')
  await expect(page.getByRole('button', { name: 'Show the page again' })).toHaveCount(0)
  await page.keyboard.press('F5')
  await at(page, /\/vt$/)
  await page.keyboard.press('Escape')
  await at(page, /\/\d+$/)
})

test('a kernel term opens two sentences and a picture', async ({ page }) => {
  await open(page)
  const term = page.locator('button.term').first()
  await term.click()
  const card = page.locator('.term-card:popover-open')
  await expect(card).toBeVisible()
  await expect(card.locator('svg')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(card).toHaveCount(0)
})

for (const [width, height] of [
  [1920, 1080],
  [1024, 768],
  [390, 844],
] as const)
  test(`nothing is wider than a screen of ${width} by ${height}`, async ({ page }) => {
    await page.setViewportSize({ width, height })
    await open(page)
    await page.keyboard.press('End')
    await expect(violated(page)).toBeVisible()
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width)
    const next = await page.getByRole('button', { name: 'Back', exact: true }).boundingBox()
    expect(next && next.y + next.height).toBeLessThanOrEqual(height)
  })
