import AxeBuilder from '@axe-core/playwright'
import { expect, test } from './fixtures.ts'

const pages: readonly (readonly [name: string, path: string, ready: string])[] = [
  ['the home page', './', 'h1'],
  ['a scenario at its start', './append-hole/#/r1', '.caption-says'],
  ['a scenario with a recorded trace', './fsync-torn/#/r1/k6.1.192-rk', '.recording'],
  ['a board of what was known', './bcachefs-lockless/#/r1', '.board'],
  ['a power failure', './fsync-torn/#/r1/42/p', '.plug-watchers'],
  ['a comparison', './append-hole/#/r1/vc', '.compare-column .caption-says'],
  ['a refused link', './#/append-hole/r1/zzz', '[role=alert]'],
]

for (const [name, path, ready] of pages)
  for (const colorScheme of ['light', 'dark'] as const)
    test(`${name} passes axe in ${colorScheme} colours`, async ({ page }) => {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      await page.goto(path)
      await page.locator(ready).first().waitFor()
      if (path.includes('/#/r1')) {
        await page.keyboard.press('End')
        await page.locator('.seen').waitFor()
      }
      const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']).analyze()
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`)).toEqual([])
    })
