import type { CSSProperties } from 'react'

const hues = 8

/**
 * Which of the eight task hues a letter takes, 1-based. Capitals go through them from the start and lower-case words
 * from the middle, by all of their letters, so that the first tasks and the first ones they spawn differ. The letter always stands beside
 * the hue: two tasks of one hue are still told apart.
 */
export function hueIndex(letter: string): number {
  const code = letter.charCodeAt(0)
  if (code < 97) return (Math.max(0, code - 65) % hues) + 1
  const later = [...letter.slice(1)].reduce((sum, each) => sum + each.charCodeAt(0) - 96, 0)
  return ((code - 97 + hues / 2 + later) % hues) + 1
}

/** The name of the hue of a task, or of no task, as it is used in ids. */
export const hueName = (task: string | null): string => (task ? `task-${hueIndex(task)}` : 'neutral')

/** Sets `--hue` for an element and everything in it. */
export const hueStyle = (task: string | null): CSSProperties => ({ '--hue': `var(--${hueName(task)})` }) as CSSProperties
