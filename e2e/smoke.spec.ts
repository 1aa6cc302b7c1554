import { scenarioIds } from '../src/scenarios/catalog.ts'
import { expect, tab, test } from './fixtures.ts'

test('the home page opens, has a name and says something', async ({ page }) => {
  await page.goto('./')
  await expect(page).toHaveTitle(/Lockstep/)
  await expect(page.locator('#root')).not.toBeEmpty()
  await expect(page.getByRole('heading').first()).toBeVisible()
})

test('the home page leads to every scenario', async ({ request }) => {
  const noScript = await (await request.get('./')).text()
  expect([...noScript.matchAll(/<li><a href="([a-z0-9-]+)\/">/g)].map(([, id]) => id)).toEqual([...scenarioIds])
})

/** Opening each takes a minute in all: an ordinary run takes every fourth one, a long one all; the composition of the page looks at every one. */
for (const id of scenarioIds.filter((_, i) => process.env['LONG'] === '1' || i % 4 === 0))
  test(`${id} opens at its address, is walked to its end, with the fix and compared, and never complains`, async ({ page, baseURL }) => {
    const answer = await page.goto(`./${id}/`)
    expect(answer?.status()).toBe(200)
    await expect(page.locator('.caption-says')).toBeVisible()
    expect(page.url()).toContain(`${baseURL}${id}/`)
    await page.keyboard.press('End')
    await tab(page, 'Story')
    await expect(page.getByRole('heading', { name: 'What you just saw' })).toBeVisible()
    await page.keyboard.press('x')
    await expect(page.locator('.caption-says')).toBeVisible()
    await page.keyboard.press('c')
    await expect(page.locator('.compare-column')).toHaveCount(2)
    await tab(page, 'Read')
    await expect(page.getByRole('heading', { name: 'History' })).toBeVisible()
  })

test.describe('without scripts', () => {
  test.use({ javaScriptEnabled: false })

  test('a scenario page still says in plain words what goes wrong', async ({ page, request }) => {
    const [, id = ''] = /<li><a href="([a-z0-9-]+)\/">/.exec(await (await request.get('./')).text()) ?? []
    await page.goto(`./${id}/`)
    await expect(page.locator('noscript pre')).toContainText(/\w{4,}/)
    // The plain text beside the page is what the page says.
    const beside = await request.get(`./${id}.txt`)
    expect(beside.headers()['content-type']).toContain('text/plain')
    expect(await page.locator('noscript pre').textContent()).toBe(await beside.text())
    await expect(page.locator('meta[property="og:description"]')).toHaveAttribute('content', /\w{4,}/)
    await expect(page).toHaveTitle(/ - Lockstep$/)
  })
})

test('an address that does not exist is not found', async ({ request }) => {
  expect((await request.get('./no-such-scenario/')).status()).toBe(404)
})
