/** Made-up planes and curves, for looking at: a small one with every kind of cell, and one of forty by forty. */
import type { Doom } from '../doom.ts'
import type { Plane, PlaneCell } from '../plane.ts'

/** A plane of two tasks with a locked rectangle, a red region and a path along both. */
function plane(columns: number, rows: number, cell: (across: number, down: number) => PlaneCell): Plane {
  const task = (letter: string, name: string, steps: number) => ({
    letter,
    name,
    labels: Array.from({ length: steps }, (_, i) => ['search', 'copy', 'unlock', 'next_leaf'][i % 4] ?? ''),
  })
  const turn = Math.floor(columns * 0.4)
  return {
    across: task('A', 'fsync(fd)', columns - 1),
    down: task('B', 'ordered-extent worker', rows - 1),
    rows: Array.from({ length: rows }, (_, down) => Array.from({ length: columns }, (_, across) => cell(across, down))),
    path: [
      ...Array.from({ length: turn + 1 }, (_, across) => ({ across, down: 0 })),
      ...Array.from({ length: rows - 1 }, (_, i) => ({ across: turn, down: i + 1 })),
      ...Array.from({ length: columns - turn - 1 }, (_, i) => ({ across: turn + 1 + i, down: rows - 1 })),
    ],
  }
}

const safe: PlaneCell = { kind: 'safe', share: 0, behind: null }

export const smallPlane = plane(14, 9, (across, down) => {
  if (across > 8 && across < 12 && down > 0 && down < 7) return { kind: 'never', share: 0, behind: 'i_mmap_lock' }
  if (across === 5 && down > 2) return { kind: 'doomed', share: 1, behind: null }
  if (across < 6 && down < 5) return { kind: 'some', share: (across + 1) / 7, behind: null }
  return safe
})

export const largePlane = plane(40, 40, (across, down) => {
  if (across > 20 && across < 33 && down > 4 && down < 30) return { kind: 'never', share: 0, behind: 'i_mmap_lock' }
  if (across > 12 && across < 18 && down > 10) return { kind: 'doomed', share: 1, behind: null }
  if (across < 18 && down < 30) return { kind: 'some', share: Math.min(0.99, (across + down + 1) / 48), behind: null }
  return safe
})

/** The race along a run of `steps`. */
export function race(steps: number): Doom {
  const at = Math.floor(steps * 0.4)
  return {
    shares: Array.from({ length: steps + 1 }, (_, n) => (n < at ? 0.12 + (0.1 * n) / at : n < at + 6 ? 0.64 : 1)),
    lost: { step: at + 6, says: 'B store' },
    jump: { step: at, says: 'B insert' },
    bars: [
      {
        id: '0',
        opens: at - 3,
        closes: at + 7,
        inside: at + 3,
        names: ['B insert falls in; with the fix B waits for i_mmap_lock', 'B insert falls in'],
        says: 'B inserts after A has copied a leaf and before A searches again',
      },
    ],
    instead: '',
  }
}
