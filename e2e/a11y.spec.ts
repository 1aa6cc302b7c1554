/**
 * Nothing that axe objects to, in light and in dark colours, and nothing wider than a narrow window: on every page, and of every scenario
 * at its start, where a rule is broken for the first time, and at its end.
 */
import type { Page } from '@playwright/test'
import { facets } from '../src/app/home/facets.ts'
import { scenarioIds } from '../src/scenarios/catalog.ts'
import { bestPractice, objections, ofColours } from './axe.ts'
import { expect, tab, test } from './fixtures.ts'

interface Look {
  readonly name: string
  readonly path: string
  /** What is there once all of it is. */
  readonly ready: string
  readonly act?: (page: Page) => Promise<void>
}

const long = process.env['LONG'] === '1'

/** An ordinary run takes a third of them, a long one all. */
const inTurn = (looks: readonly Look[], turn: number): readonly Look[] => looks.filter((_, i) => long || i % 3 === turn)

const atEnd = (page: Page): Promise<void> => page.keyboard.press('End')

const moments: readonly (readonly [name: string, segment: (id: string) => string, act?: Look['act']])[] = [
  ['at its start', () => ''],
  ['where a rule is broken', (id) => `/${facets[id]?.step ?? 0}`],
  ['at its end', () => '', atEnd],
]

/** Of every fifth scenario one of its moments, each of them in turn; a long run takes all. */
const scenarios = scenarioIds.flatMap((id, i) =>
  moments.flatMap(([name, segment, act], moment): Look[] =>
    long || i % 15 === 5 * moment
      ? [{ name: `${id} ${name}`, path: `./${id}/#/r1${segment(id)}`, ready: '.caption-where', ...(act ? { act } : {}) }]
      : [],
  ),
)

const inPanel = (name: string, id: string, ready: string, segments = ''): Look => ({
  name: `the tab ${name}`,
  path: `./${id}/#/r1${segments}`,
  ready,
  act: async (page) => {
    await atEnd(page)
    await tab(page, name)
  },
})

const pages: readonly Look[] = [
  { name: 'the home page', path: './', ready: '.card-picture svg' },
  { name: 'how far to trust this', path: './#/trust', ready: 'table' },
  { name: 'a refused link', path: './#/append-hole/r1/zzz', ready: '[role=alert]' },
  ...inTurn(
    [
      inPanel('Story', 'append-hole', '.seen'),
      inPanel('Why', 'fsync-overlap', '.groups'),
      inPanel('Rules', 'append-hole', '.oracles'),
      inPanel('Code', 'append-hole', '.code'),
      inPanel('State', 'fsync-overlap', '.other-picture'),
      inPanel('Kernel', 'append-hole', '.release'),
      inPanel('Read', 'fsync-torn', '.recording', '/k6.1.192-rk'),
      { ...inPanel('Read', 'bcachefs-lockless', '.board'), name: 'a board of what was known' },
    ],
    1,
  ),
  ...inTurn(
    [
      { name: 'a power failure', path: './fsync-torn/#/r1/42/p', ready: '.plug-watchers' },
      { name: 'the map', path: './append-hole/#/r1/45/vm', ready: '.plane-field' },
      {
        name: 'the help',
        path: './append-hole/#/r1',
        ready: 'dialog[open]',
        act: (page) => page.keyboard.press('?'),
      },
      { name: 'a talk', path: './fsync-overlap/#/r1/40/vt', ready: '.caption-where' },
      { name: 'a comparison', path: './append-hole/#/r1/vc', ready: '.compare-column .caption-where' },
    ],
    2,
  ),
]

for (const { name, path, ready, act } of [...pages, ...scenarios])
  test(`${name} passes axe, in light and in dark colours, and fits 320 px`, async ({ page }) => {
    test.slow()
    await page.goto(path)
    if (path.includes('/#/r1')) await page.locator('.transport').waitFor()
    await act?.(page)
    await page.locator(ready).last().waitFor()
    expect(await objections(page, { tags: bestPractice })).toEqual([])
    // The same elements in other colours: only what is about colours can differ.
    await page.emulateMedia({ colorScheme: 'dark' })
    expect(await objections(page, { rules: ofColours })).toEqual([])
    await page.setViewportSize({ width: 320, height: 640 })
    await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBe(320)
  })
