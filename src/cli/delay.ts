/** How long V8 watches a function run before it compiles it anew, optimised. */
import { setFlagsFromString } from 'node:v8'

/**
 * A question of the command line is answered in half a second or less: of that, optimising what was just loaded took half. A function is
 * left alone until it has run some seven times longer than V8 would wait (132 KiB of bytecode). A search of seconds loses nothing by that:
 * what it runs all the time has run so long within its first tenth of a second.
 */
export function delayOptimization(): void {
  // Node 20 to 24. One that does not know the flag would say so on stderr.
  if (/^1[1-3]\./.test(process.versions.v8)) setFlagsFromString('--interrupt-budget=1000000')
}
