/** A page for a room: read from the last row, walked with a clicker, from one link of a talk to the next. */
import type { Page } from '@playwright/test'
import { readFileSync } from 'node:fs'
import { scenarioIds } from '../src/scenarios/catalog.ts'
import { expect, test } from './fixtures.ts'

const screens = [
  [1920, 1080],
  [1280, 720],
  [1024, 768],
] as const

/** What is too small, too thin, cut, outside or over another; now, or at every moment on the way to the end. */
const complaints = (page: Page, walks = false): Promise<string[]> =>
  page.evaluate(async (walks) => {
    const all: string[] = []
    // The pictures follow the sentence: they are there when the page has nothing left to do.
    const drawn = (): Promise<unknown> => new Promise((done) => requestAnimationFrame(() => requestIdleCallback(done, { timeout: 2000 })))
    const slider = document.querySelector('[role=slider]')
    for (let moments = 0; moments < 40; moments++) {
      all.push(...look())
      if (!walks || slider?.getAttribute('aria-valuenow') === slider?.getAttribute('aria-valuemax')) break
      dispatchEvent(new KeyboardEvent('keydown', { key: 'PageDown', cancelable: true }))
      await drawn()
    }
    return [...new Set(all)]

    function look(): string[] {
      const found: string[] = []
      // 540 units fill the screen from top to bottom: 12 units are 24 px where there are 1080 lines.
      const unit = Math.min(innerHeight / 540, innerWidth / 840)
      const seen = (element: Element): boolean =>
        getComputedStyle(element).visibility === 'visible' && !element.closest('.ghosts, .transport, .lens-hidden, title, defs')
      const scaleOf = (element: Element): number => (element instanceof SVGGraphicsElement ? (element.getScreenCTM()?.a ?? 1) : 1)
      const texts = document.createTreeWalker(document.querySelector('.scenario') ?? document.body, NodeFilter.SHOW_TEXT)
      while (texts.nextNode()) {
        const text = texts.currentNode
        const element = text.parentElement
        if (!element || !text.textContent?.trim() || element.closest('kbd')) continue
        const range = document.createRange()
        range.selectNodeContents(text)
        if (!seen(element) || range.getBoundingClientRect().width === 0) continue
        const size = parseFloat(getComputedStyle(element).fontSize) * scaleOf(element)
        if (size < 12 * unit - 0.05) found.push(`${size.toFixed(1)} px: ${text.textContent}`)
      }
      for (const shape of document.querySelectorAll<SVGGraphicsElement>(':is(.stage, .run-timeline) :is(path, rect, circle)')) {
        const style = getComputedStyle(shape)
        const isPattern = shape.closest('pattern') !== null
        if (style.stroke === 'none' || (!isPattern && !seen(shape)) || shape.closest('.ghosts, .lens-icon')) continue
        const scale = isPattern ? scaleOf(shape.closest('svg')?.querySelector('text') ?? shape) : scaleOf(shape)
        const width = parseFloat(style.strokeWidth) * scale
        if (width < unit - 0.05)
          found.push(`a line of ${width.toFixed(2)} px: ${shape.parentElement?.getAttribute('class')} ${shape.getAttribute('class')}`)
      }
      const parts = [...document.querySelectorAll('h1, .story-row, .stage > .lead-picture, .run-timeline, .legend-row')]
      if (parts.length < 4) found.push(`only ${parts.length} parts`)
      for (const [i, part] of parts.entries()) {
        const box = part.getBoundingClientRect()
        if (box.left < 0 || box.top < 0 || box.right > innerWidth + 1 || box.bottom > innerHeight + 1)
          found.push(`${part.className} is outside`)
        if (part.scrollHeight > part.clientHeight + 1 || part.scrollWidth > part.clientWidth + 1) found.push(`${part.className} is cut`)
        for (const other of parts.slice(i + 1)) {
          const beside = other.getBoundingClientRect()
          const [wide, high] = [
            Math.min(box.right, beside.right) - Math.max(box.left, beside.left),
            Math.min(box.bottom, beside.bottom) - Math.max(box.top, beside.top),
          ]
          if (wide > 1 && high > 1) found.push(`${part.className} and ${other.className} overlap`)
        }
      }
      const { scrollHeight, scrollWidth } = document.documentElement
      if (scrollHeight > innerHeight || scrollWidth > innerWidth) found.push('the page scrolls')
      return found
    }
  }, walks)

