/**
 * `npm run --silent lockstep -- <command>`: bundles src/cli/main.ts when the sources changed since the last time, then runs it in this
 * process. Nothing but the answer reaches stdout.
 */
import { pathToFileURL } from 'node:url'
import { bundled, cliReach } from './bundle.mjs'

const main = await bundled('cli', cliReach).catch((error) => {
  const says = (error instanceof Error ? error.message : String(error)).split('\n')[0]
  console.error(`lockstep: the command line could not be built: ${says}`)
  process.exit(2)
})
process.argv[1] = main
await import(pathToFileURL(main).href)
