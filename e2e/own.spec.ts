/** A scene of one's own: typed, answered, opened where a claim is broken, mended, handed on, and never lost. */
import type { Page } from '@playwright/test'
import { objections } from './axe.ts'
import { expect, tab, test } from './fixtures.ts'

const text = (page: Page) => page.getByRole('textbox', { name: 'The scene', exact: true })
const claims = (page: Page) => page.getByRole('region', { name: 'What becomes of the claims' })
const claim = (page: Page, says: string) => claims(page).getByRole('listitem').filter({ hasText: says })

/** As a mail has it. */
const mail = `Hi Filipe,

> lockstep 1 truncate-dio-read
> on btrfs 6.1
> setup: pwrite -S X 0 64k
> setup: sync
> A: open -d foo
> A: pread 0 64k
> B: truncate 16k
> B: truncate 64k
> sometimes A returns 16k
> never A reads stale
> end

Can this happen?
`

test('a scene is typed from nothing, a claim is seen broken and then held, and link and text open elsewhere at the same moment', async ({
  page,
  context,
}) => {
  await page.goto('./#/own')
  await text(page).waitFor()
  await text(page).fill('')
  // The words come by themselves: what is begun is taken with Tab.
  const words = page.getByRole('listbox', { name: 'Words' })
  await text(page).pressSequentially('lockstep 1 mine\non bt')
  await expect(words).toBeVisible()
  await page.keyboard.press('Tab')
  await page.keyboard.type('6.1\nA: open -da foo\nA: pwr')
  await expect(words).toBeVisible()
  await page.keyboard.press('Tab')
  await page.keyboard.type('0 64k -- buf absent\nnever ho')
  await expect(words).toBeVisible()
  await page.keyboard.press('Tab')
  await page.keyboard.type('[0,64k)\nend\n')
  await expect(text(page)).toHaveValue(
    /^lockstep 1 mine\non btrfs 6\.1\nA: open -da foo\nA: pwrite 0 64k -- buf absent\nnever hole \[0,64k\)\nend\n$/,
  )
  await expect(claim(page, 'never hole [0,64k)')).toContainText('broken')
  await claim(page, 'never hole [0,64k)').getByRole('button', { name: 'see it broken' }).click()
  await expect(page.getByText('Violated now:')).toContainText('never: hole [0,64k)')
  await expect(page).toHaveURL(/#\/own\/w1\/p1[A-Za-z0-9]+\/r1\/s[A-Za-z0-9]+\/\d+$/)
  await page.getByRole('switch', { name: /939b656bc8ab/ }).click()
  await expect(claim(page, 'never hole [0,64k)')).toContainText('holds')
  await expect(text(page)).toHaveValue(/\non btrfs 6\.1 \+939b656bc8ab\n/)
  // What is shown is handed on: by its address, and by its text.
  const url = page.url()
  await page.getByRole('button', { name: 'Share' }).click()
  await expect(page.getByRole('row', { name: 'Link to be read' })).toContainText('/own/w1/l_mine/on_btrfs_6.1/A_open_-ad_foo/')
  const readable = (await page.getByRole('row', { name: 'Link to be read' }).locator('code').textContent()) ?? ''
  await page.keyboard.press('Escape')
  const shown = await text(page).inputValue()
  for (const address of [url, readable]) {
    const other = await context.newPage()
    await other.goto(address)
    await expect(text(other)).toHaveValue(/^lockstep 1 mine\n/)
    await expect(claim(other, 'never hole [0,64k)')).toContainText('holds')
    await expect(other.getByRole('switch', { name: /939b656bc8ab/ })).toBeChecked()
    await expect(other.getByText(/^step 48 of 48/).first()).toBeVisible()
    await other.close()
  }
  const third = await context.newPage()
  await third.goto('./#/own')
  await text(third).fill(shown)
  await expect(claim(third, 'never hole [0,64k)')).toContainText('holds')
  await third.close()
})

test('a quoted mail is read, every view of a scenario is there, and what was typed outlives a reload and a bad link', async ({ page }) => {
  await page.goto('./#/own')
  await text(page).fill(mail)
  await expect(claim(page, 'never A reads stale')).toContainText('holds')
  await expect(claim(page, 'sometimes A returns 16k')).toContainText('reachable')
  expect(await objections(page)).toEqual([])
  await page.locator('.scenario h1').click()
  await page.keyboard.press('m')
  await expect(page.getByText(/^\d+ cells: /)).toBeVisible()
  await page.keyboard.press('m')
  await page.keyboard.press('u')
  await expect(page.getByText(/A power failure before the first step leaves the file/)).toBeVisible()
  await page.keyboard.press('u')
  await tab(page, 'Rules')
  await expect(page.getByText('never: A reads stale')).toBeVisible()
  await page.keyboard.press('s')
  // In the middle of a line.
  await text(page).fill('lockstep 1 half\non btrfs 6.1\nA: pwr')
  await page.reload()
  await expect(text(page)).toHaveValue('lockstep 1 half\non btrfs 6.1\nA: pwr')
  await page.goto('./#/own/w1/p1damaged/r1')
  await expect(page.getByRole('alert')).toContainText('The scene in this link is damaged')
  await page.goto('./#/own')
  await expect(text(page)).toHaveValue('lockstep 1 half\non btrfs 6.1\nA: pwr')
  // A scene that can be read and not be run is there to be mended.
  await page.goto('./#/own/w1/on_btrfs_6.1/A_pwrite_0_4k/m_migrate/end')
  await expect(text(page)).toHaveValue(/may migrate/)
  await expect(page.getByText('not modelled for scenes').first()).toBeVisible()
})

test('a scene that explodes stops at its bound in words, and the page stays alive meanwhile', async ({ page }) => {
  await page.goto('./#/own')
  const calls = ['pwrite 0 64k', 'pwrite 64k 64k', 'fsync']
  const lines = ['A', 'B', 'C', 'D', 'E'].flatMap((task) => calls.map((call) => `${task}: ${call}`))
  await text(page).fill(['lockstep 1 large', 'on btrfs 6.1', ...lines, 'may writeback', 'never hole [0,64k)', 'end', ''].join('\n'))
  await expect(page.getByRole('heading', { level: 1, name: 'large' })).toBeVisible()
  await expect(page.getByText(/^step 0 of \d+/).first()).toBeVisible()
  await page.locator('.scenario h1').click()
  await page.keyboard.press('ArrowRight')
  await expect(page.getByText(/^step [1-9]\d* of \d+/).first()).toBeVisible()
  await page.keyboard.press('e')
  await expect(page.getByText(/states so far/).first()).toBeVisible()
  await page.getByRole('button', { name: 'Cancel' }).click()
  await expect(page.getByRole('button', { name: /Count every interleaving/ })).toBeVisible()
  // Another scene does not wait for it.
  await text(page).fill('lockstep 1 small\non btrfs 6.1\nA: pwrite 0 4k\nalways size 4k\nend\n')
  await expect(claim(page, 'always size 4k')).toContainText('holds')
})
