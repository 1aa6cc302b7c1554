/**
 * From one stop of a talk to the next. The page knows no more of talks than this: what gives one comes later, and only to who gives
 * one.
 */
type Cross = (by: 1 | -1) => boolean

let given: Cross | null = null

/** Whoever gives a talk says how to cross; null when it is over. */
export function giveTalk(cross: Cross | null): void {
  given = cross
}

/** Crosses, if a talk is given and this is the end of a stop (or its start, on the way back); says whether it did. */
export const cross: Cross = (by) => given?.(by) ?? false

const AT = 'lockstep-talk-at'

/** The stop that is shown; null while no talk is given. It outlives a reload, and ends with the window. */
export function keptStop(): number | null {
  try {
    const kept = sessionStorage.getItem(AT)
    return kept !== null && /^\d+$/.test(kept) ? Number(kept) : null
  } catch {
    return null
  }
}

export function keepStop(at: number | null): void {
  try {
    if (at === null) sessionStorage.removeItem(AT)
    else sessionStorage.setItem(AT, String(at))
  } catch {
    return
  }
}

/** The speaker's window. It is opened here, as browsers allow that only in answer to a key or a click. */
export const openNotes = (): Window | null => window.open('', 'lockstep-notes', 'popup,width=960,height=720')
