import { expect, test } from './fixtures.ts'

test('the home page opens, has a name and says something', async ({ page }) => {
  await page.goto('./')
  await expect(page).toHaveTitle(/Lockstep/)
  await expect(page.locator('#root')).not.toBeEmpty()
  await expect(page.getByRole('heading').first()).toBeVisible()
})

test('the home page leads to every scenario, and each opens at an address of its own', async ({ page, request, baseURL }) => {
  const noScript = await (await request.get('./')).text()
  const ids = [...noScript.matchAll(/<li><a href="([a-z0-9-]+)\/">/g)].map(([, id = '']) => id)
  expect(ids.length).toBeGreaterThan(0)
  for (const id of ids) {
    const answer = await page.goto(`./${id}/`)
    expect(answer?.status()).toBe(200)
    await expect(page.getByRole('heading').first()).toBeVisible()
    expect(page.url()).toContain(`${baseURL}${id}/`)
  }
})

test('every scenario is walked to its end, with the fix and compared, and the page never complains', async ({ page, request }) => {
  test.setTimeout(180_000)
  const ids = [...(await (await request.get('./')).text()).matchAll(/<li><a href="([a-z0-9-]+)\/">/g)].map(([, id = '']) => id)
  for (const id of ids) {
    await page.goto(`./${id}/#/r1`)
    await expect(page.locator('.caption-says')).toBeVisible()
    await page.keyboard.press('End')
    await expect(page.getByRole('heading', { name: 'What you just saw' })).toBeVisible()
    await page.keyboard.press('x')
    await expect(page.locator('.caption-says')).toBeVisible()
    await page.keyboard.press('c')
    await expect(page.locator('.compare-column')).toHaveCount(2)
    await expect(page.getByRole('heading', { name: 'History' })).toBeVisible()
  }
})

test.describe('without scripts', () => {
  test.use({ javaScriptEnabled: false })

  test('a scenario page still says in plain words what goes wrong', async ({ page, request }) => {
    const [, id = ''] = /<li><a href="([a-z0-9-]+)\/">/.exec(await (await request.get('./')).text()) ?? []
    await page.goto(`./${id}/`)
    await expect(page.locator('noscript pre')).toContainText(/\w{4,}/)
    await expect(page.locator('meta[property="og:description"]')).toHaveAttribute('content', /\w{4,}/)
    await expect(page).toHaveTitle(/ - Lockstep$/)
  })
})

test('an address that does not exist is not found', async ({ request }) => {
  expect((await request.get('./no-such-scenario/')).status()).toBe(404)
})
