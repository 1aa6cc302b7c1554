import { lazy, type ComponentType, type LazyExoticComponent } from 'react'

/** A component that is asked for when the browser has time: the first step does not wait for it. */
export function late<P extends object>(load: () => Promise<{ default: ComponentType<P> }>): LazyExoticComponent<ComponentType<P>> {
  return lazy(() => new Promise<void>(whenIdle).then(load))
}

const PATIENCE_MS = 500

/** When the browser has nothing else to do, or after a while. */
export function whenIdle(then: () => void): void {
  // Safari has no idle callbacks.
  if ('requestIdleCallback' in globalThis) requestIdleCallback(then, { timeout: PATIENCE_MS })
  else setTimeout(then, PATIENCE_MS)
}
