/** The store and its actions for components; made once, in main. */
import { createContext, useContext, type ReactNode } from 'react'
import { useStore } from 'zustand'
import type { Card } from '../scenarios/card.ts'
import type { Actions, Lockstep } from '../store/store.ts'
import type { State } from '../store/state.ts'
import type { Whereabouts } from './address.ts'

export interface App extends Lockstep {
  readonly cards: readonly Card[]
  readonly where: Whereabouts
}

const Context = createContext<App | null>(null)

export function LockstepProvider({ app, children }: { app: App; children: ReactNode }) {
  return <Context value={app}>{children}</Context>
}

export function useApp(): App {
  const app = useContext(Context)
  if (!app) throw new Error('no LockstepProvider above this component')
  return app
}

/** A part of the state; the component renders again when that part changes. */
export function useLockstep<T>(select: (state: State) => T): T {
  return useStore(useApp().store, select)
}

export const useActions = (): Actions => useApp().actions

/** The card of the scenario on the page. */
export function useCard(): Card | null {
  const { cards } = useApp()
  const scenario = useLockstep((state) => state.place?.scenario)
  return cards.find((card) => card.id === scenario) ?? null
}
