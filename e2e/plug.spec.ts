/** A reader with a keyboard pulls the plug at every step, lets another task run, and comes back. */
import type { Page } from '@playwright/test'
import { expect, test } from './fixtures.ts'

const panel = (page: Page) => page.getByRole('region', { name: 'The power fails here' })
const verdict = (page: Page) => panel(page).locator('.plug-says')
const at = (page: Page, pattern: RegExp) => expect.poll(() => page.evaluate(() => location.hash)).toMatch(pattern)

/** What is said at each step, from the first to the last, walked with the arrow on the scrubber. */
async function verdicts(page: Page, address: string, steps: number): Promise<string[]> {
  await page.goto(address)
  await expect(page.locator('.caption-says').first()).toBeVisible()
  await page.keyboard.press('u')
  await page.getByRole('slider', { name: 'Step' }).focus()
  const said: string[] = []
  for (let n = 0; n <= steps; n++) {
    if (n > 0) await page.keyboard.press('ArrowRight')
    await expect(verdict(page)).toContainText(n === 0 ? 'before the first step' : `after step ${n} `)
    said.push((await verdict(page).textContent()) ?? '')
  }
  return said
}

test('fsync-torn: the last commit until the log is there, and what was punched out is back once fsync has returned', async ({ page }) => {
  test.slow()
  const said = await verdicts(page, './fsync-torn/#/r1', 43)
  // The superblock points to the log from step 40 on, fsync returns at step 41.
  for (const text of said.slice(0, 40)) expect(text).toContain('the file as of the last commit, before this run. Nothing was promised yet.')
  expect(said[40]).toContain(
    'as none of the 3 versions that it had, though each byte has a value that it had. No call has promised anything yet',
  )
  for (const text of said.slice(41)) {
    expect(text).toContain('as none of the 2 versions that it may be: [640K, 644K) holds Y.')
    expect(text).toContain('Nobody would notice')
  }
  await at(page, /^#\/r1\/43\/p$/)
  await expect(panel(page).locator('.plug-watchers li')).toHaveText([/^mount: no/, /^tree checker: no/, /^read: no/, /^btrfs check: no/])
  await page.keyboard.press('u')
  await expect(panel(page)).toHaveCount(0)
  await at(page, /^#\/r1\/43$/)
})

test('ext4-position: no commit has come yet, so the file is as it was at the start, and nothing was promised', async ({ page }) => {
  test.slow()
  const last = 37
  const said = await verdicts(page, './ext4-position/#/r1', last)
  // Neither write syncs, and without the commit thread a growing direct write leaves the old size.
  for (const text of said) expect(text).toMatch(/the file as of the start of this run.* Nothing was promised yet\. Nobody would complain\./)
  await expect(panel(page).locator('.plug-watchers li')).toHaveText([/^mount: no/, /^read: no/, /^e2fsck: no/])
})

test('a link with the plug pulled shows it, and where the model does not know there is no button', async ({ page }) => {
  await page.goto('./ext4-osync-size/#/r1/25/p')
  await expect(verdict(page)).toContainText('it is 0 long, and [0, 1M) is missing')
  await expect(panel(page)).toContainText("A's pwrite(fd, buf, 1M, 0) was told that its data are durable")
  await page.goto('./bcachefs-lockless/#/r1/4/p')
  await expect(panel(page)).toContainText('does not know what a power failure leaves')
  await expect(page.getByRole('button', { name: 'Pull the plug' })).toHaveCount(0)
})

test('another task runs, the line that was left stays as a ghost, and one key leads back or lays it beside', async ({ page }) => {
  await page.goto('./fsync-torn/#/r1/19')
  await expect(page.locator('.branches')).toContainText('Next is A')
  await page.keyboard.press('1')
  await at(page, /\/s[^/]+\/20$/)
  await expect(page.locator('.ghost-line')).toHaveCount(1)
  await expect(page.locator('.futures')).toContainText('back to step 19, where A runs')
  await page.keyboard.press('d')
  await at(page, /\/s[^/]+\/nbug\/\d+$/)
  await expect(page.locator('.compare-column h2')).toHaveText([/this line on Linux/, /the other line on Linux/])
  await expect(page.locator('.diverged')).toContainText('The two part after step 19.')
  await page.keyboard.press('c')
  await at(page, /\/s[^/]+\/20$/)
  await page.keyboard.press('l')
  await at(page, /^#\/r1\/19$/)
  await expect(page.locator('.ghost-line')).toHaveCount(1)
})
