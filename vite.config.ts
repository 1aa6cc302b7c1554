import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { pages } from './scripts/pages.ts'

export default defineConfig({
  // Relative URLs: one build works under any host and sub-path.
  base: './',
  // Every address is a real file, in development as on a static host; what is not there is a 404 and not the home page.
  appType: 'mpa',
  plugins: [react(), pages()],
  worker: { format: 'es' },
  build: {
    target: 'es2023',
    // Fonts stay files of their own: they load after the page can be used.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 400,
    // Every browser that runs this target knows the link relation.
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        // What every page needs in one piece: small files compress badly.
        codeSplitting: {
          groups: [
            {
              name: 'start',
              test: /node_modules\/(react|react-dom|scheduler|zustand)\/|src\/(base|store)\/|src\/app\/(lockstep|address|theme-switch|footer)\.tsx?$/,
            },
          ],
        },
      },
    },
  },
})
