/** What the reduced search finds where schedules end: each outcome once for all that it violates, with a sample. */
import { canonical } from '../base/plain.ts'
import type { Footprint } from './footprint.ts'
import type { Machine } from './machine.ts'
import { Memo } from './memo.ts'
import type { World } from './procedure.ts'
import { printSchedule } from './schedule.ts'
import type { State } from './state.ts'
import { compose, inverse, renamed, type Renaming, type Symmetry } from './symmetry.ts'
import type { Letter, Outcome } from './view.ts'

/** How a state was reached, and what the tasks are called that it was reached by: alike ones may have changed places on the way. */
export interface Way {
  readonly letters: readonly Letter[]
  readonly names: Renaming
}

/** Of outcomes that differ only in which of several alike tasks did what: each, or one of them. */
export type Alike = 'each' | 'one'

interface End {
  readonly outcome: Outcome
  readonly mask: number
  readonly sample: string
}

/** What is known of a state in which a schedule ends. */
interface Found extends Pick<End, 'outcome' | 'mask'> {
  /** By this ends are told apart, with all that they violate. */
  readonly name: string
  readonly key: string
  /** What was looked at for it. */
  readonly look: readonly Footprint[]
}

type Judging = Memo<{ readonly mask: number; readonly foot: Footprint | null }>

export class Ended<W extends World> {
  private readonly machine: Machine<W>
  private readonly symmetry: Symmetry<W>
  private readonly alike: Alike
  private readonly verdictMask: number
  private readonly samples: (string | null)[]
  private readonly ends = new Map<string, End>()
  /** Ends that were met, told apart by all that they violate. */
  private readonly known = new Set<string>()
  private everyViolates = true
  private readonly seen: Memo<{ readonly outcome: Outcome; readonly key: string; readonly foot: Footprint | null }>
  /** Whether all have finished or some are stuck is not known from what is looked at. */
  private readonly finished: Judging
  private readonly stuck: Judging

  constructor(machine: Machine<W>, symmetry: Symmetry<W>, alike: Alike) {
    this.machine = machine
    this.symmetry = symmetry
    this.alike = alike
    this.verdictMask = machine.oracles.reduce((mask, { kind }, bit) => (kind === 'verdict' ? mask | (1 << bit) : mask), 0)
    this.samples = machine.oracles.map(() => null)
    this.seen = new Memo((state) => {
      const { value, reads } = machine.seen(state)
      return { value: { outcome: { ...value, stuck: null }, key: canonical(value), foot: machine.lastFootprint }, reads }
    })
    this.finished = judging(machine)
    this.stuck = judging(machine)
  }

  /** A schedule may end here; so may one in which alike tasks have changed places. What was looked at to say how it ends. */
  meet(canonicalState: State, stuck: boolean, way: () => Way): readonly Footprint[] {
    const { name, look } = this.find(canonicalState, stuck)
    if (this.known.has(name)) return look
    const { letters, names } = way()
    for (const renaming of this.alike === 'one' ? [names] : this.symmetry.renamings()) {
      const { name: told, key, outcome, mask } = this.find(this.symmetry.rename(canonicalState, renaming), stuck)
      this.known.add(told)
      const sample = printSchedule(letters.map((letter) => renamed(letter, compose(inverse(names), renaming))))
      this.samples.forEach((known, bit) => {
        if ((mask & (1 << bit)) !== 0 && known === null) this.samples[bit] = sample
      })
      if ((mask & this.verdictMask) === 0) this.everyViolates = false
      const kind = `${mask & this.verdictMask} ${key}`
      if (!this.ends.has(kind)) this.ends.set(kind, { outcome, mask: mask & this.verdictMask, sample })
    }
    return look
  }

  private find(state: State, stuck: boolean): Found {
    const { machine } = this
    const judged = (stuck ? this.stuck : this.finished).of(state, state)
    const mask = stuck ? judged.mask | (1 << (machine.oracles.length - 1)) : judged.mask
    const { outcome, key, foot } = this.seen.of(state, state)
    const full = stuck ? machine.outcome(state) : outcome
    const whole = stuck ? `${key} ${canonical(full.stuck)}` : key
    return {
      name: `${mask} ${whole}`,
      key: whole,
      outcome: full,
      mask,
      look: [foot, judged.foot].filter((each) => each !== null),
    }
  }

  /** Does every end that was met violate a verdict oracle? */
  get always(): boolean {
    return this.everyViolates && this.ends.size > 0
  }

  get oracles(): { readonly id: string; readonly kind: 'verdict' | 'info'; readonly sample: string | null }[] {
    return this.machine.oracles.map(({ id, kind }, bit) => ({ id, kind, sample: this.samples[bit] ?? null }))
  }

  get outcomes(): (Outcome & { readonly violates: readonly string[]; readonly sample: string })[] {
    const { oracles } = this.machine
    return [...this.ends.values()].map(({ outcome, mask, sample }) => ({
      violates: oracles.flatMap(({ id }, bit) => (mask & (1 << bit) ? [id] : [])),
      sample,
      ...outcome,
    }))
  }
}

const judging = <W extends World>(machine: Machine<W>): Judging =>
  new Memo((state) => {
    const { value, reads } = machine.judgeEnd(state)
    return { value: { mask: value.mask, foot: machine.lastFootprint }, reads }
  })
