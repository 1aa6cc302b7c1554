/** Whether the page says below its pictures what their patterns mean. It stays so from one scenario to the next. */
import { create } from 'zustand'

interface LegendState {
  readonly on: boolean
  readonly toggle: () => void
}

export const useLegend = create<LegendState>((set) => ({ on: false, toggle: () => set(({ on }) => ({ on: !on })) }))
