/** The home page: its picture moves by itself and stops when told, the cards are found by what one knows of a bug, and lead to it. */
import { scenarioIds } from '../src/scenarios/catalog.ts'
import { objections } from './axe.ts'
import { expect, test } from './fixtures.ts'

test.describe('the living picture', () => {
  test.use({ contextOptions: { reducedMotion: 'no-preference' } })

  test('goes through the moments of the first story, and Space on its button holds it', async ({ page }) => {
    await page.clock.install()
    await page.goto('./')
    const [where, caption] = [page.locator('.living-where'), page.locator('.living-caption.is-shown')]
    await expect(where).toHaveText('step 0 of 45')
    await expect(caption).toContainText('the file is 64K long and all of it is data')
    const box = await page.locator('.living').boundingBox()
    const steps = new Set<string>()
    for (let i = 0; i < 120 && !(await where.textContent())?.includes('45 of'); i++) {
      await page.clock.runFor(1000)
      steps.add((await where.textContent()) ?? '')
      expect((await page.locator('.living').boundingBox())?.height).toBe(box?.height)
    }
    // Eleven beats and the damage, after the beginning.
    expect(steps.size).toBeGreaterThanOrEqual(12)
    await expect(caption).toContainText('its bytes are not at [0, 64K)')
    await expect(page.locator('.living .is-hole.is-damaged').first()).toBeAttached()
    await page.clock.runFor(9000)
    await expect(where).not.toHaveText('step 45 of 45')
    await page.getByRole('button', { name: 'Pause' }).focus()
    await page.keyboard.press('Space')
    const held = await where.textContent()
    await page.clock.runFor(30_000)
    await expect(where).toHaveText(held ?? '')
    await expect(page.getByRole('button', { name: 'Play' })).toBeFocused()
  })

  test('leads to the moment that it shows', async ({ page }) => {
    await page.goto('./')
    await page.getByRole('button', { name: 'Pause' }).click()
    const [, step = ''] = /step (\d+) of/.exec((await page.locator('.living-where').textContent()) ?? '') ?? []
    await page.getByRole('link', { name: 'Open this moment' }).click()
    await expect(page.locator('.caption-says')).toBeVisible()
    await expect(page).toHaveURL(new RegExp(`#/append-hole/r1${step === '0' ? '' : `/${step}`}$`))
  })

  test('stands still while nobody can see it', async ({ page }) => {
    await page.clock.install()
    await page.goto('./')
    const where = page.locator('.living-where')
    await expect(where).toHaveText('step 0 of 45')
    await page.evaluate(() => scrollTo(0, document.body.scrollHeight))
    // The observer answers by itself, not by the clock of the test.
    await expect.poll(() => page.evaluate(() => scrollY)).toBeGreaterThan(500)
    // Observers are told in the order in which they began: when this one is, that of the page has been.
    await page.locator('.living').evaluate((living) => new Promise((told) => new IntersectionObserver(told).observe(living)))
    const held = await where.textContent()
    await page.clock.runFor(60_000)
    await expect(where).toHaveText(held ?? '')
  })
})

test('who wants nothing to move is shown the damage, and a button that plays', async ({ page }) => {
  await page.clock.install()
  await page.goto('./')
  await expect(page.locator('.living-where')).toHaveText('step 45 of 45')
  await page.clock.runFor(30_000)
  await expect(page.locator('.living-where')).toHaveText('step 45 of 45')
  await page.getByRole('button', { name: 'Play' }).click()
  await expect(page.locator('.living-where')).toHaveText('step 0 of 45')
})

test('every scenario is a card with a picture in words, in the order of the tab key, and no model is loaded', async ({ page }) => {
  const asked: string[] = []
  page.on('request', (request) => asked.push(request.url()))
  await page.goto('./')
  const links = page.locator('.card:not(.is-own) h4 a')
  await expect(links).toHaveCount(scenarioIds.length)
  await expect(page.locator('.card-picture[role=img]')).toHaveCount(scenarioIds.length)
  for (const label of await page.locator('.card-picture').evaluateAll((all) => all.map((one) => one.getAttribute('aria-label'))))
    expect(label).toMatch(/^After step \d+: .*damaged/)
  const [first, second] = [links.nth(0), links.nth(1)]
  await first.focus()
  await page.keyboard.press('Tab')
  await expect(second).toBeFocused()
  await page.waitForLoadState('networkidle')
  expect(asked.filter((url) => /worker|engine/.test(url))).toEqual([])
})

test('cards are filtered by file system and by text; the address has it, and back undoes it', async ({ page }) => {
  await page.goto('./')
  const ids = page.locator('.card-kind code')
  await page.getByRole('combobox', { name: 'file system', exact: true }).selectOption('ext4')
  await expect(ids).toHaveText(['ext4-position', 'ext4-osync-size'])
  await expect(page).toHaveURL(/#\/\?fs=ext4$/)
  await page.getByRole('searchbox', { name: 'text' }).fill('91562895f803 generic/737')
  await expect(ids).toHaveCount(1)
  await expect(page).toHaveURL(/#\/\?fs=ext4&q=91562895f803\+generic%2F737$/)
  await page.getByRole('link', { name: 'An O_SYNC write that grows the file loses its size' }).click()
  await expect(page.locator('.caption-says')).toBeVisible()
  await page.goBack()
  await expect(ids).toHaveText(['ext4-osync-size'])
  await page.goBack()
  await expect(ids).toHaveCount(scenarioIds.length)
  await expect(page.getByRole('searchbox', { name: 'text' })).toHaveValue('')
})

test('a filter that finds nothing says what to take away', async ({ page }) => {
  await page.goto('./#/?fs=xfs&kernel=6.1')
  await expect(page.locator('.nothing')).toContainText('file system “xfs”')
  await page.getByRole('button', { name: 'file system “xfs”' }).click()
  await expect(page.locator('.card-kind code').first()).toHaveText('append-hole')
  await expect(page).toHaveURL(/#\/\?kernel=6\.1$/)
})

test('nothing is wider than its window, from 320 pixels to 2560', async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 800 })
  await page.goto('./')
  await expect(page.locator('.card').first()).toBeVisible()
  for (const width of [320, 390, 768, 1024, 1366, 2560]) {
    await page.setViewportSize({ width, height: 800 })
    await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth), `${width}`).toBeLessThanOrEqual(width)
    const wider = (): Promise<string[]> =>
      page.evaluate(() =>
        [...document.querySelectorAll('.card-picture, .living .lens-drawing')]
          .filter((box) => box.scrollWidth > box.clientWidth + 1)
          .map((box) => box.className),
      )
    await expect.poll(wider, `${width}`).toEqual([])
  }
})

test('passes axe with a filter that finds some, and one that finds nothing', async ({ page }) => {
  for (const path of ['./#/?harm=lock', './#/?q=nothing-has-this']) {
    await page.goto(path)
    await expect(page.locator('.filter-count')).toContainText(' of ')
    expect(await objections(page)).toEqual([])
  }
})
