/** The same in every browser: what is counted is byte for byte what Node counts, and keys step. Runs in Chromium, and in a Firefox where one is installed. */
import { execFileSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import type { Page } from '@playwright/test'
import { cards } from '../src/scenarios/cards.generated.ts'
import { scenarioIds } from '../src/scenarios/catalog.ts'
import type { FromWorker, ToWorker } from '../src/worker/protocol.ts'
import { expect, test } from './fixtures.ts'

interface Case {
  readonly scenario: keyof typeof cards
  readonly kernel: string
  readonly settings: Readonly<Record<string, string>>
}

const cases: readonly Case[] = [
  { scenario: 'append-hole', kernel: '6.1', settings: {} },
  { scenario: 'append-hole', kernel: '6.4', settings: { resident: '4' } },
  { scenario: 'fsync-overlap', kernel: '6.1', settings: { flusher: 'reclaim' } },
]
const everyScenario = scenarioIds.map((scenario): Case => ({ scenario, kernel: cards[scenario].defaultKernel, settings: {} }))

/** The document without the time it took. */
const timeless = (text: string): string => text.replace(/"seconds":[\d.]+/, '"seconds":0')

function inNode({ scenario, kernel, settings }: Case): string {
  const set = Object.entries(settings).flatMap(([name, value]) => ['--set', `${name}=${value}`])
  const args = ['scripts/lockstep.mjs', 'explore', scenario, '--kernel', kernel, ...set, '--json']
  return timeless(execFileSync(process.execPath, args, { encoding: 'utf8' }).trim())
}

/** What the built worker answers, asked as the page asks it. */
async function inWorker(page: Page, { scenario, kernel, settings }: Case): Promise<string> {
  const program = readdirSync('dist/assets').find((name) => name.startsWith('engine.worker')) ?? ''
  const run = { scenario, kernel, toggles: [], settings, schedule: { choices: '' } }
  const request: ToWorker = { kind: 'explore', id: 1, run, maxStates: 2_000_000 }
  const text = await page.evaluate(
    ([path, request]) =>
      new Promise<string>((settle, fail) => {
        const worker = new Worker(new URL(path, location.href), { type: 'module' })
        worker.onerror = ({ message }) => fail(new Error(message))
        worker.onmessage = ({ data }: MessageEvent<FromWorker>) => {
          if (data.kind === 'failed') fail(new Error(data.message))
          if (data.kind !== 'explore') return
          worker.terminate()
          settle(JSON.stringify(data.document))
        }
        worker.postMessage(request)
      }),
    [`assets/${program}`, request] as const,
  )
  return timeless(text)
}

/** A case of both lists is one. */
const titleOf = ({ scenario, kernel, settings }: Case): string => `${scenario} on ${kernel} ${JSON.stringify(settings)}`
const titled = new Map((process.env['LONG'] === '1' ? [...cases, ...everyScenario] : cases).map((one) => [titleOf(one), one]))

for (const [title, one] of titled)
  test(`${title}: the worker's verdict is the command line's, byte for byte`, async ({ page }) => {
    await page.goto('./')
    const counted = inNode(one)
    expect(counted).toContain('"complete":true')
    expect(await inWorker(page, one)).toBe(counted)
  })

test('keys step, the address follows, and the pictures are there', async ({ page }) => {
  await page.goto('./fsync-torn/#/r1/3')
  const where = page.locator('.caption-where').first()
  await expect(where).toContainText('step 3 of')
  await page.keyboard.press('ArrowRight')
  await expect(where).not.toContainText('step 3 of')
  const [, step] = /step (\d+) of/.exec(await where.innerText()) ?? []
  await expect.poll(() => page.evaluate(() => location.hash)).toBe(`#/r1/${step}`)
  await expect(page.locator('.lead-picture').first()).toBeVisible()
})
