/** The timeline as a reader sees it: what a run does can be read without hovering, and a step moves nothing but its marks. */
import type { Page } from '@playwright/test'
import { expect, test } from './fixtures.ts'

const timeline = '.lens-timeline'
const open = async (page: Page, at: string): Promise<void> => {
  await page.goto(`./${at}`)
  await expect(page.locator(`${timeline} .timeline-call-name`).first()).toBeVisible()
}
const known = (page: Page) => expect(page.locator(timeline)).not.toContainText('asking every interleaving')
const height = (page: Page): Promise<number> => page.locator(timeline).evaluate((lens) => lens.getBoundingClientRect().height)

test.use({ viewport: { width: 1366, height: 768 }, reducedMotion: 'reduce' })

test('the calls of fsync-overlap are named, and no name lies over another or is smaller than 11 pixels', async ({ page }) => {
  await open(page, 'fsync-overlap/#/r1/20')
  for (const name of ['fsync', 'btrfs_sync_file', 'btrfs_log_inode', 'copy_inode_items_to_log', 'mmap_writer', 'btrfs_page_mkwrite'])
    await expect(page.locator(`${timeline} .timeline-call-name`, { hasText: new RegExp(`^${name}$`) })).toBeVisible()
  const texts = await page
    .locator('.timeline-above text')
    .evaluateAll((all) =>
      all.map((text) => ({ box: text.getBoundingClientRect(), size: parseFloat(getComputedStyle(text).fontSize), says: text.textContent })),
    )
  for (const [i, a] of texts.entries()) {
    expect(a.size, a.says).toBeGreaterThanOrEqual(11)
    for (const b of texts.slice(i + 1)) {
      const apart = a.box.right <= b.box.left || b.box.right <= a.box.left || a.box.bottom - 4 <= b.box.top || b.box.bottom - 4 <= a.box.top
      expect(apart, `${a.says} and ${b.says}`).toBe(true)
    }
  }
})

for (const scenario of ['append-hole', 'fsync-torn', 'bcachefs-restart'])
  test(`no step of ${scenario} changes the height of the timeline, and none draws the bands again`, async ({ page }) => {
    await open(page, `${scenario}/#/r1/0`)
    await known(page)
    const before = await height(page)
    await page.evaluate(() => {
      const seen = { changes: 0 }
      Object.assign(window, { seen })
      const watch = new MutationObserver((records) => (seen.changes += records.length))
      for (const part of document.querySelectorAll('.timeline-row, .timeline-above'))
        watch.observe(part, { subtree: true, childList: true, attributes: true, characterData: true })
    })
    const heights = await page.locator('.timeline-scrubber').evaluate(async (scrubber, lens) => {
      const seen: string[] = []
      for (let n = 1; n <= Number(scrubber.getAttribute('aria-valuemax')); n++) {
        scrubber.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true, cancelable: true }))
        while (scrubber.getAttribute('aria-valuenow') !== `${n}`) await new Promise(requestAnimationFrame)
        // The rest of the timeline comes last, after the pictures.
        while (!document.querySelector('.timeline-here')?.textContent.startsWith(`step ${n} of`)) await new Promise(requestAnimationFrame)
        seen.push(`step ${n}: ${document.querySelector(lens)?.getBoundingClientRect().height}`)
      }
      return seen
    }, timeline)
    expect(heights.length).toBeGreaterThan(5)
    expect(heights).toEqual(heights.map((_, i) => `step ${i + 1}: ${before}`))
    expect(await page.evaluate(() => (window as unknown as { seen: { changes: number } }).seen.changes)).toBe(0)
  })

test('a click on a call goes to the step under it, and the line below says which calls that is in', async ({ page }) => {
  await open(page, 'fsync-overlap/#/r1/0')
  await page.locator('.timeline-cell', { has: page.locator('title', { hasText: /^step 11,/ }) }).click()
  await expect(page.locator('.timeline-scrubber')).toHaveAttribute('aria-valuenow', '11')
  await expect(page.locator('.timeline-stack')).toHaveText(/fsync › btrfs_sync_file › btrfs_log_inode › copy_inode_items_to_log/)
})

test('locks that are held are drawn when they are asked for, with the steps that take and release them', async ({ page }) => {
  await open(page, 'fsync-overlap/#/r1/20')
  await expect(page.locator('.timeline-held')).toHaveCount(0)
  await page.getByLabel('locks held').check()
  await expect(page.locator('.timeline-held title').filter({ hasText: /^A holds inode lock from step \d+ until step \d+$/ })).toHaveCount(1)
})

test('a wait is hatched and says for what and who holds it', async ({ page }) => {
  await open(page, 'append-unlock/#/r1/20')
  await expect(page.locator('.timeline-words', { hasText: 'waits for inode lock, held by A' })).toBeVisible()
  await open(page, 'dio-mmap-deadlock/#/r1/8')
  await expect(page.locator('.timeline-words', { hasText: /^waits for .*, held by A$/ })).toBeVisible()
})

