/** What a bug scenario is: a staged situation and words for it. It never says what goes wrong; runs and oracles do. */
import type { Kernel, World } from '../engine/procedure.ts'
import type { System } from '../engine/system.ts'
import type { Letter, Outcome } from '../engine/view.ts'
import type { Picture } from '../picture/picture.ts'
import type { Beat, Window } from './beat.ts'
import type { Card, SettingsOf } from './card.ts'

/** A stretch of a schedule: the task runs until it has taken the step (for the nth time), or to its end; or takes so many steps. */
export type Stretch =
  | {
      readonly task: Letter
      /** `procedure.label`, or a label that is enough. */
      readonly until: string
      readonly nth: number
    }
  | { readonly task: Letter; readonly steps: number }

/** The task runs up to and including this step. */
export const until = (task: Letter, label: string, nth = 1): Stretch => ({ task, until: label, nth })

export interface Scenario<W extends World = World> {
  readonly card: Card
  /** The staged system for a kernel and a full set of settings. */
  readonly stage: (kernel: Kernel, settings: Readonly<Record<string, string>>) => System<W>
  /** By name, in the card's order. What remains is run in task order. Written for the default kernel and default settings. */
  readonly schedules: Readonly<Record<string, readonly Stretch[]>>
  /** From `beats.ts` in its folder. */
  readonly beats: readonly Beat<W>[]
  readonly windows: readonly Window<W>[]
  /** `memory` gives what a history oracle remembers, by its id. */
  readonly draw: (s: W, memory: (oracle: string) => unknown) => readonly Picture[]
  /** What a user noticed, from the outcome alone. */
  readonly happened: (outcome: Outcome) => readonly string[]
  /** A search of the default settings visits at most so many states. */
  readonly statesAtMost: number
}

/** A scenario as it is written: its stage knows the settings of its card, by name and value. */
type Written<W extends World, C extends Card> = Omit<Scenario<W>, 'card' | 'stage'> & {
  readonly card: C
  readonly stage: (kernel: Kernel, settings: SettingsOf<C>) => System<W>
}

/** Hides the types of world and settings: what runs a scenario passes them through and never looks inside. */
export const defineScenario = <W extends World, C extends Card>(scenario: Written<W, C>): Scenario => scenario as unknown as Scenario
