/** The log tree as `btrfs inspect-internal dump-tree` prints it, an excerpt: what the model does not have is `(...)`. */
import { fill, printed } from './lines.ts'
import type { Chosen, Side } from './side.ts'

export function log(side: Side, { width, to }: Chosen): string[] {
  const lines = side.listing(to)?.log ?? null
  if (lines === null) return fill('no log tree in this scenario at this step', width)
  return lines.flatMap((line) => printed(line, width))
}