for (const [size, [width, height]] of screens.entries())
  for (const id of scenarioIds.filter((_, i) => process.env['LONG'] === '1' || i % 6 === size * 2))
    test(`${id} is read from the last row at ${width} by ${height}, at every moment`, async ({ page }) => {
      await page.setViewportSize({ width, height })
      await page.goto(`./${id}/#/r1/vt`)
      await expect(page.locator('.stage > .lead-picture').first()).toBeVisible()
      await page.evaluate(() => document.fonts.ready)
      await expect.poll(() => complaints(page)).toEqual([])
      expect(await complaints(page, true)).toEqual([])
      // What is broken is said in a sentence, and the headline of the moment stands above it.
      const broken = page.locator('.status.is-violated')
      await expect(broken).toBeInViewport({ ratio: 1 })
      const least = Math.floor((height * 24) / 1080)
      for (const text of [page.locator('.caption > p').first(), broken])
        expect(await text.evaluate((element) => parseFloat(getComputedStyle(element).fontSize))).toBeGreaterThanOrEqual(least)
    })

test('the locals in which the bug is seen are in the talk: last_folio_pos, which was never set', async ({ page }) => {
  for (const [width, height] of screens) {
    await page.setViewportSize({ width, height })
    await page.goto('./bcachefs-lockless/#/r1/21/vt')
    await expect(page.getByRole('rowheader', { name: 'last_folio_pos' })).toBeInViewport({ ratio: 1 })
  }
})

test('what the patterns of the run mean is said for as long as the speaker wants, over nothing, and from one stop to the next', async ({
  page,
}) => {
  await keep(page, talk)
  await page.setViewportSize({ width: 1920, height: 1080 })
  await page.goto('./#/append-hole/r1/vt')
  await page.locator('.stage > .lead-picture').first().waitFor()
  await page.keyboard.press('k')
  const legend = page.getByRole('list', { name: 'Legend' })
  await expect(legend).toContainText('data, with the letter of who wrote them')
  // In this run nothing is preallocated.
  await expect(legend).not.toContainText('unwritten')
  await expect.poll(() => complaints(page)).toEqual([])
  expect(await complaints(page, true)).toEqual([])
  await page.keyboard.press('t')
  await page.getByRole('button', { name: 'Start' }).click()
  await page.keyboard.press('End')
  await page.keyboard.press('PageDown')
  await expect.poll(() => title(page)).toContain('A buffer changes between its checksum and the disk')
  await expect(legend).toBeInViewport({ ratio: 1 })
  await page.keyboard.press('k')
  await expect(legend).toHaveCount(0)
})

test('nothing that the next stop shows is asked for when one crosses to it, and nothing is waited for', async ({ page }) => {
  await keep(page, talk)
  await page.addInitScript(() => {
    const asked: string[] = []
    Object.assign(window, { asked })
    const Plain = window.Worker
    window.Worker = class extends Plain {
      override postMessage(message: { kind: string; run?: { scenario: string } }): void {
        if (message.kind === 'trace') asked.push(message.run?.scenario ?? '')
        super.postMessage(message)
      }
    }
  })
  const asked = (): Promise<string[]> => page.evaluate(() => [...(window as unknown as { asked: string[] }).asked])
  await page.goto('./#/append-hole/r1')
  await page.locator('.stage > .lead-picture').first().waitFor()
  await page.keyboard.press('t')
  await page.getByRole('button', { name: 'Start' }).click()
  await expect.poll(asked).toEqual(['append-hole', 'dio-csum'])
  await page.keyboard.press('End')
  await page.keyboard.press('PageDown')
  await expect.poll(() => title(page)).toContain('A buffer changes between its checksum and the disk')
  // The stop after that, and not this one again.
  await expect.poll(asked).toEqual(['append-hole', 'dio-csum', 'fsync-overlap'])
})

test('a key that is held down walks no faster than one can follow', async ({ page }) => {
  await page.goto('./append-hole/#/r1')
  await page.getByLabel('Stop at').selectOption('all')
  const took = await page.evaluate(() => {
    const began = performance.now()
    for (let i = 0; i < 200; i++)
      document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', repeat: true, bubbles: true, cancelable: true }))
    return performance.now() - began
  })
  await expect.poll(() => step(page)).toBeGreaterThan(0)
  // One for the first, and one for each twelfth of a second that the loop took.
  expect(await step(page)).toBeLessThanOrEqual(1 + Math.ceil(took / 80))
})

