/** Whether the panel is open and which of its tabs is shown. Both stay in this browser, never in a link: whoever follows one has a panel of their own. */
import { create } from 'zustand'

export const tabs = ['story', 'why', 'rules', 'code', 'state', 'kernel', 'read'] as const
export type Tab = (typeof tabs)[number]

interface PanelState {
  readonly open: boolean
  readonly tab: Tab
  readonly toggle: () => void
  readonly close: () => void
  /** Opens at a tab. */
  readonly show: (tab: Tab) => void
}

const KEY = 'lockstep-panel'

export const usePanel = create<PanelState>((set) => ({
  ...read(),
  toggle: () => set(({ open }) => ({ open: !open })),
  close: () => set({ open: false }),
  show: (tab) => set({ open: true, tab }),
}))

usePanel.subscribe(({ open, tab }) => write({ open, tab }))

// Storage can be forbidden, which throws, or hold what another version wrote; the page then begins anew, nothing more.
function read(): Pick<PanelState, 'open' | 'tab'> {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? '{}') as { open?: unknown; tab?: unknown } | null
    return { open: kept?.open === true, tab: tabs.find((tab) => tab === kept?.tab) ?? 'story' }
  } catch {
    return { open: false, tab: 'story' }
  }
}

function write(state: Pick<PanelState, 'open' | 'tab'>): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(state))
  } catch {
    return
  }
}
