/** The steps of a trace as one line each. */
import type { Trace } from '../engine/trace.ts'

/** `S __iomap_dio_rw.drop_ref` */
export const stepsOf = (trace: Trace): string[] => trace.infos.map(({ task, procedure, label }) => `${task} ${procedure}.${label}`)
