/** Pictures to take along: what is in the file is what is on the page, and the file needs nothing else. */
import type { Page } from '@playwright/test'
import { readFileSync } from 'node:fs'
import { expect, test } from './fixtures.ts'

/** Presses a button of the dialog and gives what was saved. */
async function saved(page: Page, kind: string): Promise<Buffer> {
  if ((await page.locator('.picture-out').count()) === 0) await page.keyboard.press('i')
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: kind, exact: true }).click()
  return readFileSync(await (await download).path())
}

interface Read {
  readonly problems: readonly string[]
  readonly size: string
  readonly texts: readonly string[]
}

/** Reads a file as any program that knows XML does: outside the page, whose policy is not that of the file. */
const read = async (page: Page, svg: string): Promise<Read> => {
  const outside = await page.context().newPage()
  const found = await outside.evaluate((text) => {
    const file = new DOMParser().parseFromString(text, 'image/svg+xml')
    const forbidden = [...file.querySelectorAll('parsererror, script, foreignObject, image, use, a, [href], [onload], [style]')]
    const references = [...text.matchAll(/url\(([^)]*)\)/g)].flatMap(([, to = '']) =>
      to.startsWith('#') && file.getElementById(to.slice(1)) ? [] : [to],
    )
    const root = file.documentElement
    return {
      problems: [...forbidden.map(({ tagName }) => tagName), ...references, ...(text.match(/@import|javascript:/g) ?? [])],
      size: `${root.getAttribute('width')} ${root.getAttribute('height')}`,
      texts: [...file.querySelectorAll('text')].map(({ textContent }) => textContent ?? ''),
    }
  }, svg)
  await outside.close()
  return found
}

/** What is written in the parts of the page that go into a picture, without spaces: lines break elsewhere than words. */
const written = (page: Page): Promise<string> =>
  page.evaluate(() =>
    [...document.querySelectorAll('h1, .story-row, .comparison, .stage, .run-timeline')]
      .map((part) => part.textContent ?? '')
      .join('|')
      .replace(/\s+/g, ''),
  )

const open = async (page: Page, address: string): Promise<void> => {
  await page.goto(address)
  await expect(page.locator('.lead-picture').first()).toBeVisible()
  await page.evaluate(() => document.fonts.ready)
}

test('an SVG has its texts as texts, those of the page, and nothing that runs or is fetched; a PNG has 1920 by 1080 pixels', async ({
  page,
}) => {
  await open(page, './append-hole/#/r1/45')
  const svg = (await saved(page, 'SVG')).toString('utf8')
  const { problems, size, texts } = await read(page, svg)
  expect(problems).toEqual([])
  expect(size).toBe('1920 1080')
  const page45 = await written(page)
  const address = texts.at(-1)
  expect(address).toContain('/append-hole/#/r1/45')
  // Every interleaving may have been asked for since.
  for (const text of texts.slice(0, -1).filter((one) => one !== 'asking every interleaving'))
    expect(page45).toContain(text.replace(/\s+/g, ''))
  for (const text of ['An append leaves a hole as large as itself', 'file extent items', '64K hole', 'ki_pos', 'IOCB_APPEND | IOCB_DIRECT'])
    expect(texts).toContain(text)
  expect(svg).toMatch(/font-family:'IBM Plex Sans', 'Liberation Sans', Arial, sans-serif/)
  const png = await saved(page, 'PNG')
  expect([png.subarray(1, 4).toString('latin1'), png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual(['PNG', 1920, 1080])
})

test('a stretch moves by itself in one small file, and the page is where it was', async ({ page }) => {
  await open(page, './append-hole/#/r1/20')
  const film = (await saved(page, 'Moving SVG')).toString('utf8')
  const { problems, texts } = await read(page, film)
  expect(problems).toEqual([])
  expect(film).toContain('@keyframes')
  expect(film).toContain('prefers-reduced-motion')
  // The first moment and the last are both in it.
  expect(texts).toContain('The position of an O_APPEND write is taken from i_size, 0, under the inode lock.')
  expect(texts).toContain('A appended 64K, but its bytes are not at [0, 64K)')
  expect(film.length).toBeLessThan(300_000)
  await expect.poll(() => page.evaluate(() => location.hash)).toBe('#/r1/20')
})

test('a GIF has a frame for each step, and can be given up', async ({ page }) => {
  await open(page, './dio-mmap-deadlock/#/r1')
  await page.keyboard.press('i')
  await page.getByLabel('to', { exact: true }).fill('2')
  await page.locator('.picture-out').getByLabel('every').selectOption('step')
  const gif = await saved(page, 'GIF')
  const decoded = await page.evaluate(
    async (bytes) => {
      const decoder = new ImageDecoder({ data: Uint8Array.from(bytes), type: 'image/gif' })
      await Promise.all([decoder.completed, decoder.tracks.ready])
      const track = decoder.tracks.selectedTrack
      const frames = []
      for (let frameIndex = 0; frameIndex < (track?.frameCount ?? 0); frameIndex++)
        frames.push((await decoder.decode({ frameIndex })).image)
      const sizes = new Set(frames.map(({ displayWidth, displayHeight }) => `${displayWidth} ${displayHeight}`))
      return { seconds: frames.map(({ duration }) => (duration ?? 0) / 1e6), sizes: [...sizes], again: track?.repetitionCount === Infinity }
    },
    [...gif],
  )
  // The start and two steps; each stands for as long as its sentence takes to be read, and slides play it for as long as they stand.
  expect(decoded).toEqual({ seconds: [expect.any(Number), expect.any(Number), expect.any(Number)], sizes: ['1280 720'], again: true })
  for (const seconds of decoded.seconds) {
    expect(seconds).toBeGreaterThanOrEqual(1.6)
    expect(seconds).toBeLessThanOrEqual(6)
  }
  await page.getByLabel('to', { exact: true }).fill('8')
  // As soon as one can: on a quick machine it is made before somebody else has found the button.
  await page.getByRole('button', { name: 'GIF', exact: true }).evaluate((make: HTMLButtonElement) => {
    new MutationObserver((_, observer) => {
      const giveUp = [...document.querySelectorAll('.picture-out button')].find((button) => button.textContent === 'Give up')
      if (!(giveUp instanceof HTMLButtonElement)) return
      observer.disconnect()
      giveUp.click()
    }).observe(document, { childList: true, subtree: true })
    make.click()
  })
  await expect(page.locator('.picture-out [role=status]')).toContainText('Given up; nothing was saved.')
})

test.describe('on a machine that is dark', () => {
  test.use({ colorScheme: 'dark' })
  test('a comparison goes out with both its sides, in light colours', async ({ page }) => {
    await open(page, './append-hole/#/r1/30/vc')
    await expect(page.locator('.comparison .lead-picture')).not.toHaveCount(0)
    const svg = (await saved(page, 'SVG')).toString('utf8')
    const { problems, texts } = await read(page, svg)
    expect(problems).toEqual([])
    expect(texts.join(' ')).toContain('Left')
    expect(texts.join(' ')).toContain('Right')
    expect(svg).toContain('#fbfaf6')
    expect(svg).not.toContain('#15171a')
    expect(await page.evaluate(() => document.documentElement.dataset['theme'])).toBeUndefined()
  })
})
