import type { CSSProperties } from 'react'

const hues = 8

/**
 * Which of the eight task hues a letter takes, 1-based. Capitals go through them from the start and lower-case letters
 * from the middle, so that the first tasks and the first ones they spawn all differ. The letter always stands beside
 * the hue: two tasks of one hue are still told apart.
 */
export function hueIndex(letter: string): number {
  const code = letter.charCodeAt(0)
  const lower = code >= 97 && code <= 122
  return ((lower ? code - 97 + hues / 2 : Math.max(0, code - 65)) % hues) + 1
}

/** The name of the hue of a task, or of no task, as it is used in ids. */
export const hueName = (task: string | null): string => (task ? `task-${hueIndex(task)}` : 'neutral')

/** Sets `--hue` for an element and everything in it. */
export const hueStyle = (task: string | null): CSSProperties => ({ '--hue': `var(--${hueName(task)})` }) as CSSProperties
