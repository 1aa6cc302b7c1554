/** Two runs beside each other: both verdicts, the first difference said once, what a side waits for, and nothing moves. */
import type { Locator, Page } from '@playwright/test'
import { cards } from '../src/scenarios/cards.generated.ts'
import { scenarioIds } from '../src/scenarios/catalog.ts'
import { objections } from './axe.ts'
import { expect, test } from './fixtures.ts'

const open = async (page: Page, address: string): Promise<void> => {
  await page.goto(address)
  await expect(page.locator('.compare-column .caption-where').last()).toBeVisible()
}

const column = (page: Page, side: 'left' | 'right') => page.locator('.compare-column').nth(side === 'left' ? 0 : 1)

/** Where everything is that must not move, and what reaches out of the window. */
const look = (page: Page): Promise<{ boxes: string[]; outside: string[] }> =>
  page.evaluate(() => {
    const parts = [...document.querySelectorAll('.diverged, .compare-name, .story-row, .stage, .lead-picture, .run-timeline, .transport')]
    const outside = [...parts, ...document.querySelectorAll('h1, .verdict > div, .caption > :first-child')].filter((part) => {
      const { left, top, right, bottom } = part.getBoundingClientRect()
      return left < 0 || top < 0 || right > innerWidth || bottom > innerHeight + 0.5
    })
    const place = ({ x, y, width, height }: DOMRect): string => [x, y, width, height].map(Math.round).join(' ')
    return {
      // That this is the row where they part moves nothing.
      boxes: parts.map((part) => `${(part.className || part.tagName).replace(' is-here', '')}: ${place(part.getBoundingClientRect())}`),
      outside: outside.map((part) => part.className || part.tagName),
    }
  })

/** A sentence without what its terms open. */
const saidIn = (sentence: Locator): Promise<string> =>
  sentence.evaluate((one) => {
    const copy = one.cloneNode(true) as HTMLElement
    for (const opened of copy.querySelectorAll('[popover], .term-card, .term-more')) opened.remove()
    return copy.textContent ?? ''
  })

/** All of them take minutes: an ordinary run takes every fourth, a long one all. */
for (const id of scenarioIds.filter((_, i) => process.env['LONG'] === '1' || i % 4 === 1))
  test(`${id} beside its fix, from both sides: two verdicts, and one first difference`, async ({ page }) => {
    await page.setViewportSize({ width: 1366, height: 768 })
    const { defaultKernel, fix } = cards[id]
    const said: string[] = []
    for (const [address, wrong] of [
      [`./${id}/#/r1/vc`, 'left'],
      [`./${id}/#/r1/k${defaultKernel}~${fix}/vc`, 'right'],
    ] as const) {
      await page.goto('about:blank')
      await open(page, address)
      // The verdicts: the side without the fix goes wrong, the other one does not.
      const verdicts = page.locator('.verdict > div')
      await expect(verdicts).toHaveCount(3)
      await expect(verdicts.nth(wrong === 'left' ? 1 : 2)).toContainText(/Violated|never ends/)
      await expect(verdicts.nth(wrong === 'left' ? 2 : 1)).toContainText('Nothing is violated')
      await expect(page.locator('.verdict > .is-wrong')).toHaveCount(1)
      // The banner, the timelines and the row say the same.
      const banner = (await page.locator('.diverged > span').first().textContent()) ?? ''
      const [, both, left, right] = /part after step (?:(\d+)\.|(\d+) on the left, after step (\d+) on the right)/.exec(banner) ?? []
      const start = banner.includes('from the start')
      for (const [side, after] of [
        ['left', both ?? left],
        ['right', both ?? right],
      ] as const)
        if (after !== undefined && !start)
          await expect(
            column(page, side).getByRole('img', { name: new RegExp(`parts from the run it follows after step ${after}\\b`) }),
          ).toHaveCount(1)
      const go = page.locator('.diverged').getByRole('button')
      const row = /\d+/.exec((await go.textContent()) ?? '')?.[0] ?? ''
      await go.click()
      await expect(page.locator('.transport')).toContainText(`row ${row} of`)
      await expect(page.locator('.diverged.is-here')).toBeVisible()
      for (const side of ['left', 'right'] as const) {
        const caption = column(page, side).locator('.caption')
        if (await caption.evaluate((one) => one.classList.contains('is-still')))
          await expect(caption).toContainText(/waits for|has no such step|took that step|takes that step/)
        else expect(banner).toContain(await saidIn(caption.locator('.caption-says')))
      }
      said.push(banner.replace(/^The two part (.*?)\. Left: (.*) Right: (.*)$/, wrong === 'left' ? '$2 | $3' : '$3 | $2'))
      await page.keyboard.press('End')
      await expect(column(page, wrong).locator('.status.is-violated')).toBeVisible()
      await expect(page.locator('.status.is-violated')).toHaveCount(1)
      await page.getByLabel('Show').selectOption('ends')
      await expect(
        page
          .getByRole('table', { name: 'What a user sees at the end' })
          .getByRole('row', { name: /\(differs\)/ })
          .first(),
      ).toBeVisible()
    }
    expect(said[1]).toBe(said[0])
  })

