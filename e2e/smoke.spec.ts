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
