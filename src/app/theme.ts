/** Light, dark, or what the machine says. The choice stays in this browser. */
import type { StoreApi } from 'zustand/vanilla'
import type { Actions } from '../store/store.ts'
import type { State, Theme } from '../store/state.ts'

const KEY = 'lockstep-theme'

/** Reads the kept choice, puts it on the page, and keeps the next one. */
export function keepTheme(store: StoreApi<State>, actions: Actions): void {
  actions.setTheme(read())
  put(shown(store.getState()))
  store.subscribe((now, before) => {
    if (shown(now) !== shown(before)) put(shown(now))
    if (now.theme !== before.theme) write(now.theme)
  })
}

/** A room is light unless its speaker wants it dark. */
const shown = ({ theme, place }: State): Theme => (theme === 'system' && place?.talk ? 'light' : theme)

function put(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset['theme']
  else document.documentElement.dataset['theme'] = theme
}

// Storage can be forbidden, which throws; the page then forgets the choice, nothing more.
function read(): Theme {
  try {
    const kept = localStorage.getItem(KEY)
    return kept === 'light' || kept === 'dark' ? kept : 'system'
  } catch {
    return 'system'
  }
}

function write(theme: Theme): void {
  try {
    if (theme === 'system') localStorage.removeItem(KEY)
    else localStorage.setItem(KEY, theme)
  } catch {
    return
  }
}
