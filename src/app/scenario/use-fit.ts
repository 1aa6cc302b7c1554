import { useEffect, useRef, useState } from 'react'

/** Below this width the page is read by scrolling anyway. */
const SCROLLS_BELOW = 900

/**
 * How many of `most` extras have room, so that the element that gets `ref` still ends above the dock. It only ever goes
 * down while `key` and the window stay the same: what is on the screen does not come and go from step to step.
 */
export function useFit<E extends HTMLElement>(most: number, key: unknown, talk = false) {
  const ref = useRef<E>(null)
  const [fit, setFit] = useState({ key, size: '', count: most })
  useEffect(() => {
    const main = ref.current?.closest('main')
    if (!main) return
    const measure = (): void => {
      const size = `${innerWidth} ${innerHeight} ${talk}`
      const fits = (innerWidth < SCROLLS_BELOW && !talk) || endsAboveDock(ref.current, main)
      setFit((now) => {
        const known = now.key === key && now.size === size
        const count = known ? now.count : most
        if (!fits) return count > 0 ? { key, size, count: count - 1 } : now
        return known ? now : { key, size, count }
      })
    }
    // Whatever changes the height of the page, a picture that grew or an extra that went, is looked at again.
    const observer = new ResizeObserver(measure)
    observer.observe(main)
    addEventListener('resize', measure)
    return () => {
      observer.disconnect()
      removeEventListener('resize', measure)
    }
  }, [key, most, talk])
  return { ref, count: fit.key === key ? Math.min(most, fit.count) : most }
}

function endsAboveDock(element: Element | null, main: Element): boolean {
  const dock = main.querySelector('.dock')
  if (!element || !dock) return true
  return element.getBoundingClientRect().bottom + scrollY <= innerHeight - dock.getBoundingClientRect().height
}
