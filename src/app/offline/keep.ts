/** Has the site kept for use without a network, and says how far that has come. */
import { create } from 'zustand'

/** `no`: it is not going to be, or this browser does not do it. */
export type Kept = 'no' | 'storing' | 'ready' | 'failed'

export const useKept = create<{ readonly kept: Kept }>()(() => ({ kept: 'no' }))

/** Registers the service worker for the whole site, which `base` is the root of. */
export async function keepOffline(base: string): Promise<void> {
  const tell = (kept: Kept): void => useKept.setState({ kept })
  // Absent without a secure connection; some browsers forbid it in private windows by handing out nothing.
  const workers = (navigator as { serviceWorker?: ServiceWorkerContainer }).serviceWorker
  if (!workers) return
  try {
    const registration = (await workers.register(new URL('sw.js', base), { scope: base, updateViaCache: 'none' })) as
      ServiceWorkerRegistration | undefined
    if (!registration) return
    tell('storing')
    // Without a network there is nothing newer to be had.
    await registration.update().catch(() => undefined)
    const coming = registration.installing
    if (coming) await settled(coming)
    tell(registration.active && (await hasAll(registration.active)) ? 'ready' : 'failed')
  } catch {
    tell('failed')
  }
}

/** Waits until a worker serves or has given up. */
function settled(worker: ServiceWorker): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (worker.state === 'activated' || worker.state === 'redundant') resolve()
    }
    worker.addEventListener('statechange', look)
    look()
  })
}

/** Asks the worker to look whether all files are there, and to get those that are not. */
function hasAll(worker: ServiceWorker): Promise<boolean> {
  const { port1, port2 } = new MessageChannel()
  return new Promise((resolve) => {
    port1.onmessage = ({ data }: MessageEvent<unknown>) => {
      port1.close()
      resolve(data === true)
    }
    worker.postMessage('all there?', [port2])
  })
}
