/**
 * One real page per scenario: `<base>/<id>/` answers with its own title, description and plain text, so that a link preview, `curl`,
 * a text browser and an archive get the scenario without running anything. The page itself is index.html with other words in its head.
 * `<base>/embed/` is the same page for a frame.
 */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { runnerImport, type Plugin, type ResolvedConfig, type Rolldown } from 'vite'
import type { Card } from '../src/scenarios/card.ts'
import type * as Frames from '../src/store/run/frames.ts'
import type { FirstRun } from '../src/store/run/first-runs.ts'
import { withPolicy } from './csp.ts'

/** The run that a scenario opens with; plain data, by scenario. */
type Runs = Readonly<Record<string, FirstRun>>

/** What `lockstep text <id>` prints, by scenario. */
type Texts = Readonly<Record<string, string>>

/** Emits `<id>/index.html` and `<id>.txt` for every card of the catalogue when building, and serves the same pages while developing and previewing. */
export function pages(): Plugin {
  let config: ResolvedConfig
  return {
    name: 'lockstep-pages',
    configResolved(resolved) {
      config = resolved
    },
    generateBundle: {
      // After Vite's own HTML plugin, which names the hashed assets.
      order: 'post',
      async handler(_options, bundle) {
        const home = bundle['index.html']
        if (home?.type !== 'asset') return
        const html = String(home.source)
        const catalog = await loadCatalog(config.root)
        const texts = await loadTexts(config.root)
        const runs = await loadRuns(config.root)
        const { kindsOf } = await load<typeof Frames>(config.root, resolve(config.root, 'src/store/run/frames.ts'))
        for (const card of catalog) {
          const run = runs[card.id]
          const lenses = run ? [...kindsOf(run.trace, card.leads)].map((kind) => `/lenses/${kind}-lens.tsx`) : []
          const early = inHead(html, preloads(html, bundle, ['/app/scenario/scenario-page.tsx', ...lenses]))
          const text = texts[card.id] ?? ''
          this.emitFile({ type: 'asset', fileName: `${card.id}/index.html`, source: withPolicy(scenarioPage(early, card, text, run)) })
          this.emitFile({ type: 'asset', fileName: `${card.id}.txt`, source: text })
        }
        this.emitFile({ type: 'asset', fileName: 'embed/index.html', source: withPolicy(embedPage(html)) })
        home.source = withPolicy(homePage(html, catalog))
      },
    },
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        const path = pathOf(request.url)
        void serve().catch(next)
        async function serve(): Promise<void> {
          const id = /^\/([a-z0-9-]+)(\/(?:index\.html)?|\.txt)?$/.exec(path)
          if (!id?.[1] || existsSync(resolve(config.root, id[1]))) return next()
          if (id[1] === 'embed' && id[2]?.startsWith('/')) {
            const html = await readFile(resolve(config.root, 'index.html'), 'utf8')
            const page = await server.transformIndexHtml('/index.html', embedPage(html))
            return void response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(page)
          }
          const card = (await loadCatalog(config.root)).find((one) => one.id === id[1])
          if (!card) return next()
          if (!id[2]) return void response.writeHead(302, { location: `/${card.id}/` }).end()
          if (id[2] === '.txt') {
            const texts = await loadTexts(config.root)
            return void response.writeHead(200, { 'content-type': 'text/plain' }).end(texts[card.id])
          }
          const html = await readFile(resolve(config.root, 'index.html'), 'utf8')
          const page = await server.transformIndexHtml('/index.html', scenarioPage(html, card, card.story))
          response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(page)
        }
      })
    },
    configurePreviewServer(server) {
      // As static hosts do: without the last slash the relative addresses of the page would miss.
      server.middlewares.use((request, response, next) => {
        const path = pathOf(request.url)
        const isFolder = /^\/[a-z0-9-]+$/.test(path) && existsSync(resolve(config.root, config.build.outDir, `.${path}`, 'index.html'))
        if (isFolder) response.writeHead(301, { location: `${path}/` }).end()
        else next()
      })
    },
  }
}

const pathOf = (url: string | undefined): string => new URL(url ?? '/', 'http://localhost').pathname

/** Runs the catalogue through Vite's own module loading; no catalogue, no pages. */
async function loadCatalog(root: string): Promise<readonly Card[]> {
  const file = resolve(root, 'src/scenarios/catalog.ts')
  return existsSync(file) ? (await load<{ readonly catalog: readonly Card[] }>(root, file)).catalog : []
}

/** Searches every scenario; in development a page has its story alone. */
async function loadTexts(root: string): Promise<Texts> {
  const file = resolve(root, 'src/worker/no-script.ts')
  return existsSync(file) ? (await load<{ readonly noScriptTexts: Texts }>(root, file)).noScriptTexts : {}
}

/** Runs the model once for each scenario; in development the page asks its worker instead. */
async function loadRuns(root: string): Promise<Runs> {
  const file = resolve(root, 'src/store/run/first-runs.ts')
  return existsSync(file) ? (await load<{ readonly firstRuns: Runs }>(root, file)).firstRuns : {}
}

