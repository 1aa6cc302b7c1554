/** Two listings, titled `=== before ===` and `=== after ===`: of two kernels, or of the beginning and the end of a part of a run. */
import { fiemap } from './fiemap.ts'
import { fill } from './lines.ts'
import { kernelOf, type Chosen, type Side } from './side.ts'
import { strip } from './strip.ts'

/** What a user sees of the file after so many steps. */
function listingAt(side: Side, chosen: Chosen, state: number): string[] {
  const there = { ...chosen, to: state }
  return [...strip(side, there), ...(side.listing(state) === null ? [] : ['', ...fiemap(side, there)])]
}

const after = (n: number): string => (n === 0 ? 'before the first step' : `after step ${n}`)

export function beforeAfter(sides: readonly (readonly [Side, Chosen])[]): string[] {
  const [[left, chosen], second] = sides as readonly [readonly [Side, Chosen], (readonly [Side, Chosen])?]
  const [right, there] = second ?? [left, chosen]
  const from = second ? chosen.to : chosen.from - 1
  return [
    '=== before ===',
    ...fill(`Linux ${kernelOf(left.view)} (model), ${after(from)}`, chosen.width),
    ...listingAt(left, chosen, from),
    '',
    '=== after ===',
    ...fill(`Linux ${kernelOf(right.view)} (model), ${after(there.to)}`, chosen.width),
    ...listingAt(right, there, there.to),
  ]
}
