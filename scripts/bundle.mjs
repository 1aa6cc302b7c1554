/** Bundles a TypeScript entry for Node and keeps the result until the sources change. */
import { createHash, randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { root } from './setup.mjs'

/** How many bundles of one entry stay: a running command may still load a part of an older one. */
const KEPT = 3

/** What the command line can reach; a change elsewhere needs no new bundle. */
export const cliReach = ['base', 'picture', 'engine', 'kernel', 'scenarios', 'own', 'repro', 'scene', 'narrate', 'paste', 'worker', 'cli']

/**
 * The path of an up-to-date bundle of `src/<layer>/main.ts`, built if need be. Throws what the bundler says.
 * @param {string} layer
 * @param {readonly string[]} reach the folders of src that the entry can import from
 */
export async function bundled(layer, reach) {
  const cache = join(root, 'out', layer)
  const target = join(cache, fingerprint(reach))
  const main = join(target, 'main.mjs')
  if (existsSync(main)) return main
  // Two invocations may build at once: each does so in a folder of its own, and the first to rename it wins.
  const scratch = join(cache, `.${randomUUID()}`)
  mkdirSync(scratch, { recursive: true })
  try {
    await build(join(root, 'src', layer, 'main.ts'), scratch)
    renameSync(scratch, target)
    forgetOldBundles(cache)
  } catch (error) {
    rmSync(scratch, { recursive: true, force: true })
    if (!existsSync(main)) throw error
  }
  return main
}

/**
 * Names the sources by path, size and time of change: a hundredth of the cost of reading them.
 * @param {readonly string[]} reach
 */
function fingerprint(reach) {
  const digest = createHash('sha256').update(process.version)
  const files = ['package.json', 'package-lock.json', 'scripts/bundle.mjs'].map((file) => join(root, file))
  for (const layer of reach) {
    const folder = join(root, 'src', layer)
    if (!existsSync(folder)) continue
    for (const entry of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
      if (/\.(ts|json|lockstep)$/.test(entry) && !entry.endsWith('.test.ts')) files.push(join(folder, entry))
    }
  }
  for (const file of files) {
    const { size, mtimeMs } = statSync(file)
    digest.update(`${file} ${size} ${mtimeMs}\n`)
  }
  return digest.digest('hex').slice(0, 16)
}

/**
 * @param {string} entry
 * @param {string} folder
 */
async function build(entry, folder) {
  const vite = await import('vite').catch(() => {
    throw new Error('the packages are not installed; run `npm ci` first')
  })
  await vite.build({
    root,
    configFile: false,
    logLevel: 'silent',
    publicDir: false,
    // One file for the entry and one for each part that it loads late; only what cannot be bundled stays outside.
    ssr: { noExternal: true, external: ['playwright-core'] },
    build: {
      ssr: entry,
      outDir: folder,
      emptyOutDir: false,
      target: 'node20',
      minify: false,
      rolldownOptions: { output: { entryFileNames: 'main.mjs', chunkFileNames: '[name]-[hash].mjs' } },
    },
  })
  if (!existsSync(join(folder, 'main.mjs'))) throw new Error(`${dirname(entry)} gave no main.mjs`)
}

/** @param {string} cache */
function forgetOldBundles(cache) {
  const bundles = readdirSync(cache)
    .filter((name) => !name.startsWith('.'))
    .map((name) => ({ name, time: statSync(join(cache, name)).mtimeMs }))
    .sort((a, b) => b.time - a.time)
  for (const { name } of bundles.slice(KEPT)) rmSync(join(cache, name), { recursive: true, force: true })
}
