/** Emits `sw.js`, which keeps every file of the build for use without a network. Ours: nothing but this site is ever asked for anything. */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve, sep } from 'node:path'
import { build, type Plugin, type ResolvedConfig } from 'vite'

/** Runs last, over the folder as it lies on the disk: files that are copied and not built are in it too. */
export function offline(): Plugin {
  let config: ResolvedConfig
  return {
    name: 'lockstep-offline',
    apply: 'build',
    configResolved(resolved) {
      config = resolved
    },
    writeBundle: {
      order: 'post',
      sequential: true,
      async handler() {
        const folder = resolve(config.root, config.build.outDir)
        const digest = createHash('sha256')
        const files = filesToKeep(folder)
        for (const file of files) digest.update(`${file}\n`).update(readFileSync(join(folder, file)))
        const known = { id: digest.digest('hex').slice(0, 16), files: files.map(addressOf) }
        writeFileSync(join(folder, 'sw.js'), await serviceWorker(config.root, known))
      },
    },
  }
}

/** All but pictures that only other sites show, beside a link; and the worker itself, which browsers keep on their own. */
function filesToKeep(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .split(sep)
        .join('/'),
    )
    .filter((file) => file !== 'sw.js' && !file.startsWith('preview/'))
    .sort()
}

/** Hosts send whoever asks for `index.html` to its folder, and a page must not come out of a cache as a redirection. */
export const addressOf = (file: string): string => file.replace(/(^|\/)index\.html$/, '$1') || './'

/** The program of the service worker as a classic script: not every browser takes a module there. */
async function serviceWorker(root: string, known: unknown): Promise<string> {
  const output = await build({
    root,
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    define: { LOCKSTEP_BUILD: JSON.stringify(known) },
    build: {
      write: false,
      target: 'es2023',
      lib: { entry: resolve(root, 'src/app/offline/service.worker.ts'), formats: ['iife'], name: 'lockstep', fileName: 'sw' },
    },
  })
  const [first] = Array.isArray(output) ? output : [output]
  const chunk = first && 'output' in first ? first.output[0] : null
  if (!chunk) throw new Error('the service worker was not built')
  return chunk.code
}
