/**
 * How a page knows at once that a worker has gone, and never takes one that is busy for gone: a worker holds a lock for as long as it
 * lives, and the browser gives it to whoever waits for it next.
 */

/** In the worker: `tell` hears of the lock when it is held. Not everywhere may a page have locks; then nothing is told. */
export function live(tell: (lock: string) => void): void {
  // Pages that were not sent safely have no locks, whatever the types say.
  const locks = navigator.locks as LockManager | undefined
  const name = `lockstep ${Date.now()} ${Math.random()}`
  const forEver = (): Promise<never> => {
    tell(name)
    return new Promise(() => undefined)
  }
  locks?.request(name, forEver).catch(() => undefined)
}

/** In the page: `then` hears when the worker that holds this lock has gone, unless `signal` says that nobody cares. False where there are no locks. */
export function whenGone(lock: string, signal: AbortSignal, then: () => void): boolean {
  const locks = navigator.locks as LockManager | undefined
  locks?.request(lock, { signal }, then).catch(() => undefined)
  return locks !== undefined
}
