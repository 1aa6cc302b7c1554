/** A power failure, and the next mount: what any file system loses is said here, what else it loses and how it mounts it says itself. */
import { copy } from '../../base/plain.ts'
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

/** The moment of the failure: all that was in memory is gone. */
function cut<W extends Volatile>(s: W, failure: PowerFailure<W>): void {
  forget(s)
  failure.cut.forget(s)
}

/** The machine comes back: the inode is read from disk again, and nothing is in flight. */
function mountAgain<W extends Volatile>(s: W, failure: PowerFailure<W>): void {
  s.inode.i_dio_count = 0
  failure.mount.run(s)
}

/** What a power failure now would leave, as the next mount finds it: what the power task does, done to a copy. */
export function afterFailure<W extends Volatile>(s: W, failure: PowerFailure<W>): W {
  const world = copy(s)
  cut(world, failure)
  mountAgain(world, failure)
  return world
}

/** The power fails at any moment, and every other task ends where it stands; the machine comes back and mounts the file system. */
export const powerFailure = <W extends Volatile>(failure: PowerFailure<W>): Procedure =>
  procedure<W, object>('power_failure', failure.source, [
    step(
      'power_cut',
      (s) => failure.cut.says(s),
      { row: failure.cut.row, code: 'power failure' },
      (s: W, _f: object, t: Self) => {
        cut(s, failure)
        t.endOthers()
      },
    ),
    step(
      failure.mount.label,
      (s) => failure.mount.says(s),
      { row: failure.mount.row, fn: failure.mount.fn, code: failure.mount.code },
      (s) => {
        mountAgain(s, failure)
        return ret()
      },
    ),
  ])
