/** What a schedule can be like, said by the order of its steps. */
import type { NamedStep, Order } from './view.ts'

/** The nth time that a label is taken; labels are those of the net that was asked about. */
export interface Step {
  readonly label: number
  readonly nth: number
}

/**
 * `before`: both steps are taken, in this order. `clear`: so they are, and no step of the label `none` between them. `ahead`: the first is taken, and the second not before it, if at all.
 * `taken`, `never`: of the first alone, the second is null.
 */
export interface Condition {
  readonly kind: 'before' | 'clear' | 'ahead' | 'taken' | 'never'
  readonly first: Step
  readonly second: Step | null
  /** Only of `clear`. */
  readonly none?: number
}

/** All of it is so. */
export type Clause = readonly Condition[]

/** By step: its number (from 1) in a schedule; 0 if the schedule does not take it. */
export type Places = (step: Step) => number

export function holds({ kind, first, second, none }: Condition, at: Places): boolean {
  const x = at(first)
  switch (kind) {
    case 'taken':
      return x > 0
    case 'never':
      return x === 0
    case 'before':
      return x > 0 && second !== null && at(second) > x
    case 'clear':
      return x > 0 && second !== null && at(second) > x && isClear(none ?? -1, x, at(second), at)
    case 'ahead':
      return x > 0 && (second === null || at(second) === 0 || at(second) > x)
  }
}

/** Is no step of the label taken between these places? */
export function isClear(label: number, from: number, to: number, at: Places): boolean {
  for (let nth = 1; ; nth++) {
    const place = at({ label, nth })
    if (place === 0 || place >= to) return true
    if (place > from) return false
  }
}

export const sameStep = (a: Step, b: Step): boolean => a.label === b.label && a.nth === b.nth

export const stepsOf = (clause: Clause): Step[] => clause.flatMap(({ first, second }) => (second ? [first, second] : [first]))

/** What is said of the order of two steps. */
export const orderOf = ({ kind, first, second, none }: Condition, name: (step: Step) => NamedStep): Order | null =>
  second && {
    first: name(first),
    second: name(second),
    both: kind !== 'ahead',
    none: none === undefined ? null : name({ label: none, nth: 1 }),
  }
