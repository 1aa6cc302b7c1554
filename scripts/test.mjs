/**
 * `npm test`: everything, from an empty machine to the browser tests. All stages run, whatever failed before, so that one run shows
 * all there is to mend. The last line counts tests; a check or a build counts as one.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { beside, check, checks } from './checks.mjs'
import { ensureBrowser, ensureNode, ensurePackages, root, say, SetupError, tellFirefox } from './setup.mjs'

const total = { passed: 0, failed: 0, skipped: 0 }
/** @type {string[]} */
const failures = []
const long = process.argv.includes('--long')
/** @type {NodeJS.ProcessEnv} */
const env = { ...process.env, CI: process.env['CI'] || '1', ...(long ? { LONG: '1' } : {}) }
const reports = join(root, 'reports')

if (await stage('packages', install)) {
  // Reports of an earlier run must not be counted as this one's.
  rmSync(reports, { recursive: true, force: true })
  mkdirSync(reports)
  // The one that takes longest runs in one thread: the others are done meanwhile.
  const format = beside('format')
  for (const name of Object.keys(checks).filter((name) => name !== 'format')) await stage(name, () => check(name))
  await stage('format', format)
  await stage('unit', unit)
  const built = await stage('build', () => node('node_modules/vite/bin/vite.js', 'build', '--logLevel', 'warn'))
  if (built) await stage('browser', browser)
  else say('no build, so no browser tests')
}

if (failures.length > 0) say(`failed: ${failures.join(', ')}`)
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`)
process.exit(failures.length === 0 && total.failed === 0 ? 0 : 1)

/**
 * A stage returns whether it held, or the counts of a test runner.
 * @param {string} name
 * @param {() => unknown} work
 */
async function stage(name, work) {
  say(`--- ${name}`)
  const began = Date.now()
  let counts = await Promise.resolve()
    .then(work)
    .catch((error) => {
      console.error(error instanceof SetupError ? `[lockstep] ${error.message}` : error)
      return false
    })
  if (!isCounts(counts)) counts = counts ? { passed: 1, failed: 0, skipped: 0 } : { passed: 0, failed: 1, skipped: 0 }
  if (!isCounts(counts)) throw new Error('unreachable')
  total.passed += counts.passed
  total.failed += counts.failed
  total.skipped += counts.skipped
  const ok = counts.failed === 0
  if (!ok) failures.push(name)
  say(`${name}: ${ok ? 'ok' : 'FAILED'} (${((Date.now() - began) / 1000).toFixed(1)} s)`)
  return ok
}

/** @returns {value is { passed: number, failed: number, skipped: number }} @param {unknown} value */
function isCounts(value) {
  return typeof value === 'object' && value !== null && 'passed' in value
}

function install() {
  ensureNode()
  ensurePackages()
  return true
}

function unit() {
  const report = join(reports, 'unit.json')
  const ok = node('node_modules/vitest/vitest.mjs', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`)
  const counts = /** @type {{ numPassedTests: number, numFailedTests: number, numPendingTests: number, numTodoTests: number }} */ (
    JSON.parse(readFileSync(report, 'utf8'))
  )
  // A file that cannot even be loaded has no failing test; the runner's exit status still says so.
  const failed = counts.numFailedTests || (ok ? 0 : 1)
  return { passed: counts.numPassedTests, failed, skipped: counts.numPendingTests + counts.numTodoTests }
}

async function browser() {
  const chromium = await ensureBrowser()
  if (chromium) env['CHROMIUM_PATH'] = chromium
  tellFirefox()
  env['LOCKSTEP_PORT'] ??= String(await freePort())
  const ok = node('node_modules/@playwright/test/cli.js', 'test')
  const { stats } = /** @type {{ stats: { expected: number, unexpected: number, flaky: number, skipped: number } }} */ (
    JSON.parse(readFileSync(join(reports, 'e2e.json'), 'utf8'))
  )
  return { passed: stats.expected + stats.flaky, failed: stats.unexpected || (ok ? 0 : 1), skipped: stats.skipped }
}

/** @param {string[]} args */
function node(...args) {
  return spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit', env }).status === 0
}

/** Two test runs on one machine must not meet. @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 4187))
    })
  })
}
