/**
 * Claims on the order of two steps. An oracle judges states and knows no code; so where a claim names a step, taking it leaves a note in the
 * state of the scene, and the claim is judged of the notes once both steps were taken.
 */
import { always, type Oracle } from '../engine/oracle.ts'
import type { Procedure, Self } from '../engine/procedure.ts'
import type { System } from '../engine/system.ts'
import type { Letter } from '../engine/view.ts'
import type { Problem } from '../scene/lines.ts'
import { meant } from '../scene/nearest.ts'
import type { What } from '../scene/scene.ts'
import type { Claimed } from './claims.ts'
import type { SceneWorld } from './file-system.ts'

type Before = Extract<What, { kind: 'before' }>

/** Which of a claim's two steps was taken first, and whether the other one was too. */
interface Note {
  first: 'task' | 'than' | null
  both: boolean
}

type Noted = SceneWorld & { noted: Record<string, Note> }

interface Watched {
  readonly id: string
  readonly side: 'task' | 'than'
  readonly letter: Letter
}

const beforeIn = (claims: readonly Claimed[]): (Claimed & { readonly what: Before })[] =>
  claims.flatMap((one) => (one.fact.what.kind === 'before' ? [{ ...one, what: one.fact.what }] : []))

const isStep = (label: string, procedure: string, own: string): boolean => label === own || label === `${procedure}.${own}`

const labelsOf = (procedures: readonly Procedure[]): string[] =>
  procedures.flatMap(({ name, rows }) => rows.flatMap((row) => (row.kind === 'step' ? [row.label, `${name}.${row.label}`] : [])))

/** Steps that no procedure of this file system has, by line. */
export function unknownSteps(claims: readonly Claimed[], procedures: readonly Procedure[]): Problem[] {
  const all = [...new Set(labelsOf(procedures))]
  return beforeIn(claims).flatMap(({ line, what }) =>
    [what.label, what.other].flatMap((label) =>
      all.includes(label) ? [] : [{ line, word: label, message: `no step \`${label}\` is modelled: ${meant(label, all)}` }],
    ),
  )
}

/** The system with notes of the steps that these claims name; the same where they name none. */
export function noting<W extends SceneWorld>(system: System<W>, claims: readonly Claimed[]): System<W> {
  const named = beforeIn(claims)
  if (named.length === 0) return system
  const watchedAt = (procedure: string, own: string): Watched[] =>
    named.flatMap(({ id, what }) => [
      ...(isStep(what.label, procedure, own) ? [{ id, side: 'task' as const, letter: what.task }] : []),
      ...(isStep(what.other, procedure, own) ? [{ id, side: 'than' as const, letter: what.than }] : []),
    ])
  const procedures = system.procedures.map((procedure): Procedure => {
    const rows = procedure.rows.map((row) => {
      const watched = row.kind === 'step' ? watchedAt(procedure.name, row.label) : []
      if (row.kind !== 'step' || watched.length === 0) return row
      return { ...row, run: (s: unknown, f: unknown, self: Self) => (note(s as Noted, self.letter, watched), row.run(s, f, self)) }
    })
    return rows.every((row, i) => row === procedure.rows[i]) ? procedure : { ...procedure, rows }
  })
  const noted = Object.fromEntries(named.map(({ id }): [string, Note] => [id, { first: null, both: false }]))
  return { ...system, procedures, world: { ...system.world, noted } }
}

function note(s: Noted, taker: Letter, watched: readonly Watched[]): void {
  for (const { id, side, letter } of watched) {
    const now = s.noted[id]
    if (letter !== taker || !now || now.both) continue
    if (now.first === null) now.first = side
    else if (now.first !== side) now.both = true
  }
}

/** `judged`: may it be judged here, as the claim says? */
export function orderOracle<W extends SceneWorld>(
  base: Pick<Oracle<W>, 'id' | 'kind' | 'name' | 'says'>,
  { claim, fact, text }: Claimed,
  judged: (s: W) => boolean,
): Oracle<W> {
  const { task, label, than, other } = fact.what as Before
  const says = (first: Letter, one: string, second: Letter, two: string): string => `${first} took ${one} before ${second} took ${two}`
  return always<W>({
    ...base,
    watch: ['noted' as keyof W & string, 'calls'],
    judge: (s) => {
      const found = (s as unknown as Noted).noted[base.id]
      if (!found?.both || !judged(s)) return null
      const isSo = found.first === 'task'
      if (isSo === (claim === 'always')) return null
      if (claim === 'sometimes') return `it is so here: ${says(task, label, than, other)}`
      return `${text}: but ${isSo ? says(task, label, than, other) : says(than, other, task, label)}`
    },
  })
}
