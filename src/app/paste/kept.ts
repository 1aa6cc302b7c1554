/** What was typed stays in this browser and survives a reload; and so does what was there before something else took its place. */

export interface Kept {
  readonly text: string
  /** What was here before a link or a file took its place, or before it was cleared; empty if nothing was. */
  readonly before: string
}

const KEY = 'lockstep-paste'

/** Storage can be forbidden, which throws, or hold what another version wrote. */
export function read(): Kept {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? '{}') as { text?: unknown; before?: unknown } | null
    return { text: typeof kept?.text === 'string' ? kept.text : '', before: typeof kept?.before === 'string' ? kept.before : '' }
  } catch {
    return { text: '', before: '' }
  }
}

/** @returns whether it could be kept: storage has little room, or none. */
export function keep(kept: Kept): boolean {
  try {
    localStorage.setItem(KEY, JSON.stringify(kept))
    return true
  } catch {
    return false
  }
}
