import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin, type UserConfig } from 'vite'
import { headers } from './scripts/csp.ts'
import { offline } from './scripts/offline.ts'
import { pages } from './scripts/pages.ts'
import { single, singleAlias, singleBuild } from './scripts/single.ts'

const target = 'es2023'

/** Matches modules whose path goes on like one of these. */
const anyOf = (...paths: readonly string[]): RegExp => new RegExp(`/(${paths.join('|')})`)

/** What every page needs. */
const everyPage = anyOf(
  'node_modules/(react|react-dom|scheduler|zustand)/',
  'src/(base/(assert|count|plain|range)|picture/mark|worker/late-client)\\.',
  'src/scenarios/switches\\.',
  'src/store/(?!own/|link/(link|repair|upgrade)\\.|search/(worked-out|questions)\\.)',
  'src/lenses/(axis|changes|extent-strip-lens|figure|hue|late|marks|memo|patterns|picture-lens|place|props|ruler|strip-[a-z]+|use-measure|words)\\.tsx?$',
  // Pictures come alone and in any company; their styles are too small for files.
  'src/lenses/(tables|aside)\\.css$',
  'src/app/(scenario/compare/part|main|app|in-page|lockstep|address|theme|theme-switch|page|boundary|lost)\\.',
)

/** What every scenario needs before it can be stepped. */
const everyScenario = anyOf(
  'src/app/scenario/(scenario-page|scenario\\.css|moment|run|use-screen|head/|story/|transport/|stage/(?!plug)|panel/(panel-|marks|standing)|search/(use-why|race|why-line))',
  'src/app/(terms/prose|keyboard|talk/(talk\\.css|crossing|size))',
  'src/lenses/(timeline|calls|call-names|step-axis|doom\\.|ghost\\.|percent|user-buffer-layout)',
  'src/(picture/(held|history)|narrate/parted)',
)

/**
 * What is in these runs before the first picture. Chromium, told so in the first line of a file, compiles it while it comes, and not function
 * by function as each is called.
 */
const compiledEarly: Plugin = {
  name: 'lockstep-compiled-early',
  generateBundle: {
    order: 'post',
    handler(_options, bundle) {
      for (const file of Object.values(bundle))
        if (file.type === 'chunk' && (file.name === 'start' || file.name === 'steps'))
          file.code = `//# allFunctionsCalledOnLoad\n${file.code}`
    },
  },
}

const oneFile: UserConfig = {
  base: './',
  plugins: [react(), single()],
  resolve: { alias: singleAlias },
  worker: { format: 'iife' },
  build: { target, ...singleBuild },
}

const site: UserConfig = {
  // Relative URLs: one build works under any host and sub-path.
  base: './',
  // Every address is a real file, in development as on a static host; what is not there is a 404 and not the home page.
  appType: 'mpa',
  plugins: [react(), compiledEarly, pages(), offline()],
  worker: { format: 'es' },
  // As a careful host would send it: what the page needs and the policy forbids is seen by the browser tests.
  preview: { headers },
  build: {
    target,
    // Fonts stay files of their own: they load after the page can be used.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 400,
    // Every browser that runs this target knows the link relation.
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        // In few pieces: small files compress badly.
        codeSplitting: {
          groups: [
            { name: 'start', priority: 1, test: everyPage },
            { name: 'steps', test: everyScenario },
          ],
        },
      },
    },
  },
}

/** `vite build` makes the site, `vite build --mode single` one file that holds everything. */
export default defineConfig(({ mode }) => (mode === 'single' ? oneFile : site))
