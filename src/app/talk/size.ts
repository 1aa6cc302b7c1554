/**
 * How large a talk is drawn. What the room needs follows from its screen: a letter of 12 units, the smallest of the lenses, is as
 * high as 24 of 1080 lines. What the reader chose on top of that stays in this browser and is in no link: it wins over every link.
 */
import { useInsertionEffect, useLayoutEffect } from 'react'
import { create } from 'zustand'

/** A screen has so many units from top to bottom; one of the old shape at least so many from side to side, or no picture had room. */
const HIGH = 540
const WIDE = 840
const sizes: readonly number[] = [0.6, 0.7, 0.8, 0.9, 1, 1.15, 1.3]
const KEY = 'lockstep-talk-size'

interface TalkSize {
  /** What the reader makes of what the room needs. */
  readonly factor: number
  /** Pixels of a unit on this screen. */
  readonly screen: number
  readonly measure: () => void
  readonly larger: () => void
  readonly smaller: () => void
}

/** A telephone has no last row: the page scrolls, and its smallest letters stay 11 pixels high. */
const LEAST = 11 / 12

const unitOf = ({ innerHeight, innerWidth }: { innerHeight: number; innerWidth: number }): number =>
  Math.max(LEAST, Math.min(innerHeight / HIGH, innerWidth / WIDE))

const useTalkSize = create<TalkSize>((set) => ({
  factor: read(),
  screen: unitOf(globalThis),
  measure: () => set({ screen: unitOf(globalThis) }),
  larger: () => set(({ factor }) => ({ factor: sizes.find((size) => size > factor) ?? factor })),
  smaller: () => set(({ factor }) => ({ factor: sizes.findLast((size) => size < factor) ?? factor })),
}))

useTalkSize.subscribe(({ factor }) => write(factor))

export const { larger, smaller } = useTalkSize.getState()

/** Pixels of a unit. */
export const useTalkUnit = (): number => useTalkSize(({ factor, screen }) => factor * screen)

/** All sizes of the page follow one that stands at its root. */
export function useTalkAtRoot(talk: boolean): void {
  const unit = useTalkUnit()
  const factor = useTalkSize((state) => state.factor)
  const { measure } = useTalkSize.getState()
  // Before anything is measured: every size of the page hangs on these.
  useInsertionEffect(() => {
    if (!talk) return
    const { dataset } = document.documentElement
    dataset['talk'] = ''
    return () => void delete dataset['talk']
  }, [talk])
  useInsertionEffect(() => {
    const { style } = document.documentElement
    style.setProperty('--talk', String(unit))
    style.setProperty('--talk-factor', String(factor))
  }, [unit, factor])
  useLayoutEffect(() => {
    if (!talk) return
    measure()
    addEventListener('resize', measure)
    return () => removeEventListener('resize', measure)
  }, [talk, measure])
}

// Storage can be forbidden, which throws, or hold what another version wrote; the page then begins anew, nothing more.
function read(): number {
  try {
    const kept = Number(localStorage.getItem(KEY))
    return sizes.includes(kept) ? kept : 1
  } catch {
    return 1
  }
}

function write(factor: number): void {
  try {
    localStorage.setItem(KEY, String(factor))
  } catch {
    return
  }
}
