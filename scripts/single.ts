/**
 * One HTML file that holds everything, for a memory stick and for file://. Vite puts fonts into the styles and the worker into the
 * program; this puts both into the page, beside what the ordinary build keeps in files of its own.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Plugin, ResolvedConfig, Rolldown } from 'vite'
import { withPolicy } from './csp.ts'

/** The name of the file. */
const NAME = 'lockstep.html'

/** What a build for one file needs besides the plugin. */
export const singleBuild = {
  outDir: 'out/single',
  // The public folder would be copied beside the one file.
  copyPublicDir: false,
  assetsInlineLimit: 1e8,
  cssCodeSplit: false,
  modulePreload: false,
  rolldownOptions: { output: { codeSplitting: false } },
} as const

/** Starts the worker from a blob: pages of file:// may not load it from a file. */
export const singleAlias = [{ find: /^\.\/start\.ts$/, replacement: resolve(import.meta.dirname, '../src/worker/start-inline.ts') }]

/** Puts the one chunk, the one style sheet and the files of the public folder into the page, and takes all else out of the build. */
export function single(): Plugin {
  let config: ResolvedConfig
  return {
    name: 'lockstep-single',
    configResolved(resolved) {
      config = resolved
    },
    generateBundle: {
      // After Vite's own HTML plugin, and after the marks that it leaves in chunks were replaced.
      order: 'post',
      handler(_options, bundle) {
        const home = bundle['index.html']
        if (home?.type !== 'asset') return
        const icon = readFileSync(join(config.publicDir, 'favicon.svg'), 'utf8')
        const page = singlePage(String(home.source), { ...partsOf(bundle), icon, beside: filesBeside(config.publicDir) })
        for (const file of Object.keys(bundle)) delete bundle[file]
        this.emitFile({ type: 'asset', fileName: NAME, source: page })
      },
    },
  }
}

interface Parts {
  readonly script: string
  readonly style: string
  /** An SVG. */
  readonly icon: string
  /** Texts that the page links to or fetches, by their address. */
  readonly beside: Readonly<Record<string, string>>
}

function partsOf(bundle: Rolldown.OutputBundle): Pick<Parts, 'script' | 'style'> {
  const files = Object.values(bundle)
  const scripts = files.filter((file) => file.type === 'chunk')
  const [script] = scripts
  if (!script || scripts.length > 1) throw new Error(`one file has room for one script, and the build made ${scripts.length}`)
  const styles = files.filter((file) => file.type === 'asset' && file.fileName.endsWith('.css'))
  return { script: script.code, style: styles.map((file) => String(file.type === 'asset' ? file.source : '')).join('\n') }
}

function filesBeside(folder: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    ['recordings', 'reproducers'].flatMap((name) =>
      readdirSync(join(folder, name)).map((file) => [`${name}/${file}`, readFileSync(join(folder, name, file), 'utf8')]),
    ),
  )
}

/** The page with its parts in it. */
export function singlePage(html: string, { script, style, icon, beside }: Parts): string {
  const bare = html
    .replaceAll(/\s*<script\b[^>]*\bsrc=[^>]*><\/script>/g, '')
    .replaceAll(/\s*<link\b[^>]*\brel="(?:stylesheet|modulepreload)"[^>]*>/g, '')
    .replace(/(<link\b[^>]*rel="icon"[^>]*href=")[^"]*"/, (_, before: string) => `${before}data:image/svg+xml,${encodeURIComponent(icon)}"`)
  const end = [
    '<noscript><p>This file holds a program; a browser shows nothing of it without scripts.</p></noscript>',
    `<script type="application/json" id="beside">${JSON.stringify(beside).replaceAll('<', '\\u003c')}</script>`,
    `<script type="module">${inScript(script)}</script>`,
  ]
  const page = bare
    .replace('</head>', () => `  <meta name="lockstep-single" content="yes" />\n    <style>${style}</style>\n  </head>`)
    .replace('</body>', () => `  ${end.join('\n    ')}\n  </body>`)
  return withPolicy(page, { oneFile: true })
}

/** Two things end or hide a script wherever they stand in it; both can only be in strings and in comments. */
const inScript = (code: string): string => code.replace(/<\/(script)/gi, '<\\/$1').replaceAll('<!--', '<\\!--')