/** A module of the page, run here. Without the project's configuration, which is in use meanwhile. */
async function load<T>(root: string, file: string): Promise<T> {
  return (await runnerImport<T>(file, { root, configFile: false, logLevel: 'error' })).module
}

/** Tags that ask at once for what a scenario's page loads before it can be stepped, the files named and what they need: one round trip less. */
function preloads(html: string, bundle: Rolldown.OutputBundle, files: readonly string[]): string[] {
  const chunks = Object.values(bundle).filter((file) => file.type === 'chunk')
  const early = new Set<Rolldown.OutputChunk>()
  const add = (chunk: Rolldown.OutputChunk | undefined): void => {
    if (!chunk || early.has(chunk)) return
    early.add(chunk)
    for (const name of chunk.imports) add(chunks.find(({ fileName }) => fileName === name))
  }
  for (const file of files) {
    const chunk = chunks.find(({ moduleIds }) => moduleIds.some((id) => id.endsWith(file)))
    if (!chunk) throw new Error(`${file} is in no chunk`)
    add(chunk)
  }
  const styles = new Set([...early].flatMap((chunk) => [...(chunk.viteMetadata?.importedCss ?? [])]))
  return [
    ...[...early].map(({ fileName }) => `<link rel="modulepreload" crossorigin href="./${fileName}" />`),
    ...[...styles].map((file) => `<link rel="stylesheet" crossorigin href="./${file}" />`),
  ].filter((tag) => !html.includes(addressIn(tag)))
}

/** `"./assets/start.js"`: what a page has asked for already is not asked for again. */
const addressIn = (tag: string): string => /"\.\/[^"]+"/.exec(tag)?.[0] ?? tag

/** index.html with the words of one scenario, for a page one folder down, and with the run that it opens with if that is known. */
export function scenarioPage(html: string, card: Card, text: string, run?: unknown): string {
  const title = `${card.title} - Lockstep`
  return inHead(withDescription(withTitle(fromSubfolder(html), title), card.summary), [
    meta('name', 'lockstep-scenario', card.id),
    meta('property', 'og:type', 'article'),
    meta('property', 'og:site_name', 'Lockstep'),
    meta('property', 'og:title', card.title),
    meta('property', 'og:description', card.summary),
    meta('property', 'og:image', `../preview/${card.id}.png`),
    meta('name', 'twitter:card', 'summary_large_image'),
    data('card', card),
    `<link rel="alternate" type="text/plain" href="../${card.id}.txt" />`,
  ]).replace(
    '<div id="root"></div>',
    () =>
      `<div id="root"></div>\n    <noscript><pre>${escape(text)}</pre></noscript>${run === undefined ? '' : `\n    ${data('run', run)}`}`,
  )
}

/** Plain data for the scripts of a page. */
const data = (id: string, value: unknown): string =>
  `<script type="application/json" id="${id}">${JSON.stringify(value).replaceAll('<', '\\u003c')}</script>`

/** index.html for a frame in another page: the fragment names the scenario, as at the root. */
export function embedPage(html: string): string {
  return inHead(fromSubfolder(html), [meta('name', 'lockstep-embed', 'yes'), meta('name', 'robots', 'noindex')]).replace(
    '<div id="root"></div>',
    () => '<div id="root"></div>\n    <noscript><p>Lockstep shows nothing here without scripts; its pages have a text each.</p></noscript>',
  )
}

/** index.html with a list of the scenarios for readers without scripts. */
export function homePage(html: string, catalog: readonly Card[]): string {
  if (catalog.length === 0) return html
  const items = catalog.map((card) => `<li><a href="${card.id}/">${escape(card.title)}</a>: ${escape(card.summary)}</li>`)
  return inHead(html, [meta('property', 'og:type', 'website'), meta('property', 'og:title', 'Lockstep')]).replace(
    '<div id="root"></div>',
    () => `<div id="root"></div>\n    <noscript>\n      <h1>Lockstep</h1>\n      <ul>${items.join('')}</ul>\n    </noscript>`,
  )
}

/** Relative addresses, seen from one folder further down. */
const fromSubfolder = (html: string): string => html.replace(/\b(src|href)="\.\//g, '$1="../')

const withTitle = (html: string, title: string): string => html.replace(/<title>[^<]*<\/title>/, () => `<title>${escape(title)}</title>`)

const withDescription = (html: string, text: string): string =>
  html.replace(/<meta\s+name="description"\s+content="[^"]*"\s*\/?>/, () => meta('name', 'description', text))

const inHead = (html: string, tags: readonly string[]): string => html.replace('</head>', () => `  ${tags.join('\n    ')}\n  </head>`)

const meta = (key: 'name' | 'property', name: string, content: string): string => `<meta ${key}="${name}" content="${escape(content)}" />`

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
