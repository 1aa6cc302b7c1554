/** The steps of a trace as one line each. */
import type { World } from '../engine/procedure.ts'
import type { Trace } from '../engine/trace.ts'

/** `S __iomap_dio_rw.drop_ref` */
export const stepsOf = <W extends World>(trace: Trace<W>): string[] =>
  trace.infos.map(({ task, procedure, label }) => `${task} ${procedure}.${label}`)
