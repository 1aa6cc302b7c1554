import { useEffect, useState, type RefObject } from 'react'

/** How far below the window a part of the page is so near that a reader may look at it next. */
const AHEAD = '200px'

/** Whether an element was ever in the window or near it; what costs much and is not looked at need not be worked out. */
export function useNear(ref: RefObject<Element | null>): boolean {
  const [near, setNear] = useState(false)
  useEffect(() => {
    const element = ref.current
    if (near || !element) return
    const observer = new IntersectionObserver((entries) => setNear(entries.some(({ isIntersecting }) => isIntersecting)), {
      rootMargin: `${AHEAD} 0px`,
    })
    observer.observe(element)
    return () => observer.disconnect()
  }, [near, ref])
  return near
}
