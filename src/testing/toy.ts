/** Small systems with answers worked out by hand, to check the engine itself. */
import { goto, procedure, step, type Row, type World } from '../engine/procedure.ts'
import type { Oracle } from '../engine/oracle.ts'
import type { System, TaskDeclaration } from '../engine/system.ts'
import { nothingSeen, type Seen } from '../engine/view.ts'

export interface Cells extends World {
  cell: Record<string, number>
}

const source = { file: 'toy.c', at: 'v1' }

/** A task's program, one toy step an entry. */
export type ToyRow = Row<Cells, Record<string, number>>

export const act = (label: string, run: (cell: Record<string, number>, f: Record<string, number>) => void): ToyRow =>
  step(label, `${label} happens`, { row: 'toy' }, (s, f) => run(s.cell, f))

/** Waits until the condition holds, then goes on in the same step. */
export const await_ = (
  label: string,
  on: string,
  ready: (cell: Record<string, number>) => boolean,
  run: (cell: Record<string, number>) => void = () => undefined,
): ToyRow => step(label, `${label} happens`, { row: 'toy', when: (s) => (ready(s.cell) ? null : { on, heldBy: [] }) }, (s) => run(s.cell))

/** Goes back to `again` until the condition holds: a spinning loop, one step a look. */
export const spin = (label: string, ready: (cell: Record<string, number>) => boolean): ToyRow =>
  step(label, `${label} looks`, { row: 'toy' }, (s) => (ready(s.cell) ? undefined : goto(label)))

/** The same row in kernels with this patch only. */
export const onlyWith = (patch: string, row: ToyRow): ToyRow => (row.kind === 'step' ? { ...row, onlyWith: [patch] } : row)
/** The same row in kernels without this patch only. */
export const onlyWithout = (patch: string, row: ToyRow): ToyRow => (row.kind === 'step' ? { ...row, onlyWithout: [patch] } : row)

/** The same system on a kernel with these patches. */
export const patched = (system: System<Cells>, ...ids: readonly string[]): System<Cells> => ({
  ...system,
  world: { ...system.world, kernel: { release: '1', patches: Object.fromEntries(ids.map((id) => [id, true as const])) } },
})

/** A system of tasks over a few shared cells. */
export function toy(
  cell: Record<string, number>,
  programs: Record<string, { readonly rows: readonly ToyRow[]; readonly may?: boolean }>,
  oracles: readonly Oracle<Cells>[] = [],
): System<Cells> {
  const tasks: TaskDeclaration[] = Object.entries(programs).map(([letter, { may }]) => ({
    letter,
    name: `program ${letter}`,
    must: may !== true,
    procedure: `program_${letter}`,
    locals: {},
  }))
  return {
    name: 'toy',
    procedures: Object.entries(programs).map(([letter, { rows }]) => procedure(`program_${letter}`, source, rows)),
    world: { kernel: { release: '1', patches: {} }, setting: {}, cell },
    tasks,
    operations: {},
    oracles,
    outcome: (s) => outcomeOf(s.cell),
  }
}

const outcomeOf = (cell: Record<string, number>): Seen => ({ ...nothingSeen, returns: { ...cell } })
