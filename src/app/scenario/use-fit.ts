import { useEffect, useLayoutEffect, useRef, useState } from 'react'

/** Below this width the page is read by scrolling anyway. */
const SCROLLS_BELOW = 900

/**
 * How many of `most` extras have room, so that the element that gets `ref` still ends above the dock. It only ever goes
 * down while `key` and the window stay the same: what is on the screen does not come and go from step to step.
 */
export function useFit<E extends HTMLElement>(most: number, key: unknown) {
  const ref = useRef<E>(null)
  const [fit, setFit] = useState({ key, size: 0, count: most })
  const [size, setSize] = useState(0)
  useEffect(() => {
    const resized = (): void => setSize(innerWidth * 10_000 + innerHeight)
    resized()
    addEventListener('resize', resized)
    return () => removeEventListener('resize', resized)
  }, [])
  const fresh = fit.key !== key || fit.size !== size
  const count = fresh ? most : Math.min(most, fit.count)
  useLayoutEffect(() => {
    if (fresh) return setFit({ key, size, count: most })
    const dock = ref.current?.closest('main')?.querySelector('.dock')
    if (!ref.current || !dock || count === 0 || innerWidth < SCROLLS_BELOW) return
    const bottom = ref.current.getBoundingClientRect().bottom + scrollY
    if (bottom > innerHeight - dock.getBoundingClientRect().height) setFit({ key, size, count: count - 1 })
  })
  return { ref, count }
}
