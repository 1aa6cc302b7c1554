import type { World } from './procedure.ts'
import type { Trace } from './trace.ts'
import type { Letter } from './view.ts'

/** How one run follows another. */
export interface Followed<W extends World> {
  readonly trace: Trace<W>
  /** after[i]: how many steps the carried run had taken when step i of the original (1-based; 0 = start) was done. */
  readonly after: readonly number[]
  /** own[n]: the step of the original that step n (1-based) of the carried run is; null for one that only it takes. */
  readonly own: readonly (number | null)[]
  /** The first step of the original that could not run in its place, and why not. */
  readonly held: { readonly n: number; readonly here: number; readonly task: Letter; readonly says: string } | null
}
