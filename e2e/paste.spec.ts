/** A listing out of a mail: pasted, typed or linked, it is drawn; what cannot be read is named with its line; and it never leaves the browser. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { objections, ofColours } from './axe.ts'
import { expect, test } from './fixtures.ts'

const sample = (id: string): string => readFileSync(join(import.meta.dirname, `../src/paste/samples/${id}.txt`), 'utf8')

const quoted = sample('01')
const damaged = quoted.replace('128..     191:', '128..     l91:')

const log = `> leaf 30457856 items 2 free space 15000 generation 9 owner TREE_LOG
> 	item 0 key (257 INODE_ITEM 0) itemoff 16123 itemsize 160
> 		generation 7 transid 9 size 786432 nbytes 0
> 	item 1 key (257 EXTENT_DATA 655360) itemoff 16070 itemsize 53
> 		generation 9 type 1 (regular)
> 		extent data disk byte 20000768 nr 131072
> 		extent data offset 0 nr 131072 ram 131072
`

const fsx = `READ BAD DATA: offset = 0x0, size = 0x3000, fname = /mnt/f
OFFSET	GOOD	BAD	RANGE
0x01000	0x0200	0x0000	0x00000
LOG DUMP (3 total operations):
1(  1 mod 256): WRITE    0x0 thru 0x2fff	(0x3000 bytes)
2(  2 mod 256): MAPWRITE 0x1000 thru 0x1fff	(0x1000 bytes)
3(  3 mod 256): READ     0x0 thru 0x2fff	(0x3000 bytes)
`

test('a quoted filefrag shows the strip, on one axis with the second, and passes axe in light and in dark colours', async ({ page }) => {
  await page.goto('./')
  await page.getByRole('link', { name: 'Paste a listing' }).first().click()
  await page.getByLabel('The text').fill(quoted)
  const strip = page.getByRole('img', { name: /one axis for both/ })
  await expect(strip).toHaveAttribute('aria-label', /\/srv\/v2: A data \[0, 512K\), hole of 128K \[512K, 640K\), C data \[640K, 768K\)/)
  await expect(page.getByText('[512K, 640K) was data and is a hole.')).toBeVisible()
  expect(await objections(page)).toEqual([])
  await page.emulateMedia({ colorScheme: 'dark' })
  expect(await objections(page, { rules: ofColours })).toEqual([])
})

test('what is dropped takes the place of the text, which can be brought back', async ({ page }) => {
  await page.goto('./#/paste')
  await page.getByLabel('The text').fill('what I had typed')
  const data = await page.evaluateHandle((text) => {
    const transfer = new DataTransfer()
    transfer.items.add(new File([text], 'listing.txt', { type: 'text/plain' }))
    return transfer
  }, quoted)
  await page.getByRole('heading', { level: 1 }).dispatchEvent('drop', { dataTransfer: data })
  await expect(page.getByRole('img', { name: /one axis for both/ })).toBeVisible()
  await page.getByRole('button', { name: 'Bring back' }).click()
  await expect(page.getByLabel('The text')).toHaveValue('what I had typed')
})

test('a damaged row is named by its line, with the remedy, and what it was stays unknown', async ({ page }) => {
  await page.goto('./#/paste')
  await page.getByLabel('The text').fill(damaged)
  await expect(page.getByRole('alert')).toContainText(/Line 8: the row "1: 128\.\. l91: .*" cannot be read; write it as filefrag prints it/)
  await expect(page.getByRole('img').first()).toHaveAttribute('aria-label', /unknown \[512K, 768K\)/)
  await page.getByLabel('The text').fill('hello <b>you</b>')
  await expect(page.getByRole('alert')).toContainText('Line 1: "hello <b>you</b>" begins nothing that can be read: paste what filefrag -v')
  // Text is text, whatever it looks like.
  await expect(page.locator('main b')).toHaveCount(0)
})

test('by keyboard alone: typed, kept over a reload, cleared and brought back', async ({ page }) => {
  await page.goto('./#/paste')
  const text = page.getByLabel('The text')
  await expect(text).toBeVisible()
  while (!(await text.evaluate((element) => element === document.activeElement))) await page.keyboard.press('Tab')
  await page.keyboard.insertText(sample('09'))
  await expect(page.getByRole('img', { name: /hole of 40K/ })).toBeVisible()
  await page.reload()
  await expect(text).toHaveValue(sample('09'))
  const press = async (name: string): Promise<void> => {
    const button = page.getByRole('button', { name })
    await expect(button).toBeVisible()
    await text.focus()
    while (!(await button.evaluate((element) => element === document.activeElement))) await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
  }
  await press('Clear')
  await expect(text).toHaveValue('')
  await press('Bring back what was here before')
  await expect(text).toHaveValue(sample('09'))
})

test('goes into a link, which shows it in a browser that has something else, and loses nothing there', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.goto('./#/paste')
  await page.getByLabel('The text').fill(quoted)
  await page.getByRole('button', { name: 'Copy a link to this' }).click()
  await expect(page.getByText('Copied.')).toBeVisible()
  const link = await page.evaluate(() => navigator.clipboard.readText())
  expect(link).toMatch(/#\/paste\/z[A-Za-z0-9_-]+z$/)
  await page.getByLabel('The text').fill('something else')
  await page.goto('about:blank')
  await page.goto(link)
  await expect(page.getByLabel('The text')).toHaveValue(quoted)
  await page.getByRole('button', { name: 'Bring back' }).click()
  await expect(page.getByLabel('The text')).toHaveValue('something else')
  await expect(page).toHaveURL(/#\/paste$/)
  await page.goto(link.replace(/.{9}$/, ''))
  await expect(page.getByRole('alert').first()).toContainText('This link was damaged on its way')
})

test('a log tree is replayed, and the operations of fsx run, by the model', async ({ page }) => {
  await page.goto('./#/paste')
  await page.getByLabel('The text').fill(log)
  const replayed = page.getByRole('img', { name: /log replay/ })
  await expect(replayed).toHaveAttribute('aria-label', /after replay: unknown \[0, 640K\), A data \[640K, 768K\)/)
  await page.getByLabel('or a file').setInputFiles({ name: 'fsx.log', mimeType: 'text/plain', buffer: Buffer.from(fsx) })
  await expect(page.getByText('[4K, 4097): operation 2, MAPWRITE [4K, 8K)')).toBeVisible()
  await expect(page.getByText('All 3 operations ran on the model; the file is 12K long.')).toBeVisible()
})
