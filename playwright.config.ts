import { defineConfig, devices } from '@playwright/test'
import { existsSync } from 'node:fs'

const port = Number(process.env['LOCKSTEP_PORT'] ?? 4187)
const address = `http://127.0.0.1:${port}/`

// The smaller headless shell starts three times as fast and draws the same pixels.
const system = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium', '/usr/bin/google-chrome']
const executablePath = process.env['CHROMIUM_PATH'] ?? system.find((path) => existsSync(path))

/** The long-lived builds of Firefox can be driven as they are, over WebDriver BiDi. `npm test` says so where there is none. */
const firefox = process.env['FIREFOX_PATH'] ?? ['/usr/bin/firefox-esr'].find((path) => existsSync(path))

export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results',
  snapshotPathTemplate: '{testDir}/__screens__/{arg}{ext}',
  fullyParallel: true,
  workers: 2,
  forbidOnly: Boolean(process.env['CI']),
  // A busy machine can lose a race against a clock; what passes only the second time is listed as flaky.
  retries: process.env['CI'] ? 1 : 0,
  timeout: 45_000,
  expect: {
    timeout: 10_000,
    toHaveScreenshot: { maxDiffPixels: 0, animations: 'disabled', caret: 'hide', scale: 'css' },
  },
  reporter: [['list'], ['json', { outputFile: 'reports/e2e.json' }]],
  use: {
    ...devices['Desktop Chrome'],
    baseURL: address,
    viewport: { width: 1280, height: 800 },
    deviceScaleFactor: 1,
    locale: 'en-GB',
    timezoneId: 'UTC',
    colorScheme: 'light',
    // What is tested is where things end; the way there is drawn sixty times a second.
    contextOptions: { reducedMotion: 'reduce' },
    // Recording every test in case one fails takes as long again as the tests: asked for when one is looked into.
    trace: process.env['LOCKSTEP_TRACE'] ? 'retain-on-failure' : 'off',
    screenshot: 'only-on-failure',
    // Every test is a first visit, and would store the whole site. The one about that allows them.
    serviceWorkers: 'block',
    launchOptions: {
      ...(executablePath ? { executablePath } : {}),
      args: [
        ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--no-first-run',
        // The same pixels on every machine.
        '--font-render-hinting=none',
        '--force-color-profile=srgb',
      ],
    },
  },
  projects: [
    { name: 'chromium' },
    ...(firefox
      ? [
          {
            name: 'firefox',
            testMatch: 'browsers.spec.ts',
            use: { browserName: 'firefox' as const, channel: 'moz-firefox', launchOptions: { executablePath: firefox, args: [] } },
          },
        ]
      : []),
  ],
  webServer: {
    command: `node node_modules/vite/bin/vite.js preview --host 127.0.0.1 --port ${port} --strictPort`,
    url: address,
    reuseExistingServer: !process.env['CI'],
    timeout: 60_000,
    stdout: 'ignore',
    stderr: 'pipe',
  },
})
