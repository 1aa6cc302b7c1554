/** A power failure, and the next mount: what any file system loses is said here, what else it loses and how it mounts it says itself. */
import { procedure, ret, step, type Procedure, type Self, type StepRow, type World } from '../../engine/procedure.ts'
import { freeLock, type Rwsem } from '../lib/locks.ts'
import { emptyMapping, type MmWorld } from '../mm/world.ts'
import type { BlockWorld } from './world.ts'

/** What a power failure takes from every file system: page cache, locks, bios in flight. The disk stays. */
type Volatile = World & MmWorld & BlockWorld & { locks: object; inode: { i_dio_count: number } }

export interface PowerFailure<W> {
  /** Where the mount's code was read. */
  readonly source: { readonly file: string; readonly at: string }
  readonly cut: Pick<StepRow<W, object>, 'row'> & {
    readonly says: (s: W) => string
    /** What else was in memory. */
    readonly forget: (s: W) => void
  }
  /** The step that brings the file system back. */
  readonly mount: Pick<StepRow<W, object>, 'label' | 'row' | 'code'> & {
    readonly fn: string
    readonly says: (s: W) => string
    readonly run: (s: W) => void
  }
}

/** Forgets what a power failure takes from every file system. */
export function forget(s: Volatile): void {
  s.mapping = emptyMapping()
  s.locks = Object.fromEntries(Object.keys(s.locks).map((name): [string, Rwsem] => [name, freeLock()]))
  s.bios = {}
}

/** The power fails at any moment, and every other task ends where it stands; the machine comes back and mounts the file system. */
export const powerFailure = <W extends Volatile>({ source, cut, mount }: PowerFailure<W>): Procedure =>
  procedure<W, object>('power_failure', source, [
    step(
      'power_cut',
      (s) => cut.says(s),
      { row: cut.row, code: 'power failure' },
      (s: W, _f: object, t: Self) => {
        forget(s)
        cut.forget(s)
        t.endOthers()
      },
    ),
    step(
      mount.label,
      (s) => mount.says(s),
      { row: mount.row, fn: mount.fn, code: mount.code },
      (s) => {
        // The inode is read from disk again, and nothing is in flight.
        s.inode.i_dio_count = 0
        mount.run(s)
        return ret()
      },
    ),
  ])
