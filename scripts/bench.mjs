/**
 * `npm run bench`: measures the search in Node, the same systems in Spin where that is installed, and the built page in a browser, and prints
 * one JSON document with the budgets beside the values. `npm run --silent bench -- search append-hole` measures one part and one scenario,
 * `-- steps` first visits and every step of some runs, `-- resume` how soon one is back at a step, `-- twin` the side-by-side with Spin.
 */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { bundled } from './bundle.mjs'
import { ensureBrowser, root, SetupError } from './setup.mjs'

const REACH = ['base', 'picture', 'engine', 'kernel', 'scenarios', 'narrate', 'worker', 'cli', 'bench']

try {
  if (['all', 'page', 'steps', 'resume'].includes(process.argv[2] ?? 'all')) {
    // What it says belongs on stderr; stdout is for the document.
    console.log = console.error
    const chromium = await ensureBrowser()
    if (chromium) process.env['CHROMIUM_PATH'] = chromium
    const vite = join(root, 'node_modules/vite/bin/vite.js')
    const { status } = spawnSync(process.execPath, [vite, 'build', '--logLevel', 'warn'], { cwd: root, stdio: ['ignore', 2, 2] })
    if (status !== 0) throw new SetupError('the page could not be built; see above')
  }
  const main = await bundled('bench', REACH)
  process.argv[1] = main
  process.env['LOCKSTEP_DIST'] = join(root, 'dist')
  process.env['LOCKSTEP_MODELS'] = join(root, 'src/bench/twin')
  await import(pathToFileURL(main).href)
} catch (error) {
  console.error(error instanceof SetupError ? `[lockstep] ${error.message}` : error)
  process.exit(2)
}
