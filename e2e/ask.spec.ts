/** Who has never seen the page asks a question of his own: from the home page to an answer, out of a mail, and with a way back to what was typed. */
import { objections } from './axe.ts'
import { expect, test } from './fixtures.ts'
import type { Page } from '@playwright/test'

const text = (page: Page) => page.getByRole('textbox', { name: 'The scene', exact: true })
const claim = (page: Page, says: string) =>
  page.getByRole('region', { name: 'What becomes of the claims' }).getByRole('listitem').filter({ hasText: says })

test('a stranger comes from the home page to two tasks of his own with an answer, and needs no more than the words that are offered', async ({
  page,
}) => {
  await page.goto('./')
  await page.getByRole('link', { name: 'Ask your own question' }).first().click()
  // An example stands there with its answer: what to change is seen.
  await expect(claim(page, 'always size 8k')).toContainText('broken')
  await page.keyboard.press('Tab')
  await text(page).focus()
  await page.keyboard.press('F1')
  await expect(page.getByRole('dialog', { name: 'How to ask' })).toBeVisible()
  await page.keyboard.press('Escape')
  await text(page).focus()
  await page.keyboard.press('Control+End')
  await page.keyboard.press('Control+A')
  const words = page.getByRole('listbox', { name: 'Words' })
  await page.keyboard.type('lockstep 1 mine\non btrfs 6.1\nA: pwrite 0 4k\nB: trun')
  await expect(words).toBeVisible()
  await page.keyboard.press('Tab')
  await page.keyboard.type('0\nalways si')
  await expect(words).toBeVisible()
  await page.keyboard.press('Tab')
  await page.keyboard.type('4k\nend\n')
  await expect(text(page)).toHaveValue('lockstep 1 mine\non btrfs 6.1\nA: pwrite 0 4k\nB: truncate 0\nalways size 4k\nend\n')
  await expect(claim(page, 'always size 4k')).toContainText('broken')
  // Nobody is told of an error while he writes the line, and then with the line and the remedy.
  await page.keyboard.type('x')
  await page.keyboard.press('Control+Home')
  const problems = page.getByRole('list', { name: 'Problems' })
  await expect(problems).toHaveText('')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('End')
  await page.keyboard.type('\nA: fsinc')
  await expect(problems).toContainText('Line 3 is being typed')
  await page.keyboard.press('ArrowDown')
  await expect(problems).toContainText('did you mean fsync?')
  await problems.getByRole('button', { name: 'line 3' }).click()
  await page.keyboard.press('Shift+End')
  await page.keyboard.type('A: fsync')
  await expect(claim(page, 'always size 4k')).toContainText('broken')
  // What was there before is in the menu, and what is typed is kept by its name.
  await page.getByRole('combobox', { name: 'Open a text' }).selectOption({ label: 'append-unlock' })
  await expect(text(page)).toHaveValue(/^lockstep 1 append-unlock/)
  await page.getByRole('combobox', { name: 'Open a text' }).selectOption({ label: 'mine' })
  await expect(text(page)).toHaveValue(/^lockstep 1 mine\n/)
})

const reproducer = `On Tue, somebody wrote:
> On 6.1 with btrfs:
>   # xfs_io -f -c "pwrite -b 16k 0 16k" /mnt/foo
>   # sync
>   # xfs_io -c "pread -b 16k 0 16k" /mnt/foo &
>   # truncate -s 4k /mnt/foo
>   # md5sum /mnt/foo
`

test('a reproducer out of a mail becomes a scene; what says no call is listed; nothing is lost', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.goto('./#/own')
  await text(page).fill('lockstep 1 kept\non btrfs 6.1\nA: fsync\nend\n')
  await page.getByRole('button', { name: 'From a mail' }).click()
  await page.getByLabel('The mail').fill('Hi all, thanks')
  await expect(page.getByRole('alert')).toContainText('no line of this text says a call')
  await page.getByLabel('The mail').fill(reproducer)
  await expect(page.getByRole('status').filter({ hasText: 'Its command lines are read as calls; 1 line says no call' })).toBeVisible()
  await page.getByRole('button', { name: 'Open it as a scene' }).click()
  await expect(text(page)).toHaveValue(/\nsetup: pwrite 0 16k\nsetup: sync\nA: truncate 4k\nB: pread 0 16k\noutcomes\nend\n$/)
  await expect(page.getByText('1 line was not read')).toBeVisible()
  await expect(page.getByRole('heading', { level: 1, name: 'from-mail' })).toBeVisible()
  expect(await objections(page, { inside: '.bench' })).toEqual([])
  await page.reload()
  await expect(text(page)).toHaveValue(/\nsetup: pwrite 0 16k\n/)
  await page.getByRole('combobox', { name: 'Open a text' }).selectOption({ label: 'kept' })
  await expect(text(page)).toHaveValue('lockstep 1 kept\non btrfs 6.1\nA: fsync\nend\n')
})

test('in a narrow window nothing is wider than it', async ({ page }) => {
  for (const width of [390, 320]) {
    await page.setViewportSize({ width, height: 700 })
    await page.goto('./#/own')
    await text(page).fill('lockstep 1\non btrfs 6.1\nA: pw')
    await page.keyboard.press('Control+Space')
    await expect(page.getByRole('listbox', { name: 'Words' })).toBeVisible()
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0)
    await page.goto('./#/ask')
    await expect(page.getByRole('heading', { level: 1, name: 'How to ask' })).toBeVisible()
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0)
    // On a telephone the whole of the example is seen.
    const hidden = await page.locator('.how-scene').evaluate((scene) => scene.scrollWidth - scene.clientWidth)
    if (width === 390) expect(hidden).toBe(0)
  }
})
