import { copy } from '../../base/plain.ts'
import { flow, type FlowRow } from '../../engine/procedure.ts'

/** The local variables of a procedure, as its first row: callers give its arguments and need not know of these. */
export const variables = <L extends object>(initial: Partial<L>): FlowRow<L> =>
  flow<L>((f) => {
    Object.assign(f, copy(initial))
  })
