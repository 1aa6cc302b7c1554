import { createElement, lazy, type ComponentType, type LazyExoticComponent } from 'react'

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

/**
 * A part that may have been brought before it is drawn. It then stands there at once: React shows what it had to wait for up to 300 ms late.
 * Where it cannot be had, whoever draws it fails, unless something is drawn `instead`.
 */
export function early<P extends object>(load: Load<P>, instead?: ComponentType<P>): readonly [ComponentType<P>, () => Promise<void>] {
  const Waited = instead ? part(load, instead) : lazy(load)
  // Whichever it was drawn with first stays: the other would draw it from nothing.
  let chosen: ComponentType<P> | null = null
  return [
    (props: P) => createElement((chosen ??= Waited), props),
    async () => {
      const { default: brought } = await load()
      chosen ??= brought
    },
  ]
}

export const Nothing = (): null => null

const PATIENCE_MS = 500

/** When the browser has nothing else to do, or after a while. */
export function whenIdle(then: () => void): void {
  // Safari has no idle callbacks.
  if ('requestIdleCallback' in globalThis) requestIdleCallback(then, { timeout: PATIENCE_MS })
  else setTimeout(then, PATIENCE_MS)
}