test.describe('where motion is not wanted', () => {
  test.use({ contextOptions: { reducedMotion: 'reduce' } })
  test('a moment is there at once, and what it changed stays marked', async ({ page }) => {
    await page.goto('./append-hole/#/r1/vt')
    await page.locator('.stage > .lead-picture').first().waitFor()
    const found = await page.evaluate(async () => {
      let [moved, marked] = [0, 0]
      addEventListener('transitionrun', () => moved++, { capture: true })
      addEventListener('animationstart', () => moved++, { capture: true })
      const slider = document.querySelector('[role=slider]')
      while (slider?.getAttribute('aria-valuenow') !== slider?.getAttribute('aria-valuemax')) {
        document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'PageDown', bubbles: true, cancelable: true }))
        await new Promise((done) => requestAnimationFrame(() => requestIdleCallback(done)))
        // One that is paused only says where something stands.
        moved += document.getAnimations().filter(({ playState }) => playState === 'running').length
        const marks = document.querySelectorAll('.stage .lens-change')
        await new Promise(requestAnimationFrame)
        marked += [...marks].filter((mark) => mark.isConnected && getComputedStyle(mark).opacity === '1').length
      }
      return { moved, marked }
    })
    expect(found.moved).toBe(0)
    expect(found.marked).toBeGreaterThan(0)
  })
})

test('a comparison has the file of both sides, and is read from the last row too', async ({ page }) => {
  await page.setViewportSize({ width: 1920, height: 1080 })
  await page.goto('./append-hole/#/r1/40/vc/vt')
  await expect(page.locator('.comparison .lead-picture.is-extent-strip')).toHaveCount(2)
  await expect.poll(() => complaints(page)).toEqual([])
})

test('a deadlock says who waits for whom, and the locks lie over nothing', async ({ page }) => {
  await page.setViewportSize({ width: 1280, height: 720 })
  await page.goto('./dio-mmap-deadlock/#/r1/8/vt')
  await expect(page.locator('.status.is-violated')).toContainText('A waits for')
  await expect.poll(() => complaints(page)).toEqual([])
})

