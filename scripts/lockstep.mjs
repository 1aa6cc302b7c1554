/**
 * `npm run --silent lockstep -- <command>`: bundles src/cli/main.ts when the sources changed since the last time, then runs it in this
 * process. Nothing but the answer reaches stdout.
 */
import { pathToFileURL } from 'node:url'
import { bundled } from './bundle.mjs'

/** What the command line can reach; a change elsewhere needs no new bundle. */
const REACH = ['base', 'picture', 'engine', 'kernel', 'scenarios', 'narrate', 'paste', 'worker', 'cli']

const main = await bundled('cli', REACH).catch((error) => {
  const says = (error instanceof Error ? error.message : String(error)).split('\n')[0]
  console.error(`lockstep: the command line could not be built: ${says}`)
  process.exit(2)
})
process.argv[1] = main
await import(pathToFileURL(main).href)
