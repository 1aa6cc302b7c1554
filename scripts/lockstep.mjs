/**
 * `npm run --silent lockstep -- <command>`: bundles src/cli/main.ts when the sources changed since the last time, then runs it in this
 * process. Nothing but the answer reaches stdout.
 */
import { createHash, randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { root } from './setup.mjs'

/** What the command line can reach; a change elsewhere needs no new bundle. */
const SOURCES = ['base', 'picture', 'engine', 'kernel', 'scenarios', 'narrate', 'worker', 'cli']
const KEPT = 3
const cache = join(root, 'out', 'cli')

const bundle = join(cache, fingerprint(), 'main.mjs')
if (!existsSync(bundle)) await build()
process.argv[1] = bundle
await import(pathToFileURL(bundle).href)

/** Names the sources by path, size and time of change: a hundredth of the cost of reading them. */
function fingerprint() {
  const digest = createHash('sha256').update(process.version)
  const files = [join(root, 'package-lock.json'), join(root, 'scripts', 'lockstep.mjs')]
  for (const layer of SOURCES) {
    const folder = join(root, 'src', layer)
    if (!existsSync(folder)) continue
    for (const entry of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
      if (/\.(ts|json)$/.test(entry) && !entry.endsWith('.test.ts')) files.push(join(folder, entry))
    }
  }
  for (const file of files) {
    const { size, mtimeMs } = statSync(file)
    digest.update(`${file} ${size} ${mtimeMs}\n`)
  }
  return digest.digest('hex').slice(0, 16)
}

/** Two invocations may build at once: each builds in a folder of its own, and the first to rename it wins. */
async function build() {
  const target = join(bundle, '..')
  const scratch = join(cache, `.${randomUUID()}`)
  mkdirSync(scratch, { recursive: true })
  try {
    await bundleInto(scratch)
    renameSync(scratch, target)
    forgetOldBundles()
  } catch (error) {
    rmSync(scratch, { recursive: true, force: true })
    if (existsSync(bundle)) return
    console.error(`lockstep: the command line could not be built: ${error instanceof Error ? error.message : String(error)}`)
    process.exit(2)
  }
}

/** @param {string} folder */
async function bundleInto(folder) {
  const { build: viteBuild } = await import('vite').catch(() => {
    throw new Error('the packages are not installed; run `npm ci` first')
  })
  await viteBuild({
    root,
    configFile: false,
    logLevel: 'silent',
    publicDir: false,
    // Everything is bundled: one file for the command line and one for each scenario.
    ssr: { noExternal: true },
    build: {
      ssr: join(root, 'src', 'cli', 'main.ts'),
      outDir: folder,
      emptyOutDir: false,
      target: 'node20',
      minify: false,
      rolldownOptions: { output: { entryFileNames: 'main.mjs', chunkFileNames: '[name]-[hash].mjs' } },
    },
  })
}

/** A running command may still load a chunk of an older bundle, so the last few stay. */
function forgetOldBundles() {
  const bundles = readdirSync(cache)
    .filter((name) => !name.startsWith('.'))
    .map((name) => ({ name, time: statSync(join(cache, name)).mtimeMs }))
    .sort((a, b) => b.time - a.time)
  for (const { name } of bundles.slice(KEPT)) rmSync(join(cache, name), { recursive: true, force: true })
}
