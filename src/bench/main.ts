/**
 * `npm run bench [-- search|page|steps|resume|twin|all [scenario...]]`: one JSON document on stdout, each promise with its budget beside the value.
 * `decide` and `rate` are what `twin` starts as processes of their own.
 */
import { delayOptimization } from '../cli/delay.ts'
import type { Part } from './report.ts'

const [part = 'all', ...wanted] = process.argv.slice(2)
if (part === 'decide') {
  // As the command line does; what is measured is this process from its start on, so it loads no more than it needs.
  delayOptimization()
  const { decide } = await import('./twin/child.ts')
  const [search = '', twin = '', n, variant = '', maxStates] = wanted
  print(decide(search, twin, Number(n), variant, Number(maxStates)))
} else if (part === 'rate') {
  const { rate } = await import('./twin/child.ts')
  const [twin = '', n, variant = '', runs] = wanted
  print(rate(twin, Number(n), variant, Number(runs)))
} else await measure()

async function measure(): Promise<void> {
  const { parts, report } = await import('./report.ts')
  if (!(parts as readonly string[]).includes(part)) {
    console.error(`bench: "${part}" is no part; choose ${parts.join(', ')}, then scenarios`)
    process.exit(2)
  }
  const found = await report(part as Part, wanted)
  print(found)
  const { broken } = await import('./budgets.ts')
  for (const says of broken(found)) {
    console.error(`bench: ${says}`)
    process.exitCode = 1
  }
}

function print(document: unknown): void {
  process.stdout.write(JSON.stringify(document, null, 2) + '\n')
}
