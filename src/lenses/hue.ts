import type { CSSProperties } from 'react'

const hues = 8

/**
 * Which of the eight task hues a task takes by itself, 1-based. Capitals go through them from the start, what the first ones
 * spawn from the middle, and what a task spawns later lies one further each time. The letter always stands beside the
 * hue: two tasks of one hue are still told apart.
 */
export function hueIndex(letter: string): number {
  const [first = 0, ...more] = [...letter].map((one) => one.charCodeAt(0))
  const spawned = first >= 97 && first <= 122
  const from = spawned ? first - 97 + hues / 2 : Math.max(0, first - 65)
  return (more.reduce((sum, code) => sum + code - 96, from) % hues) + 1
}

/** The name of a task, or of no task, as it is used in ids of drawings. */
export const hueName = (task: string | null): string => (task ? `task-${task}` : 'neutral')

/** Sets `--hue` for an element and everything in it. */
export const hueStyle = (task: string | null): CSSProperties =>
  ({ '--hue': task ? `var(--hue-${task}, var(--task-${hueIndex(task)}))` : 'var(--neutral)' }) as CSSProperties

/**
 * Hues for tasks that meet in one picture, for the element around it: each takes its own, or the next that is free. Beyond
 * eight tasks hues come again.
 */
export function huesOf(tasks: readonly string[]): CSSProperties {
  const taken = new Set<number>()
  const out: Record<string, string> = {}
  for (const task of tasks) {
    const own = hueIndex(task)
    const free = Array.from({ length: hues }, (_, i) => ((own - 1 + i) % hues) + 1).find((hue) => !taken.has(hue)) ?? own
    taken.add(free)
    if (free !== own) out[`--hue-${task}`] = `var(--task-${free})`
  }
  return out as CSSProperties
}
