import { useEffect, useRef, useState } from 'react'

/** Below this width the page is read by scrolling anyway. */
const SCROLLS_BELOW = 900
/** What a rung of shrinking takes off the size. */
export const RUNG = 0.03

/**
 * How many of `most` extras have room, so that the element that gets `ref` still ends above the dock. The last `rungs` of
 * them are no things but sizes: each that is given up makes everything smaller by `RUNG`. It only ever goes down while
 * `key` and the window stay the same: what is on the screen does not come and go from step to step.
 */
export function useFit<E extends HTMLElement>(most: number, rungs: number, key: unknown) {
  const ref = useRef<E>(null)
  const [fit, setFit] = useState({ key, size: '', count: most })
  useEffect(() => {
    const main = ref.current?.closest('main')
    if (!main) return
    const measure = (): void => {
      const size = `${innerWidth} ${innerHeight} ${most}`
      const excess = innerWidth < SCROLLS_BELOW && rungs === 0 ? 0 : excessOf(ref.current, main)
      setFit((now) => {
        const known = now.key === key && now.size === size
        const count = known ? now.count : most
        // Several sizes at once, but never too many: a smaller text also has fewer lines.
        const by = count < rungs ? Math.max(1, Math.floor((0.6 * excess) / RUNG)) : 1
        if (excess > 0) return count > 0 ? { key, size, count: Math.max(0, count - by) } : now
        return known ? now : { key, size, count }
      })
    }
    // Whatever changes the height of the page, a picture that grew or an extra that went, is looked at again. The pictures
    // follow a change of the room they have in the frame after it, so the look is taken one later.
    let frame = 0
    const look = (): void => {
      cancelAnimationFrame(frame)
      frame = requestAnimationFrame(() => (frame = requestAnimationFrame(measure)))
    }
    const observer = new ResizeObserver(look)
    observer.observe(main)
    addEventListener('resize', look)
    return () => {
      cancelAnimationFrame(frame)
      observer.disconnect()
      removeEventListener('resize', look)
    }
  }, [key, most, rungs, fit.count])
  return { ref, count: fit.key === key ? Math.min(most, fit.count) : most }
}

/** The share of its height by which an element reaches below the dock; not above zero where it does not. */
function excessOf(element: Element | null, main: Element): number {
  const dock = main.querySelector('.dock')
  if (!element || !dock) return 0
  const box = element.getBoundingClientRect()
  return (box.bottom + scrollY - (innerHeight - dock.getBoundingClientRect().height)) / box.height
}
