import { lazy, type ComponentType, type LazyExoticComponent } from 'react'

type Load<P> = () => Promise<{ default: ComponentType<P> }>

/**
 * A part of a page that is asked for when it is wanted. Where it cannot be had, `instead` stands for it, and the page says so
 * (`app/lost.tsx`).
 */
export function part<P extends object>(load: Load<P>, instead: ComponentType<P> = Nothing): LazyExoticComponent<ComponentType<P>> {
  return lazy(() => load().catch(() => ({ default: instead })))
}

/** One that is asked for when the browser has time: the first step does not wait for it. */
export function late<P extends object>(load: Load<P>, instead?: ComponentType<P>): LazyExoticComponent<ComponentType<P>> {
  return part(() => new Promise<void>(whenIdle).then(load), instead)
}

const Nothing = (): null => null

const PATIENCE_MS = 500

/** When the browser has nothing else to do, or after a while. */
export function whenIdle(then: () => void): void {
  // Safari has no idle callbacks.
  if ('requestIdleCallback' in globalThis) requestIdleCallback(then, { timeout: PATIENCE_MS })
  else setTimeout(then, PATIENCE_MS)
}