const six = ['append-hole', 'dio-csum', 'fsync-overlap', 'fsync-torn', 'bcachefs-lockless', 'dio-short-read']
const talk = [
  'Six bugs, for the speaker alone.',
  ...six.map((id, i) => `${i % 2 === 0 ? `https://example.org/lockstep/${id}/#/r1` : `#/${id}/r1`}\nWhat I say of ${id}.\n`),
].join('\n')

/** Keeps a talk in the browser before the page comes. */
const keep = async (page: Page, text: string): Promise<void> => {
  await page.addInitScript((kept) => localStorage.setItem('lockstep-talk', kept), text)
}

const title = (page: Page): Promise<string> => page.locator('h1').innerText()
const step = async (page: Page): Promise<number> => Number(await page.getByRole('slider').getAttribute('aria-valuenow'))

test('with PageDown, PageUp and the full stop alone: a talk of six scenarios, there and back', async ({ page }) => {
  await keep(page, talk)
  await page.goto('./#/append-hole/r1')
  await expect(page.locator('.caption-says')).toBeVisible()
  await page.keyboard.press('t')
  await page.getByRole('button', { name: 'Start' }).click()
  await expect(page.locator('html')).toHaveAttribute('data-talk', '')
  const shown = (): Promise<string> => page.evaluate(() => location.hash.split('/')[1] ?? '')
  const seen: string[] = []
  for (let presses = 0; presses < 150; presses++) {
    const here = await shown()
    if (seen.at(-1) !== here) seen.push(here)
    const before = [here, await step(page)].join()
    if (here === six.at(-1) && (await step(page)) === Number(await page.getByRole('slider').getAttribute('aria-valuemax'))) break
    await page.keyboard.press('PageDown')
    await expect.poll(async () => [await shown(), await step(page)].join()).not.toBe(before)
  }
  expect(seen).toEqual(six)
  await page.keyboard.press('.')
  await expect(page.getByRole('button', { name: 'Show the page again' })).toBeVisible()
  await page.keyboard.press('.')
  await expect(page.getByRole('button', { name: 'Show the page again' })).toHaveCount(0)
  // Back through all of the last one, into the end of the one before.
  await page.keyboard.press('Home')
  await page.keyboard.press('PageUp')
  await expect.poll(shown).toBe('bcachefs-lockless')
  await expect.poll(async () => String(await step(page))).toBe(await page.getByRole('slider').getAttribute('aria-valuemax'))
})

test('the second window has clock, moment, next moment and notes, and its keys walk the page', async ({ page, context }) => {
  await keep(page, talk)
  await page.goto('./#/append-hole/r1')
  await expect(page.locator('.caption-says')).toBeVisible()
  await page.keyboard.press('t')
  await page.getByRole('button', { name: 'Start' }).click()
  const opened = context.waitForEvent('page')
  await page.keyboard.press('n')
  const notes = await opened
  await expect(notes.getByRole('region', { name: 'Notes' })).toContainText('What I say of append-hole.')
  await expect(notes.locator('.talk-clock')).toContainText(/\d\d:\d\d/)
  const next = (await notes.getByRole('region', { name: 'Next' }).locator('p').innerText()).replace(/^Step \d+: /, '')
  await notes.keyboard.press('PageDown')
  await expect(page.locator('.caption-beat')).toHaveText(next)
  await page.keyboard.press('End')
  await expect(notes.getByRole('region', { name: 'Next' })).toContainText('A buffer changes between its checksum and the disk')
  await page.keyboard.press('PageDown')
  await expect(notes.getByRole('region', { name: 'Notes' })).toContainText('What I say of dio-csum.')
  await notes.getByRole('button', { name: /A direct read of 8K/ }).click()
  await expect.poll(() => title(page)).toContain('A direct read of 8K')
})

test('a talk is built by adding views, saved and loaded as a text, and says which line it cannot show', async ({ page }) => {
  await page.goto('./append-hole/#/r1/12/vt')
  await expect(page.locator('.caption-says')).toBeVisible()
  await page.keyboard.press('t')
  await page.getByRole('button', { name: 'Add this view' }).click()
  const text = page.getByRole('textbox', { name: 'The text of the talk' })
  await expect(text).toHaveValue(/\/append-hole\/#\/r1\/12\n$/)
  const saved = page.waitForEvent('download')
  await page.getByRole('link', { name: 'Save as talk.txt' }).click()
  const path = await (await saved).path()
  expect(readFileSync(path, 'utf8')).toBe(await text.inputValue())
  await page.getByLabel('Load').setInputFiles({
    name: 'mine.txt',
    mimeType: 'text/plain',
    buffer: Buffer.from('append-hole/#/r1/99999\nnever\n#/append-hole/rx\nno\nfsync-torn/#/r1/3\nyes\n'),
  })
  await expect(page.getByText(/^Line 3 cannot be shown and is passed over/)).toBeVisible()
  await expect(page.getByRole('button', { name: 'fsync-torn, step 3' })).toBeVisible()
  await page.reload()
  await expect(page.locator('.caption-says')).toBeVisible()
  await page.keyboard.press('t')
  await expect(text).toHaveValue(/fsync-torn/)
})

test('the room gets the address, large and as a code, without the size of the talk in it', async ({ page }) => {
  await page.goto('./append-hole/#/r1/12/vt')
  await expect(page.locator('.caption-says')).toBeVisible()
  await page.keyboard.press('q')
  await expect(page.getByRole('img', { name: 'QR code' })).toBeVisible()
  await expect(page.locator('.talk-address-text')).toHaveText(/\/append-hole\/#\/r1\/12$/)
  await page.keyboard.press('q')
  await expect(page.locator('.talk-address')).toHaveCount(0)
})

test('F5 enters and leaves the talk at the same step without a reload; the size that the viewer chose wins over every link', async ({
  page,
}) => {
  await page.goto('./append-hole/#/r1/12/vt')
  await expect(page.locator('.caption-says')).toBeVisible()
  await page.evaluate(() => document.documentElement.setAttribute('data-same', ''))
  const size = (): Promise<number> => page.locator('.caption-says').evaluate((text) => parseFloat(getComputedStyle(text).fontSize))
  const large = await size()
  for (const _ of [1, 2, 3]) await page.keyboard.press('-')
  await expect.poll(size).toBeLessThan(large * 0.8)
  const chosen = await size()
  await page.keyboard.press('F5')
  await expect(page.locator('html')).not.toHaveAttribute('data-talk')
  await page.keyboard.press('F5')
  await expect(page.locator('html')).toHaveAttribute('data-same', '')
  expect(await step(page)).toBe(12)
  await page.goto('./append-hole/#/r1/20/vt')
  await page.reload()
  await expect.poll(size).toBeCloseTo(chosen, 0)
})

test.describe('on a machine that is dark', () => {
  test.use({ colorScheme: 'dark' })
  test('a talk is light, unless its speaker chose dark', async ({ page }) => {
    await page.goto('./append-hole/#/r1/12/vt')
    await expect(page.locator('html')).toHaveAttribute('data-theme', 'light')
    await page.keyboard.press('Escape')
    await expect(page.locator('html')).not.toHaveAttribute('data-theme')
    await page.getByLabel('Colours').selectOption('dark')
    await page.keyboard.press('F5')
    await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
  })
})
