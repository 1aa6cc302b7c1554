/**
 * How a kernel function is written down: a procedure is an ordered list of labelled rows. A row is a step (indivisible;
 * any other task may run before and after it) or a bit of flow (control that reads only the task's own locals and
 * constants, taken together with the step before it). Everything a procedure remembers is plain data in its locals.
 */
import { AuthorError } from '../base/assert.ts'
import type { Letter, Source } from './view.ts'

/** What every world has: constants that no step may change. All other fields are components, plain data each. */
export interface World {
  readonly kernel: Kernel
  readonly setting: Readonly<Record<string, string>>
}

/** The kernel that runs: its release and the patches it contains. */
export interface Kernel {
  readonly release: string
  readonly patches: Readonly<Record<string, true>>
}

/** What a blocked step waits for, by its name, and who holds it. */
export interface Wait {
  readonly on: string
  readonly heldBy: readonly Letter[]
}

/** Does the step wait, or is this what became of it? */
export const isWait = (answer: Wait | ArrayLike<number>): answer is Wait => 'on' in answer

/** A task that a step starts. */
export interface SpawnedTask {
  readonly name: string
  readonly procedure: string
  readonly locals: object
  /** It need not run. */
  readonly may?: boolean
}

/** The task that takes the step. */
export interface Self {
  readonly letter: Letter
  /** Starts another task at a named spawn site; its letter is fixed by (this task, site, occurrence). */
  spawn(site: string, what: SpawnedTask): Letter
  /** Ends every other task where it stands: the power has failed. */
  endOthers(): void
}

export type Control =
  | { readonly go: 'label'; readonly label: string }
  | { readonly go: 'call'; readonly procedure: string; readonly locals: object; readonly into: string | null }
  | { readonly go: 'return'; readonly value: unknown }

/** Continue at the row with this label of the same procedure. */
export const goto = (label: string): Control => ({ go: 'label', label })
/** Enter a procedure, named itself or as an operation (`f_op->fsync`); its return value is stored in the caller's local named `into`. */
export const call = (procedure: string, locals: object, into: string | null = null): Control => ({ go: 'call', procedure, locals, into })
/** Leave the procedure with a value. */
export const ret = (value: unknown = null): Control => ({ go: 'return', value })

/** Is the patch in this kernel? Reading it is recorded, so that a toggle nobody looks at can be named as such. */
export const has = (world: { readonly kernel: Kernel }, patch: string): boolean => world.kernel.patches[patch] === true

export interface StepRow<W, L> {
  readonly kind: 'step'
  readonly label: string
  /** The one sentence of the step; a function sees the state and the locals after it. */
  readonly says: string | ((s: W, f: L, self: Self) => string)
  readonly run: (s: W, f: L, self: Self) => Control | void
  /** Null when the step can run, otherwise what it waits for. Must not write. */
  readonly when: ((s: W, f: L, self: Self) => Wait | null) | null
  /** One line for the code view. */
  readonly code: string
  /** Rows of the step tables that this step is. */
  readonly row: string
  /** The kernel function that does it, where that is not the procedure's own. */
  readonly fn: string | null
  /** Row exists only in kernels with / without this patch. */
  readonly onlyWith: readonly string[]
  readonly onlyWithout: readonly string[]
  /** The sites at which it may spawn tasks. */
  readonly spawns: readonly string[]
}

export interface FlowRow<L> {
  readonly kind: 'flow'
  readonly label: string | null
  readonly go: (f: L, world: World) => Control | void
}

export type Row<W, L> = StepRow<W, L> | FlowRow<L>

export interface StepOptions<W, L> {
  readonly row: string
  readonly fn?: string
  readonly code?: string
  readonly when?: (s: W, f: L, self: Self) => Wait | null
  readonly onlyWith?: string | readonly string[]
  readonly onlyWithout?: string | readonly string[]
  /** The sites at which the step may spawn tasks. Their number and order decide letters: see letters.ts. */
  readonly spawns?: readonly string[]
}

const list = (value: string | readonly string[] | undefined): readonly string[] =>
  value === undefined ? [] : typeof value === 'string' ? [value] : value

/** A step; `says` is its caption, text export and announcement. */
export function step<W, L>(
  label: string,
  says: StepRow<W, L>['says'],
  options: StepOptions<W, L>,
  run: StepRow<W, L>['run'],
): StepRow<W, L> {
  return {
    kind: 'step',
    label,
    says,
    run,
    when: options.when ?? null,
    code: options.code ?? (typeof says === 'string' ? says : label.replaceAll('_', ' ')),
    row: options.row,
    fn: options.fn ?? null,
    onlyWith: list(options.onlyWith),
    onlyWithout: list(options.onlyWithout),
    spawns: options.spawns ?? [],
  }
}

/** Control without a step of its own: it sees locals and constants only, so nothing shared can change under it. */
export const flow = <L>(go: FlowRow<L>['go'], label: string | null = null): FlowRow<L> => ({ kind: 'flow', label, go })

/** A procedure with its types erased: the engine passes state and locals through, it never looks inside. */
export interface Procedure {
  readonly name: string
  readonly file: string
  readonly at: string
  readonly rows: readonly Row<unknown, unknown>[]
  readonly labels: ReadonlyMap<string, number>
}

/** The model of one kernel function. `source`: the file, and the release or commit in which it was read. */
export function procedure<W, L>(
  name: string,
  source: { readonly file: string; readonly at: string },
  rows: readonly Row<W, L>[],
): Procedure {
  const labels = new Map<string, number>()
  rows.forEach((row, index) => {
    if (row.label === null) return
    if (labels.has(row.label)) throw new AuthorError(`${name}: two rows are labelled ${row.label}; labels are for links, give each its own`)
    labels.set(row.label, index)
  })
  return { name, ...source, rows: rows as readonly Row<unknown, unknown>[], labels }
}

/** Where a step's kernel code is, with the rows of the step tables it stands for. */
export const sourceOf = (p: Procedure, row: { readonly row: string; readonly fn: string | null }): Source => ({
  file: p.file,
  function: row.fn ?? p.name,
  at: p.at,
  row: row.row,
})