/** An ordinary run takes two scenarios at each size, a long one all. */
for (const [size, [width, height]] of (
  [
    [1920, 1080],
    [1366, 768],
    [1280, 720],
  ] as const
).entries())
  test(`at ${width} by ${height} a comparison is on one screen, its pictures are in the same places on both sides, and nothing moves`, async ({
    page,
  }) => {
    test.slow()
    await page.setViewportSize({ width, height })
    for (const id of scenarioIds.filter((_, i) => process.env['LONG'] === '1' || i % 9 === 3 * size)) {
      await page.goto('about:blank')
      await open(page, `./${id}/#/r1/vc`)
      await expect(page.locator('.compare')).not.toContainText('asking every interleaving', { timeout: 30_000 })
      await page.evaluate(() => document.fonts.ready)
      // A picture that a side has only later has its place from the start, under no kind.
      const placed = (boxes: readonly string[]): string[] => boxes.map((box) => box.replace(/^lead-picture[^:]*/, 'lead-picture'))
      const first = await look(page)
      expect(first.outside, id).toEqual([])
      const differing = await page
        .getByLabel('Show')
        .locator('option', { hasText: / first$/ })
        .count()
      const shown = await column(page, 'left').locator('.lead-picture').count()
      expect(shown, id).toBe(differing)
      const tops = placed(first.boxes)
        .filter((box) => !/diverged|transport/.test(box))
        .map((box) => box.replace(/: \d+ /, ': '))
      const half = tops.length / 2
      expect(tops.slice(half), id).toEqual(tops.slice(0, half))
      const last = Number(/of (\d+)/.exec((await page.locator('.transport-here').textContent()) ?? '')?.[1])
      for (let row = 0; row < last; row += 7) {
        for (let n = 0; n < 7; n++) await page.keyboard.press('ArrowRight')
        const now = await look(page)
        expect(now.outside, `${id} row ${row + 7}`).toEqual([])
        expect(placed(now.boxes), `${id} row ${row + 7}`).toEqual(placed(first.boxes))
      }
      expect(await page.evaluate(() => [document.documentElement.scrollHeight, document.documentElement.scrollWidth])).toEqual([
        height,
        width,
      ])
    }
  })

for (const id of ['fsync-overlap', 'fsync-torn'])
  test(`at 1280 by 720 file, log tree and subvolume tree of ${id} are all drawn, whole at every row and in type of at least 11 pixels`, async ({
    page,
  }) => {
    test.slow()
    await page.setViewportSize({ width: 1280, height: 720 })
    await open(page, `./${id}/#/r1/0/vc`)
    await page.evaluate(() => document.fonts.ready)
    const last = Number(/of (\d+)/.exec((await page.locator('.transport-here').textContent()) ?? '')?.[1])
    await page.getByLabel('Stop at').selectOption('all')
    await page.locator('h1').click()
    for (let row = 0; row <= last; row++) {
      await expect(page.locator('.transport-here')).toContainText(`row ${row} of`)
      const found = await page.evaluate(() => {
        const boxes = [...document.querySelectorAll('.lead-picture')]
        const smallest = (box: Element): number => {
          const texts = [...box.querySelectorAll('*')].filter((one) =>
            [...one.childNodes].some((node) => node instanceof Text && node.data.trim()),
          )
          const shown = texts.filter((one) => one.checkVisibility() && !one.closest('title, .lens-hidden'))
          return Math.min(
            99,
            ...shown.map((one) => {
              const svg = one.closest('svg')
              const scale = svg?.viewBox.baseVal?.width ? svg.getBoundingClientRect().width / svg.viewBox.baseVal.width : 1
              return parseFloat(getComputedStyle(one).fontSize) * scale
            }),
          )
        }
        const below = (box: Element): number =>
          Math.max(...[...box.querySelectorAll('.lens, .leaf, svg[role=img]')].map((one) => one.getBoundingClientRect().bottom), 0) -
          box.getBoundingClientRect().bottom
        return { pictures: boxes.length, smallest: Math.min(...boxes.map(smallest)), below: Math.max(...boxes.map(below)) }
      })
      expect(found.pictures, `row ${row}`).toBe(6)
      expect(found.smallest, `row ${row}`).toBeGreaterThanOrEqual(10.99)
      expect(found.below, `row ${row}`).toBeLessThanOrEqual(1)
      await page.keyboard.press('ArrowRight')
    }
  })

