/** A long computation in slices, so that a worker hears what is asked of it meanwhile, and the page is told how far it is. */
import type { Progress } from '../engine/graph.ts'

/** So long nothing else is heard. */
const SLICE_MS = 12
/** So often the page is told: what it shows cannot be read more quickly. */
const TELL_MS = 100

/** Whoever asked has taken it back. */
export class TakenBack extends Error {}

/** Whom a computation tells how far it is, and who may take it back. */
export interface Asker {
  tell(progress: Progress): void
  isGone(): boolean
}

/** @throws TakenBack */
export async function inSlices<T>(steps: Generator<Progress, T>, asker: Asker): Promise<T> {
  let [began, told] = [performance.now(), performance.now()]
  for (;;) {
    const next = steps.next()
    if (next.done) return next.value
    const now = performance.now()
    if (now - told >= TELL_MS) {
      asker.tell(next.value)
      told = now
    }
    if (now - began < SLICE_MS) continue
    await breath()
    if (asker.isGone()) throw new TakenBack()
    began = performance.now()
  }
}

/** Resolves once messages that have come meanwhile were read. (Browsers put a timer off by 4 ms.) */
function breath(): Promise<void> {
  return new Promise((go) => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = () => {
      port1.close()
      go()
    }
    port2.postMessage(null)
  })
}
