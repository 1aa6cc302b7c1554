/** Whether a comparison draws all of its pictures whole, and scrolls, where they have no room together. */
import { create } from 'zustand'

interface WholeState {
  readonly whole: boolean
  readonly toggle: () => void
}

export const useWhole = create<WholeState>((set) => ({ whole: false, toggle: () => set(({ whole }) => ({ whole: !whole })) }))
