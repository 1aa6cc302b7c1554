/**
 * The checks that need no test runner, each with the command that mends what it finds.
 * `node scripts/checks.mjs types lint` runs those two; without names it runs all.
 */
import { spawn, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { root } from './setup.mjs'

const bin = (/** @type {string} */ path) => join(root, 'node_modules', path)
const tsc = (/** @type {string} */ project) => [bin('typescript/bin/tsc'), '-p', `tsconfig.${project}.json`]

/** @type {Record<string, { runs: string[][], mend: string }>} */
export const checks = {
  types: {
    runs: [tsc('pure'), tsc('web'), tsc('node')],
    mend: 'see one project alone with `npx tsc -p tsconfig.pure.json` (or web, node); pure code has neither DOM nor Node',
  },
  lint: {
    runs: [[bin('oxlint/bin/oxlint'), '--type-aware', '--deny-warnings', '--report-unused-disable-directives']],
    mend: 'some of it mends itself: `npx oxlint --type-aware --fix`',
  },
  format: {
    runs: [[bin('prettier/bin/prettier.cjs'), '--check', '--log-level', 'warn', '.']],
    mend: '`npm run format`',
  },
  dead: {
    runs: [[bin('knip/bin/knip.js'), '--no-progress']],
    mend: 'delete what nothing uses, or drop its `export`: `npx knip --fix` does the latter',
  },
}

/** @param {string} name */
function named(name) {
  const one = checks[name]
  if (!one) throw new Error(`no check is called ${name}; there are ${Object.keys(checks).join(', ')}`)
  return one
}

/**
 * How to mend what a check found, if it found something.
 * @param {string} name
 * @param {boolean} ok
 */
function told(name, ok) {
  if (!ok) console.error(`[lockstep] ${name} failed. To mend it: ${named(name).mend}`)
  return ok
}

/**
 * Runs one check to its end.
 * @param {string} name
 */
export function check(name) {
  const all = named(name).runs.map((args) => spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' }).status === 0)
  return told(name, all.every(Boolean))
}

/**
 * Runs one check of a single command beside whatever else is done. What it prints comes when the answer is asked for.
 * @param {string} name
 * @returns {() => Promise<boolean>}
 */
export function beside(name) {
  const [args = [], ...more] = named(name).runs
  if (more.length > 0) throw new Error(`${name} is more than one command`)
  const one = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
  let printed = ''
  for (const stream of [one.stdout, one.stderr]) stream.on('data', (/** @type {Buffer} */ data) => (printed += String(data)))
  const status = new Promise((resolve) => one.on('close', resolve))
  return async () => {
    const ok = (await status) === 0
    process.stdout.write(printed)
    return told(name, ok)
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const names = process.argv.slice(2)
  const failed = (names.length > 0 ? names : Object.keys(checks)).filter((name) => !check(name))
  process.exit(failed.length === 0 ? 0 : 1)
}