test('a run of 94 steps folds calls, opens the one that is entered, and all of them on request', async ({ page }) => {
  await open(page, 'append-hole/#/r1/oappenders-2/0')
  const folded = page.locator('.timeline-call.is-folded')
  const before = await folded.count()
  expect(before).toBeGreaterThan(1)
  const high = await height(page)
  const fold = await folded.first().locator('title').textContent()
  const from = Number(/from step (\d+)/.exec(fold ?? '')?.[1])
  await page.locator('.timeline-scrubber').press('Home')
  await page.locator('.timeline-scrubber').focus()
  for (let n = 0; n < from; n++) await page.keyboard.press('ArrowRight')
  await expect(folded).toHaveCount(before - 1)
  expect(await height(page)).toBe(high)
  await page.getByLabel('all calls').check()
  await expect(folded).toHaveCount(0)
  expect(await height(page)).toBe(high)
})

test('a step shows its sentence and the line first, then the pictures, then what stands around them, and all are of one step', async ({
  page,
}) => {
  await open(page, 'fsync-torn/#/r1/0')
  await known(page)
  await page.getByLabel('Stop at').selectOption('all')
  await page.locator('h1').click()
  await page.evaluate(() => {
    const parts = {
      sentence: '.story-told, .story-told *',
      line: '.timeline-handle, .timeline-handle *',
      pictures: '.lead-picture, .lead-picture *',
      around: '.timeline-here',
    }
    const seen: Record<string, number> = {}
    Object.assign(window, { seen })
    let frame = 0
    const count = (): void => {
      frame++
      requestAnimationFrame(count)
    }
    count()
    new MutationObserver((changes) => {
      for (const { target } of changes) {
        const element = target instanceof Element ? target : target.parentElement
        for (const [part, selector] of Object.entries(parts)) if (element?.matches(selector)) seen[part] ??= frame
      }
    }).observe(document, { subtree: true, childList: true, characterData: true, attributes: true })
  })
  for (let step = 1; step <= 10; step++) {
    await page.evaluate(() => {
      const { seen } = window as unknown as { seen: Record<string, number> }
      for (const part of Object.keys(seen)) Reflect.deleteProperty(seen, part)
    })
    await page.keyboard.press('ArrowRight')
    await expect(page.locator('.timeline-here')).toHaveText(new RegExp(`^step ${step} of `))
    await expect(page.locator('.caption-where')).toContainText(`step ${step} of `)
    const { sentence, line, pictures, around } = await page.evaluate(() => (window as unknown as { seen: Record<string, number> }).seen)
    expect(line).toBe(sentence)
    // Not every step changes a picture.
    if (pictures !== undefined) expect(pictures).toBeGreaterThan(sentence ?? Infinity)
    expect(around).toBeGreaterThan(pictures ?? sentence ?? Infinity)
  }
})

test('what is read, found and heard is the sentence of the step alone, and the line stands under its handle', async ({ page }) => {
  await open(page, 'fsync-torn/#/r1/0')
  await known(page)
  await page.getByLabel('Stop at').selectOption('all')
  await page.locator('h1').click()
  const live = await page.locator('.story-told [aria-live=polite]').elementHandle()
  const look = () =>
    page.evaluate(() => {
      const says = document.querySelectorAll('.caption-says')
      const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id)
      const line = document.querySelector('.timeline-plumb')?.getBoundingClientRect()
      const handle = document.querySelector('.timeline-handle > span')?.getBoundingClientRect()
      const off = line && handle ? Math.abs(line.left + line.width / 2 - handle.left - handle.width / 2) : Infinity
      return { says: says.length, twice: ids.filter((id, i) => ids.indexOf(id) !== i), off }
    })
  const said = new Set<string>()
  for (const [step, key] of [
    [1, 'ArrowRight'],
    [2, 'ArrowRight'],
    [1, 'ArrowLeft'],
    [45, 'End'],
    [44, 'ArrowLeft'],
    [0, 'Home'],
  ] as const) {
    await page.keyboard.press(key)
    // In the task of the key, not some time later.
    expect(await page.locator('.caption-where').textContent()).toContain(`step ${step} of 45`)
    const { says, twice, off } = await look()
    expect(says).toBe(1)
    expect(twice).toEqual([])
    // The line stands under its handle.
    expect(off).toBeLessThan(1)
    said.add((await live?.textContent()) ?? '')
  }
  // It is one region that changes what it says: steps 0, 1, 2, 44 and 45.
  expect(said.size).toBe(5)
  expect(await live?.evaluate((one) => one.isConnected)).toBe(true)
})