test('what a low window leaves out is named on the page, and a key draws all of it', async ({ page }) => {
  await page.setViewportSize({ width: 1280, height: 720 })
  await open(page, './fsync-overlap/#/r1/32/vc')
  const note = column(page, 'left').locator('.stage-note')
  await expect(note).toContainText('Not drawn, as both sides have the same: i_size, disk_i_size.')
  const pictures = column(page, 'left').locator('.lead-picture')
  const folded = pictures.filter({ hasText: 'the same on both sides' })
  await expect(pictures).toHaveCount(3)
  await expect(folded).toHaveCount(2)
  // Below this there is room for two of the three.
  await page.setViewportSize({ width: 1280, height: 690 })
  await expect(note).toContainText('No room for: subvolume tree.')
  await expect(pictures).toHaveCount(2)
  await page.keyboard.press('v')
  await expect(pictures).toHaveCount(3)
  await expect(folded).toHaveCount(0)
  await expect(page.getByLabel('Show')).toHaveValue('whole')
  await expect(note).toHaveCount(0)
  await page.keyboard.press('v')
  await expect(pictures).toHaveCount(2)
})

test('a side that waits says so, for what, held by whom, and at which row it takes the step', async ({ page }) => {
  await open(page, './bcachefs-lockless/#/r1/21/vc')
  await expect(column(page, 'right').locator('.caption.is-still')).toContainText(
    /B waits for inode lock, held by A: takes that step at row \d+\.It goes on at row \d+\./,
  )
  const row = /takes that step at row (\d+)/.exec((await column(page, 'right').locator('.caption').textContent()) ?? '')?.[1] ?? ''
  const step = await column(page, 'left').locator('.caption-where code').textContent()
  await page.goto(`./bcachefs-lockless/#/r1/${row}/vc`)
  await expect(column(page, 'right').locator('.caption-where code')).toHaveText(step ?? '')
})

test('playing stops where the two part', async ({ page }) => {
  await open(page, './append-hole/#/r1/vc')
  await page.getByLabel('Speed').selectOption({ label: '4 / s' })
  await page.getByRole('button', { name: 'Play' }).click()
  await expect(page.locator('.diverged.is-here')).toBeVisible({ timeout: 20_000 })
  await expect(page.getByRole('button', { name: 'Play' })).toBeVisible()
})

test('an order of steps that hurts neither side says so, and leads to one that does', async ({ page }) => {
  // On the fixed kernel, all of A before B.
  await open(page, './fsync-overlap/#/r1/k5.12~885f46d/sA20/vc')
  await expect(page.locator('.comparison')).toContainText('In this order of steps neither side goes wrong.')
  await page.getByRole('button', { name: 'Compare in the documented one' }).click()
  await expect(page.locator('.verdict > .is-wrong')).toContainText('What happens on the right')
})

/** An ordinary run takes one scenario at each width, a long one all three. */
for (const [nth, width] of [1024, 390, 320].entries())
  test(`at ${width} px a comparison can be read and is no wider than its window`, async ({ page }) => {
    await page.setViewportSize({ width, height: 844 })
    const ids = ['fsync-torn', 'dio-csum', 'append-hole'] as const
    for (const id of ids.filter((_, i) => process.env['LONG'] === '1' || i === nth)) {
      await page.goto('about:blank')
      await open(page, `./${id}/#/r1/20/vc`)
      await expect(column(page, 'right').locator('.lead-picture').first()).toBeVisible()
      expect(await page.evaluate(() => document.documentElement.scrollWidth), id).toBe(width)
      await page.getByLabel('Show').selectOption('ends')
      await expect(page.getByRole('table', { name: 'What a user sees at the end' })).toBeVisible()
      expect(await page.evaluate(() => document.documentElement.scrollWidth), id).toBe(width)
    }
  })

test('a comparison has nothing that axe objects to, at the start, where they part, and at the ends', async ({ page }) => {
  await open(page, './fsync-overlap/#/r1/vc')
  for (const act of [
    () => Promise.resolve(),
    () => page.locator('.diverged').getByRole('button').click(),
    () => page.getByLabel('Show').selectOption('ends'),
  ]) {
    await act()
    expect(await objections(page)).toEqual([])
  }
})
