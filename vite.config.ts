import react from '@vitejs/plugin-react'
import { defineConfig, type UserConfig } from 'vite'
import { headers } from './scripts/csp.ts'
import { offline } from './scripts/offline.ts'
import { pages } from './scripts/pages.ts'
import { single, singleAlias, singleBuild } from './scripts/single.ts'

const target = 'es2023'

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
  plugins: [react(), pages(), offline()],
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
            // What every page needs.
            {
              name: 'start',
              priority: 1,
              test: /node_modules\/(react|react-dom|scheduler|zustand)\/|src\/(base|worker\/late-client)\b|src\/store\/(?!link\/(link|repair|upgrade)\.)|src\/picture\/mark|src\/lenses\/(axis|changes|extent-strip-lens|figure|hue|late|marks|memo|patterns|picture-lens|place|props|ruler|strip-\w+|use-measure|words)\.tsx?$|src\/app\/(lockstep|address|theme|theme-switch|footer|page|boundary|lost)\.tsx?$/,
            },
            // What every scenario needs before it can be stepped.
            {
              name: 'steps',
              test: /src\/app\/(scenario\/(moment|run|use-screen|head\/|story\/|transport\/|stage\/(?!plug)|panel\/(panel-|marks|standing)|search\/(use-why|race|why-line|count))|terms\/(prose|names)|keyboard)|src\/lenses\/(timeline|calls|call-names|step-axis|doom\.|doom-names|ghost\.|percent|user-buffer-layout)|src\/picture\/(held|history)|src\/narrate\/parted/,
            },
          ],
        },
      },
    },
  },
}

/** `vite build` makes the site, `vite build --mode single` one file that holds everything. */
export default defineConfig(({ mode }) => (mode === 'single' ? oneFile : site))
