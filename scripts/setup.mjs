/**
 * Brings a fresh machine to the point where the project can be built, run and tested. It imports nothing that has to be installed,
 * because it runs before anything is.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { accessSync, constants, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

export const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** What stands in the way, in words for the person at the terminal; it names the remedy. */
export class SetupError extends Error {}

/** @param {string} text */
export const say = (text) => console.log(`[lockstep] ${text}`)

/** Refuses a Node that Vite refuses, before Vite does so in its own words. */
export function ensureNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const enough = major > 22 || (major === 20 && minor >= 19) || major === 21 || (major === 22 && minor >= 12)
  if (!enough) throw new SetupError(`Node 20.19 or newer is needed (or 22.12 or newer); this is ${process.version}`)
}

/** Refuses a folder in which nothing can be installed and built, before some tool does so with a stack trace. */
export function ensureWritable() {
  for (const folder of [root, ...['node_modules', 'dist', 'out'].map((name) => join(root, name)).filter((path) => existsSync(path))]) {
    try {
      accessSync(folder, constants.W_OK)
    } catch {
      throw new SetupError(`the folder ${folder} cannot be written to: change its owner, or copy the project to a folder of your own`)
    }
  }
}

/** Installs exactly what package-lock.json says, unless that has been done for this lock file and this Node. */
export function ensurePackages() {
  process.chdir(root)
  // Written last and removed by `npm ci` itself, so that a broken install never passes for a whole one.
  const stamp = join(root, 'node_modules', '.lockstep-ready')
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .update(process.version + process.platform + process.arch)
    .digest('hex')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return
  say('installing the packages of package-lock.json')
  rmSync(stamp, { force: true })
  const install = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error']
  // Registries hiccup; once more is cheap.
  if (!npm(install) && !npm(install))
    throw new SetupError('the packages could not be installed: is the npm registry reachable? Try `npm ci`')
  writeFileSync(stamp, wanted)
}

/**
 * Runs npm through the Node that runs this, so that it works with no shell and inside another npm.
 * @param {string[]} args
 * @param {'inherit' | 'ignore'} stdout
 */
export function npm(args, stdout = 'inherit') {
  /** @type {NodeJS.ProcessEnv} */
  const env = {}
  for (const [name, value] of Object.entries(process.env)) if (!leaks(name)) env[name] = value
  const cli = process.env['npm_execpath']
  const windows = process.platform === 'win32'
  /** @type {import('node:child_process').StdioOptions} */
  const stdio = ['inherit', stdout, 'inherit']
  const { status } = cli?.endsWith('.js')
    ? spawnSync(process.execPath, [cli, ...args], { stdio, env })
    : spawnSync(windows ? 'npm.cmd' : 'npm', args, { stdio, env, shell: windows })
  return status === 0
}

/**
 * Settings of the outer npm (or of production) that would change what the inner one installs.
 * @param {string} name
 */
const leaks = (name) =>
  name === 'NODE_ENV' ||
  /^npm_(lifecycle|package|command)/.test(name) ||
  /^npm_config_(omit|only|production|include|dry_run|ignore_scripts|prefix|global)$/i.test(name)

const BROWSERS = ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome']
const APPLICATIONS = [
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
]

/**
 * Finds a Chromium that starts, or gets one: from Playwright's own store, else from Debian.
 * @returns {Promise<string | null>} its path; null means the one that Playwright keeps for itself
 */
export async function ensureBrowser() {
  const installed = systemBrowser()
  if (installed) return found(installed)
  if (await playwrightHasBrowser()) return null
  say("no Chromium here; trying Playwright's download")
  const cli = join(root, 'node_modules/playwright/cli.js')
  const patience = { PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT: '15000' }
  run(process.execPath, [cli, 'install', '--only-shell', 'chromium'], 300_000, patience)
  if (await playwrightHasBrowser()) return null
  const packaged = debianBrowser()
  if (packaged) return found(packaged)
  throw new SetupError('no Chromium for the browser tests. Install one (Debian: `apt-get install chromium`) or name one in CHROMIUM_PATH')
}

/** Says whether what is the same in every browser will be tested in Firefox too; only its long-lived builds can be driven as they are. */
export function tellFirefox() {
  const path = process.env['FIREFOX_PATH'] ?? ['/usr/bin/firefox-esr'].find(executable)
  say(path ? `second browser: ${path}` : 'Firefox is not installed: no second browser (Debian: `apt-get install firefox-esr`)')
}

/** @param {string} path */
function found(path) {
  say(`browser: ${path}`)
  return path
}

function systemBrowser() {
  const onPath = BROWSERS.map(which).filter((path) => path !== undefined)
  const named = process.env['CHROMIUM_PATH']
  return [...(named ? [named] : []), ...onPath, ...APPLICATIONS].find((path) => executable(path) && starts(path))
}

async function playwrightHasBrowser() {
  const entry = pathToFileURL(join(root, 'node_modules/playwright-core/index.mjs')).href
  const { chromium } = /** @type {typeof import('playwright-core')} */ (await import(entry))
  return existsSync(chromium.executablePath())
}

/** Debian and its children package a Chromium; only root may install it. */
function debianBrowser() {
  if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version') || !which('apt-get')) return undefined
  say("trying Debian's package")
  const quiet = { DEBIAN_FRONTEND: 'noninteractive' }
  if (!run('apt-get', ['update', '-qq'], 180_000, quiet)) return undefined
  const options = ['-y', '-qq', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=120']
  for (const name of ['chromium-headless-shell', 'chromium']) {
    if (run('apt-get', ['install', ...options, name], 420_000, quiet)) return systemBrowser()
  }
  return undefined
}

/** @param {string} name */
const which = (name) =>
  (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find(executable)

/** @param {string} path */
function executable(path) {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/**
 * A browser that is there but lacks a library, or a sandbox, is no browser.
 * @param {string} path
 */
function starts(path) {
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  const args = ['--headless', ...sandbox, '--disable-gpu', '--disable-background-networking', '--dump-dom', 'data:text/html,<p>ready</p>']
  const { status, stdout } = spawnSync(path, args, { timeout: 30_000, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  return status === 0 && stdout.includes('ready')
}

/**
 * @param {string} command
 * @param {string[]} args
 * @param {number} timeout
 * @param {Record<string, string>} env
 */
const run = (command, args, timeout, env) =>
  spawnSync(command, args, { stdio: 'inherit', timeout, env: { ...process.env, ...env } }).status === 0
