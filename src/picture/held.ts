/** Who held which lock how long, as the lock tables of a whole run say it. */
import type { LockRow, Picture } from './picture.ts'

/** A task holds a lock in the states [from, to); null = to the end. State n is the one after step n, which took it. */
export interface HeldSpan {
  readonly task: string
  /** `inode lock`, `io_tree [0, 64K)` */
  readonly on: string
  readonly mode: 'shared' | 'exclusive'
  readonly from: number
  readonly to: number | null
}

/** `states[n]` are the pictures of state n. One that is taken again in the state in which it is released is held on. */
export function heldSpans(states: readonly (readonly Picture[])[]): HeldSpan[] {
  const done: HeldSpan[] = []
  let open = new Map<string, HeldSpan>()
  states.forEach((pictures, n) => {
    const now = new Map<string, HeldSpan>()
    for (const { key, span } of pictures.flatMap((picture) => (picture.kind === 'locks' ? picture.rows.flatMap(holdersOf) : [])))
      now.set(key, open.get(key) ?? { ...span, from: n, to: null })
    for (const [key, span] of open) if (!now.has(key)) done.push({ ...span, to: n })
    open = now
  })
  return [...done, ...open.values()].sort((a, b) => a.from - b.from)
}

function holdersOf({ id, name, range, mode, holders }: LockRow): { key: string; span: Pick<HeldSpan, 'task' | 'on' | 'mode'> }[] {
  if (mode !== 'shared' && mode !== 'exclusive') return []
  const on = range === null ? name : `${name} ${range}`
  return holders.map((task) => ({ key: `${id} ${on} ${task} ${mode}`, span: { task, on, mode } }))
}
