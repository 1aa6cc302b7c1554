import { useLayoutEffect, useRef, useState } from 'react'

/** The width of a figure in its own units: CSS pixels divided by --scale. */
export const assumedWidth = 960

const assumed = { width: assumedWidth, scale: 1 }

/**
 * Measures the element that gets `ref`. Figures are laid out in units of `--scale` pixels, so that talk mode enlarges
 * text, lines and distances alike; `width` is how many such units fit, `scale` how many pixels one has. Without a browser it is `assumedWidth`.
 */
export function useMeasure<E extends HTMLElement>() {
  const ref = useRef<E>(null)
  const [size, setSize] = useState(assumed)
  useLayoutEffect(() => {
    const element = ref.current
    const probe = element?.querySelector<HTMLElement>(':scope > .lens-probe')
    if (!element || !probe) return
    const measure = () => {
      const scale = probe.offsetWidth / 100 || 1
      const width = Math.max(240, Math.floor(element.clientWidth / scale))
      setSize((now) => (now.width === width && now.scale === scale ? now : { width, scale }))
    }
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    observer.observe(probe)
    return () => observer.disconnect()
  }, [])
  return { ref, ...size }
}
