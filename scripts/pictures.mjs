/**
 * `npm run pictures`: takes the pictures of the README and of link previews from the built page, one for each scenario; and the one that
 * moves, which the page itself makes. `--moving`: that one alone.
 */
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ensureBrowser, root } from './setup.mjs'

const executablePath = await ensureBrowser()
const { chromium } = await import('playwright')
const { build, preview } = await import('vite')
await build({ root, logLevel: 'warn' })
const server = await preview({ root, preview: { host: '127.0.0.1', port: 0 } })
const base = server.resolvedUrls?.local[0] ?? ''
const target = join(root, 'public', 'preview')
mkdirSync(target, { recursive: true })

const browser = await chromium.launch({
  ...(executablePath ? { executablePath } : {}),
  args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
})
const page = await browser.newPage({ viewport: { width: 1600, height: 900 }, deviceScaleFactor: 1, reducedMotion: 'reduce' })
const stills = process.argv.includes('--moving') ? [] : readdirSync(join(root, 'src', 'scenarios'), { withFileTypes: true })
for (const entry of stills) {
  if (!entry.isDirectory() || entry.name.startsWith('_')) continue
  await page.goto(`${base}${entry.name}/`)
  await page.locator('.caption-where').waitFor()
  await page.evaluate(() => document.fonts.ready)
  // The last step: everything that came of it is on the page.
  await page.keyboard.press('End')
  // Why it goes wrong is worked out beside the steps.
  await page
    .getByText(/^asking every interleaving|Counting them/i)
    .first()
    .waitFor({ state: 'detached', timeout: 60_000 })
  await page.waitForTimeout(600)
  await page.screenshot({ path: join(target, `${entry.name}.png`) })
  console.log(`public/preview/${entry.name}.png`)
}
await moving('append-hole')
await browser.close()
await server.close()

/**
 * The run of a scenario from moment to moment, in the type of a talk: it is seen small. Its address is of no host.
 * @param {string} id
 */
async function moving(id) {
  await page.setViewportSize({ width: 1280, height: 720 })
  await page.goto(`${base}${id}/#/r1/vt`)
  await page.reload()
  await page.locator('.stage > .lead-picture').first().waitFor()
  await page.evaluate(() => document.fonts.ready)
  await page.keyboard.press('i')
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Moving SVG' }).click()
  const svg = readFileSync(await (await download).path(), 'utf8').replaceAll(base, '')
  writeFileSync(join(target, `${id}.svg`), svg)
  console.log(`public/preview/${id}.svg, ${Math.ceil(svg.length / 1000)} kB`)
}
