import { useLayoutEffect, useRef, useState } from 'react'

/** The width of a figure in its own units: CSS pixels divided by --scale. */
export const assumedWidth = 960

interface Size {
  readonly width: number
  readonly room: number | null
  readonly scale: number
  /** False for the moment before the browser was asked: what is drawn then is drawn again, and moves where it is seen to. */
  readonly measured: boolean
}

const assumed: Size = { width: assumedWidth, room: null, scale: 1, measured: !('document' in globalThis) }

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
      setSize((now) =>
        now.measured && now.width === width && now.room === room && now.scale === scale ? now : { width, room, scale, measured: true },
      )
    }
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    observer.observe(probe)
    return () => observer.disconnect()
  }, [fills])
  return { ref, ...size }
}
