/** What can be done with the text of a scene, for the components of the workbench. */
import { createContext, useContext, type ReactNode } from 'react'
import type { OwnActions } from '../../store/own/own.ts'
import { nothingTyped, type Own } from '../../store/own/typed.ts'
import { useLockstep } from '../lockstep.tsx'

const Context = createContext<OwnActions | null>(null)

export function OwnProvider({ own, children }: { own: OwnActions; children: ReactNode }) {
  return <Context value={own}>{children}</Context>
}

export function useOwnActions(): OwnActions {
  const own = useContext(Context)
  if (!own) throw new Error('no OwnProvider above this component')
  return own
}

/** The text and what the model says of it. */
export const useOwn = (): Own => useLockstep((state) => state.own ?? nothingTyped)
