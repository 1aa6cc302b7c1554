import { execFileSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { expect, test } from './fixtures.ts'

/** Asks the built worker for a verdict, as the page does, and returns the document as text without the time it took. */
const worker = readdirSync('dist/assets').find((name) => name.startsWith('engine.worker')) ?? ''

const cases = [
  { scenario: 'append-hole', kernel: '6.1', settings: {}, args: [] },
  { scenario: 'append-hole', kernel: '6.4', settings: { resident: '4' }, args: ['--kernel', '6.4', '--set', 'resident=4'] },
  { scenario: 'fsync-overlap', kernel: '5.12', settings: {}, args: [] },
  { scenario: 'fsync-overlap', kernel: '6.1', settings: { flusher: 'reclaim' }, args: ['--kernel', '6.1', '--set', 'flusher=reclaim'] },
]

for (const { scenario, kernel, settings, args } of cases) {
  test(`${scenario} on ${kernel} ${JSON.stringify(settings)}: the worker's verdict is the command line's, byte for byte`, async ({
    page,
    baseURL,
  }) => {
    await page.goto('./')
    const run = { scenario, kernel, toggles: [], settings, schedule: { choices: '' } }
    const inWorker = await page.evaluate(
      ([url, request]) =>
        new Promise<string>((resolve, reject) => {
          const started = new Worker(url, { type: 'module' })
          started.onerror = (event) => reject(new Error(event.message))
          started.onmessage = (event: MessageEvent<{ kind: string; document?: unknown }>) => {
            if (event.data.kind !== 'progress') resolve(JSON.stringify(event.data.document ?? event.data))
          }
          started.postMessage(request)
        }),
      [new URL(`assets/${worker}`, baseURL).href, { kind: 'explore', id: 1, run, maxStates: 2_000_000 }] as const,
    )
    const inNode = execFileSync(process.execPath, ['scripts/lockstep.mjs', 'explore', scenario, ...args, '--json'], {
      encoding: 'utf8',
    }).trim()
    const timeless = (text: string): string => text.replace(/"seconds":[\d.]+/, '"seconds":0')
    expect(timeless(inWorker)).toBe(timeless(inNode))
    expect(inNode).toContain('"complete":true')
  })
}
