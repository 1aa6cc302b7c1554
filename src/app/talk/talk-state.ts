/** The talk that this browser keeps, and the stop of it that is shown. */
import { create } from 'zustand'
import { catalog } from '../../scenarios/catalog.ts'
import { keepStop, keptStop } from './crossing.ts'
import { stopsOf, type Stop } from './script.ts'

interface TalkState {
  readonly text: string
  readonly stops: readonly Stop[]
  /** Null while the talk is not given. */
  readonly at: number | null
  /** When it began, in milliseconds; null before. */
  readonly began: number | null
  /** The speaker's window, while it is open. */
  readonly notes: Window | null
  readonly write: (text: string) => void
  readonly stand: (at: number | null) => void
  readonly showNotes: (notes: Window | null) => void
  readonly startClock: () => void
}

const TEXT = 'lockstep-talk'

export const useTalk = create<TalkState>((set) => {
  const text = read()
  return {
    text,
    stops: stopsOf(text, catalog),
    at: keptStop(),
    began: null,
    notes: null,
    write: (now) => set({ text: now, stops: stopsOf(now, catalog) }),
    stand: (at) => set({ at }),
    showNotes: (notes) => set({ notes }),
    startClock: () => set({ began: Date.now() }),
  }
})

useTalk.subscribe((now, before) => {
  if (now.text !== before.text) write(now.text)
  if (now.at !== before.at) keepStop(now.at)
})

// Storage can be forbidden, which throws; the talk is then kept as long as the page is.
function read(): string {
  try {
    return localStorage.getItem(TEXT) ?? ''
  } catch {
    return ''
  }
}

function write(text: string): void {
  try {
    localStorage.setItem(TEXT, text)
  } catch {
    return
  }
}
