/** What a schedule can be like, said by the order of its steps. */

/** The nth time that a label is taken; labels are those of the net that was asked about. */
export interface Step {
  readonly label: number
  readonly nth: number
}

/**
 * `before`: both steps are taken, in this order. `ahead`: the first is taken, and the second not before it, if at all.
 * `taken`, `never`: of the first alone, the second is null.
 */
export interface Condition {
  readonly kind: 'before' | 'ahead' | 'taken' | 'never'
  readonly first: Step
  readonly second: Step | null
}

/** All of it is so. */
export type Clause = readonly Condition[]

/** By step: its number (from 1) in a schedule; 0 if the schedule does not take it. */
export type Places = (step: Step) => number

export function holds({ kind, first, second }: Condition, at: Places): boolean {
  const x = at(first)
  switch (kind) {
    case 'taken':
      return x > 0
    case 'never':
      return x === 0
    case 'before':
      return x > 0 && second !== null && at(second) > x
    case 'ahead':
      return x > 0 && (second === null || at(second) === 0 || at(second) > x)
  }
}

export const sameStep = (a: Step, b: Step): boolean => a.label === b.label && a.nth === b.nth

export const stepsOf = (clause: Clause): Step[] => clause.flatMap(({ first, second }) => (second ? [first, second] : [first]))
