/** Everything needed to run one staged situation: procedures, the first state, tasks, letters, oracles. */
import type { Oracle } from './oracle.ts'
import type { Listing } from './listing.ts'
import type { Plug } from './plugged.ts'
import type { Procedure, World } from './procedure.ts'
import type { Letter, Seen } from './view.ts'

export interface TaskDeclaration {
  /** One capital letter. */
  readonly letter: Letter
  /** What it is, in the words of a shell or a stack trace: `fsync(fd)`. */
  readonly name: string
  /** A must-task has to finish; a may-task need not run. */
  readonly must: boolean
  readonly procedure: string
  readonly locals: object
}

export interface System<W extends World = World> {
  /** For messages: scenario and kernel. */
  readonly name: string
  readonly procedures: readonly Procedure[]
  /** What generic code calls by the name of an operation: `f_op->write_iter` -> the procedure of this file system. */
  readonly operations: Readonly<Record<string, string>>
  readonly world: W
  readonly tasks: readonly TaskDeclaration[]
  /** Groups of declared tasks that differ in their letters alone, for oracles and outcomes too; absent = none. */
  readonly symmetric?: readonly (readonly Letter[])[]
  /** Numbers that stand for a task as its letter does, such as the checksum of what it writes; of tasks that are alike in one order. */
  readonly marks?: Readonly<Record<Letter, readonly number[]>>
  /**
   * Steps, `procedure.label`, that a task takes together with the one before where they do not wait, and sites, `procedure.label>site`, at
   * which a task is spawned that takes its first step at once: who gives them says that nobody who is asked afterwards could tell. Absent =
   * every step by itself.
   */
  readonly fused?: ReadonlySet<string>
  readonly oracles: readonly Oracle<W>[]
  /** What a user sees in a state in which a schedule may end. `returned`: what finished tasks returned that returned something. */
  readonly outcome: (s: W, returned: Readonly<Record<Letter, unknown>>) => Seen
  /** What a power failure would leave; absent where the model does not know. */
  readonly plug?: Plug<W>
  /** What tools print of the file in a state; absent where the model has no disk addresses. */
  readonly listing?: (s: W) => Listing
}
