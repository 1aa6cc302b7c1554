import { useLayoutEffect, useRef, useState, useSyncExternalStore } from 'react'

/** A window in which a whole scenario is seen without scrolling. The styles say the same. */
const ONE_SCREEN = '(min-width: 1024px) and (min-height: 640px)'
/** One with room for the panel beside the run. */
const BESIDE = '(min-width: 1680px) and (min-height: 640px)'

function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (changed) => {
      const media = matchMedia(query)
      media.addEventListener('change', changed)
      return () => media.removeEventListener('change', changed)
    },
    () => matchMedia(query).matches,
  )
}

/** Does all of a scenario stand on one screen? Elsewhere the page scrolls, in the same order. */
export const useOneScreen = (): boolean => useMedia(ONE_SCREEN)

/** Has the panel a column of its own? */
export const useBeside = (): boolean => useMedia(BESIDE)

/** Is there little room from top to bottom? */
export const useLow = (): boolean => useMedia('(max-height: 860px)')

/** Is there room for more under the timeline? */
export const useTall = (): boolean => useMedia('(min-height: 1200px)')

interface Room {
  readonly width: number
  readonly height: number
  /** The size of its type. */
  readonly em: number
}

/** The room that an element has; null before it was measured. */
export function useRoom<E extends HTMLElement>() {
  const ref = useRef<E>(null)
  const [room, setRoom] = useState<Room | null>(null)
  useLayoutEffect(() => {
    const element = ref.current
    if (!element) return
    const measure = (): void => {
      const { clientWidth: width, clientHeight: height } = element
      const em = parseFloat(getComputedStyle(element).fontSize)
      setRoom((now) => (now?.width === width && now.height === height && now.em === em ? now : { width, height, em }))
    }
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    return () => observer.disconnect()
  }, [])
  return { ref, room }
}
