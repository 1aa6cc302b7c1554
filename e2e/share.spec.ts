/** One panel to hand a moment on: the link in the forms that mails have, and the run as text beside it. */
import type { Page } from '@playwright/test'
import { bestPractice, objections } from './axe.ts'
import { expect, test } from './fixtures.ts'

test.use({ permissions: ['clipboard-read', 'clipboard-write'] })

const open = async (page: Page, path: string): Promise<void> => {
  await page.goto(path)
  await page.locator('.caption-says').waitFor()
  await page.keyboard.press('y')
  await expect(page.getByRole('dialog', { name: 'Share this moment' })).toBeVisible()
  await expect(page.locator('.share-preview')).toHaveAttribute('aria-busy', 'false')
}

/** What a mail program would be given, and in which forms. */
const clipboard = (page: Page): Promise<{ types: string[]; text: string }> =>
  page.evaluate(async () => {
    const [item] = await navigator.clipboard.read()
    const text = await navigator.clipboard.readText()
    return { types: [...(item?.types ?? [])], text }
  })

const lines = async (page: Page): Promise<string[]> => ((await page.locator('.share-preview').textContent()) ?? '').split('\n')

test('four forms are copied, each as plain text alone', async ({ page, baseURL }) => {
  await open(page, './append-hole/#/r1/k6.1~939b656/21')
  const url = `${baseURL}append-hole/#/r1/k6.1~939b656/21`
  const copied: string[] = []
  for (const name of ['Link', 'Reference', 'Tag', 'Text and link']) {
    await page.getByRole('button', { name: `Copy: ${name}`, exact: true }).click()
    await expect(
      page.locator('.share tr', { has: page.getByRole('button', { name: `Copy: ${name}`, exact: true }) }).getByRole('status'),
    ).toHaveText('copied')
    const { types, text } = await clipboard(page)
    expect(types).toEqual(['text/plain'])
    copied.push(text)
  }
  expect(copied.slice(0, 3)).toEqual([url, `[1] ${url}`, `Link: ${url} [1]`])
  const block = (copied[3] ?? '').split('\n')
  expect(block.slice(-2)).toEqual([url, ''])
  expect(block.join(' ')).toMatch(/step 21 of \d+, in a model of Linux 6\.1 with 939b656bc8ab, not the kernel:/)
  expect(block[0]).toMatch(/\S/)
})

test('the text is seen as it will be pasted, in the columns that are asked for', async ({ page }) => {
  await open(page, './append-hole/#/r1/k6.1/10')
  const form = page.getByLabel('Form')
  const seen = new Set<string>()
  for (const genre of ['steps', 'cpu', 'fiemap']) {
    await form.selectOption(genre)
    await expect(page.locator('.share-preview')).toHaveAttribute('aria-busy', 'false')
    for (const width of [64, 72, 79]) {
      await page.getByLabel('Columns').selectOption(String(width))
      await expect(page.locator('.share-preview')).toHaveAttribute('aria-busy', 'false')
      const all = await lines(page)
      expect(Math.max(...all.map((line) => line.length))).toBeLessThanOrEqual(width)
      expect(all.filter((line) => /[^\x20-\x7e]| $/.test(line))).toEqual([])
      seen.add(all.join('\n'))
    }
  }
  expect(seen.size).toBeGreaterThan(5)
  // No line is folded or cut where it is shown.
  const { scroll, client } = await page.locator('.share-preview').evaluate((pre) => ({ scroll: pre.scrollWidth, client: pre.clientWidth }))
  expect(scroll).toBe(client)
})

test('this step alone, and both kernels of a comparison', async ({ page }) => {
  await open(page, './append-hole/#/r1/21')
  const whole = (await lines(page)).length
  await page.getByLabel('Told by').selectOption('all')
  await page.getByLabel('Of', { exact: true }).selectOption('here')
  await expect.poll(async () => (await lines(page)).length).toBeLessThan(whole)
  await expect(page.locator('.share-preview')).toHaveAttribute('aria-busy', 'false')
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toBeHidden()
  await page.keyboard.press('c')
  await page.locator('.compare-column .caption-where').first().waitFor()
  await page.keyboard.press('y')
  await expect(page.locator('.share-preview')).toContainText('=== left ===')
  await expect(page.locator('.share-preview')).toContainText('=== right ===')
})

test('the keyboard is enough, and walks through the panel and not through the run', async ({ page }) => {
  await open(page, './append-hole/#/r1/5')
  const moment = await page.evaluate(() => location.hash)
  await expect(page.getByRole('button', { name: 'Copy: Link' })).toBeFocused()
  await page.keyboard.press('Enter')
  // A browser writes the clipboard in its own time.
  await expect.poll(async () => (await clipboard(page)).text).toContain('/append-hole/#/r1/5')
  for (const key of ['Tab', 'Tab', 'Tab', 'Tab']) await page.keyboard.press(key)
  await expect(page.getByLabel('Form')).toBeFocused()
  await page.keyboard.press('ArrowDown')
  await expect(page.getByLabel('Form')).not.toHaveValue('steps')
  for (const key of ['Tab', 'Tab', 'Tab', 'Tab', 'PageDown', 'End', 'ArrowRight']) await page.keyboard.press(key)
  expect(await page.evaluate(() => location.hash)).toBe(moment)
  await page.keyboard.press('y')
  await expect(page.getByRole('dialog')).toBeHidden()
  await page.keyboard.press('ArrowRight')
  await expect.poll(() => page.evaluate(() => location.hash)).not.toBe(moment)
})

test('of a run of one’s own the link is long: the panel says so and puts the text first', async ({ page }) => {
  await open(page, `./append-hole/#/r1/sA12`)
  await expect(page.locator('.share')).toContainText('it stays whole in a line of 72 columns')
  await page.keyboard.press('Escape')
  // Another task goes on, late in the run, and that is compared with the run that was left.
  await page.goto('./fsync-overlap/#/r1/36')
  await page.locator('.caption-says').waitFor()
  await page.keyboard.press('1')
  await expect.poll(() => page.evaluate(() => location.hash)).toMatch(/\/sA\d/)
  await page.keyboard.press('d')
  await page.locator('.compare-column .caption-where').first().waitFor()
  await page.keyboard.press('y')
  await expect(page.locator('.share')).toContainText('longer than a line of a mail')
  await expect(page.getByRole('button', { name: 'Copy: Text and link' })).toHaveClass('button-main')
})

test('it passes axe, and nothing in it is wider than a small window', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 640 })
  await open(page, './append-hole/#/r1/10')
  expect(await objections(page, { inside: '.share', tags: bestPractice })).toEqual([])
  const box = await page.locator('.share').boundingBox()
  expect((box?.x ?? -1) + (box?.width ?? 999)).toBeLessThanOrEqual(360)
  expect(await page.locator('.share').evaluate((dialog) => dialog.scrollWidth - dialog.clientWidth)).toBe(0)
})
