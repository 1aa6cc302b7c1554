/** What the twins have in common as systems. */
import type { Kernel } from '../../engine/procedure.ts'
import { nothingSeen, type Letter, type Seen } from '../../engine/view.ts'

/** The first `n` capitals: one a task. */
export const letters = (n: number): Letter[] => Array.from({ length: n }, (_, i) => String.fromCharCode(65 + i))

/** A twin is of no release: fix or no fix is a parameter of its own. */
export const twinKernel: Kernel = { release: 'twin', patches: {} }

/** A step that takes its time and changes nothing that is modelled. */
export const nothing = (): void => undefined

/** What can be told apart at the end: the size, and what each task returned. */
export const outcomeOf = (size: number, returned: Readonly<Record<Letter, unknown>>): Seen => ({
  ...nothingSeen,
  returns: Object.fromEntries(Object.entries(returned).filter((entry): entry is [Letter, number] => typeof entry[1] === 'number')),
  size,
})
