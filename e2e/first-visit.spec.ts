/** What a reader's browser loads before a scenario can be stepped: every page's sum, and that nothing else is asked for. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync } from 'node:zlib'
import { budgets } from '../src/bench/budgets.ts'
import { expect, test } from './fixtures.ts'

const dist = join(import.meta.dirname, '../dist')
const scenarios = readdirSync(dist, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && readdirSync(join(dist, entry.name)).includes('index.html') && entry.name !== 'embed')
  .map(({ name }) => name)

const sizes = new Map<string, number>()

/** As a good host sends it. */
function brotli(file: string): number {
  const known = sizes.get(file) ?? brotliCompressSync(readFileSync(file)).length
  sizes.set(file, known)
  return known
}

/** The scripts and styles that a page names. */
const named = (html: string): string[] => [
  ...new Set([...html.matchAll(/<(?:script|link)\b[^>]*? (?:src|href)="\.\.\/([^"]+\.(?:js|css))"/g)].flatMap(([, file]) => file ?? [])),
]

test('no scenario needs more than its budget before it can be stepped', () => {
  const weighed = scenarios.map((id) => {
    const page = join(dist, id, 'index.html')
    const files = named(readFileSync(page, 'utf8')).map((file) => join(dist, file))
    return { id, bytes: [page, ...files].reduce((sum, file) => sum + brotli(file), 0) }
  })
  expect(weighed.length).toBeGreaterThan(0)
  expect(weighed.filter(({ bytes }) => bytes > budgets.firstVisitBytes)).toEqual([])
})

test('before it can be stepped a page asks for what its head names, and for nothing else', async ({ page }) => {
  await page.addInitScript(() => {
    new MutationObserver((_, observer) => {
      if (!document.querySelector('.caption-where')) return
      performance.mark('steppable')
      observer.disconnect()
    }).observe(document, { childList: true, subtree: true })
  })
  for (const id of scenarios.slice(0, 3)) {
    await page.goto(`${id}/`, { waitUntil: 'networkidle' })
    const asked = await page.evaluate(() => {
      const steppable = performance.getEntriesByName('steppable')[0]?.startTime ?? Infinity
      return performance.getEntriesByType('resource').flatMap(({ name, startTime }) => (startTime < steppable ? [name] : []))
    })
    const names = named(readFileSync(join(dist, id, 'index.html'), 'utf8'))
    const unnamed = asked.filter((address) => /\.(js|css|json)$/.test(address) && !names.some((name) => address.endsWith(`/${name}`)))
    expect(unnamed, id).toEqual([])
    expect(asked.length, id).toBeGreaterThan(0)
  }
})
