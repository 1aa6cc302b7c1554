import AxeBuilder from '@axe-core/playwright'
import { expect, tab, test } from './fixtures.ts'

const pages: readonly (readonly [name: string, path: string, ready: string, tab?: string])[] = [
  ['the home page', './', 'h1'],
  ['a scenario at its start', './append-hole/#/r1', '.caption-says'],
  ['a scenario with a recorded trace', './fsync-torn/#/r1/k6.1.192-rk', '.recording', 'Read'],
  ['a board of what was known', './bcachefs-lockless/#/r1', '.board', 'Read'],
  ['the story', './append-hole/#/r1', '.seen', 'Story'],
  ['why', './fsync-overlap/#/r1', '.groups', 'Why'],
  ['the rules', './append-hole/#/r1', '.oracles', 'Rules'],
  ['the code', './append-hole/#/r1', '.code', 'Code'],
  ['the other pictures', './fsync-overlap/#/r1', '.other-picture', 'State'],
  ['the kernel and its patches', './append-hole/#/r1', '.release', 'Kernel'],
  ['a power failure', './fsync-torn/#/r1/42/p', '.plug-watchers'],
  ['a comparison', './append-hole/#/r1/vc', '.compare-column .caption-where'],
  ['a refused link', './#/append-hole/r1/zzz', '[role=alert]'],
]

const listed = (violations: readonly { id: string; nodes: readonly { target: readonly unknown[] }[] }[]): string[] =>
  violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`)

for (const [name, path, ready, panel] of pages)
  test(`${name} passes axe, in light and in dark colours`, async ({ page }) => {
    test.slow()
    await page.goto(path)
    await page
      .locator(path.includes('/#/r1') ? '.transport' : ready)
      .first()
      .waitFor()
    if (path.includes('/#/r1')) await page.keyboard.press('End')
    if (panel !== undefined) await tab(page, panel)
    await page.locator(ready).first().waitFor()
    const all = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']).analyze()
    expect(listed(all.violations)).toEqual([])
    // The same elements in other colours: only what is about colours can differ.
    await page.emulateMedia({ colorScheme: 'dark' })
    const dark = await new AxeBuilder({ page }).withRules(['color-contrast', 'link-in-text-block']).analyze()
    expect(listed(dark.violations)).toEqual([])
  })
