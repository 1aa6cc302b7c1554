import { useLayoutEffect, useRef, useState } from 'react'

/** The width of a figure in its own units: CSS pixels divided by --scale. */
export const assumedWidth = 960

const assumed: { width: number; room: number | null; scale: number } = { width: assumedWidth, room: null, scale: 1 }

/**
 * Measures the element that gets `ref`. Figures are laid out in units of `--scale` pixels, so that talk mode enlarges
 * text, lines and distances alike; `width` is how many such units fit, `scale` how many pixels one has. Without a browser it is `assumedWidth`.
 * The height counts only where it does not follow from what is drawn: `fills`. Else `room` is null.
 */
export function useMeasure<E extends HTMLElement>(fills = false) {
  const ref = useRef<E>(null)
  const [size, setSize] = useState(assumed)
  useLayoutEffect(() => {
    const element = ref.current
    const probe = element?.querySelector<HTMLElement>(':scope > .lens-probe')
    if (!element || !probe) return
    const measure = () => {
      const scale = probe.offsetWidth / 100 || 1
      const width = Math.max(240, Math.floor(element.clientWidth / scale))
      const room = fills ? Math.floor(element.clientHeight / scale) : null
      setSize((now) => (now.width === width && now.room === room && now.scale === scale ? now : { width, room, scale }))
    }
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    observer.observe(probe)
    return () => observer.disconnect()
  }, [fills])
  return { ref, ...size }
}
