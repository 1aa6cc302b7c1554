/**
 * One system asked, first whether it can go wrong and then how often. Both searches are kept where they stand: what the first
 * question has visited the second one need not visit again.
 */
import { atOnce } from '../base/at-once.ts'
import { invariant } from '../base/assert.ts'
import { canonical } from '../base/plain.ts'
import { reducing, type Reducing } from './reduce.ts'
import type { Bounds, Progress } from './graph.ts'
import type { World } from './procedure.ts'
import { searching, type SearchResult } from './search.ts'
import type { System } from './system.ts'
import type { Outcome, Verdict } from './view.ts'

/** What can happen, each with a schedule; how often only where the search came by that. */
export interface Decided {
  readonly complete: boolean
  /** The bound that stopped an incomplete search, in words. */
  readonly bound: string | null
  readonly states: number
  /** `every`: every schedule that was seen violates something. `unknown`: none did, and not all were seen. */
  readonly answer: 'never' | 'some' | 'every' | 'unknown'
  readonly oracles: readonly { readonly id: string; readonly kind: 'verdict' | 'info'; readonly sample: string | null }[]
  readonly outcomes: readonly (Outcome & { readonly violates: readonly string[]; readonly sample: string })[]
  /** Null if the full search was not done. */
  readonly counted: Pick<Verdict, 'schedules' | 'violating'> | null
}

/**
 * The one rule which search answers first. A state costs the reduced search up to twenty times what it costs the full one, since it
 * looks at what every next step reads. So it is slower wherever it leaves little out, and that is so in all of the catalogue as it stands,
 * whose largest system has 19,443 states (append-unlock; cold, in milliseconds of processor time: 400 for the full search, 600 for the
 * reduced one; fsync-torn: 820 and 2,100; dio-csum: 135 and 150). Where tasks are alike many of their orders are one: two appenders have
 * 127,446 states, or 3,276 (1,700 and 640 ms), and five are decided by some thousands. So the full search goes first, as far as the catalogue goes,
 * and rests while the reduced one decides; where tasks are alike it does not even begin.
 */
export const FIRST = 20_480

/**
 * The reduced search stops here, after a second or so, and says what it has found: it goes deep first and soon knows many ends, while the
 * full search, which goes on, knows them all when it is done.
 */
const DECIDED = 12_000

const hasAlike = ({ symmetric = [] }: Pick<System<never>, 'symmetric'>): boolean => symmetric.some((group) => group.length > 1)

export class Inquiry<W extends World = World> {
  private readonly system: System<W>
  private readonly first: number
  private readonly bounds: { maxStates: number }
  private readonly full: Generator<Progress, SearchResult<W>>
  /** So many states it had visited when it was last heard of. */
  private visited = 0
  private result: SearchResult<W> | null = null
  private decided: Decided | null = null

  /** `bounds` are those of the full search, which rests after the `first` states if that is not all. */
  constructor(system: System<W>, bounds: Bounds, first = hasAlike(system) ? 0 : FIRST) {
    this.system = system
    this.first = first
    this.bounds = { ...bounds }
    this.full = searching(system, this.bounds)
  }

  /** Lets the full search go on to more states; false if it has met its bound, since it has left steps out then. */
  extend(maxStates: number): boolean {
    if (this.result || this.visited >= this.bounds.maxStates) return false
    this.bounds.maxStates = Math.max(this.bounds.maxStates, maxStates)
    return true
  }

  /** The full search, up to so many states. */
  private *visit(upTo: number): Generator<Progress, void> {
    while (this.result === null && this.visited < upTo) {
      const next = this.full.next()
      if (next.done) {
        this.result = next.value
        return
      }
      this.visited = next.value.states
      yield next.value
    }
  }

  /**
   * Can it go wrong, and in which ways? A generator, so that a caller can do something else between its steps. Asked again after a search
   * that stopped, or after `count`, it knows what has been found since.
   */
  *decide(reduced: Reducing = { maxStates: DECIDED }): Generator<Progress, Decided> {
    if (this.decided?.complete) return this.decided
    if (this.decided === null) yield* this.visit(this.first)
    if (this.result?.verdict.complete) return (this.decided = ofVerdict(this.result.verdict))
    this.decided ??= yield* this.reduce(reduced)
    return this.decided.complete || this.result === null ? this.decided : together(this.decided, ofVerdict(this.result.verdict))
  }

  private *reduce(bounds: Reducing): Generator<Progress, Decided> {
    const { complete, bound, states, always, oracles, outcomes } = yield* reducing(this.system, bounds)
    return { complete, bound, states, answer: answerOf(complete, always, outcomes), oracles, outcomes, counted: null }
  }

  /** How often? Goes on where the search stands. */
  *count(): Generator<Progress, SearchResult<W>> {
    yield* this.visit(Infinity)
    invariant(this.result, 'a search ended without a result')
    return this.result
  }
}

/** Can the system go wrong? In one go; `reduced` are the bounds of the reduced search, if it comes to that. */
export function decide<W extends World>(system: System<W>, reduced: Reducing): Decided {
  return atOnce(new Inquiry(system, { maxStates: 2 * FIRST }).decide(reduced))
}

function answerOf(complete: boolean, always: boolean, outcomes: readonly { readonly violates: readonly string[] }[]): Decided['answer'] {
  if (!outcomes.some(({ violates }) => violates.length > 0)) return complete ? 'never' : 'unknown'
  return complete && always ? 'every' : 'some'
}

/** What two searches have found that both stopped: each may have come by ends that the other has not. */
function together(deep: Decided, wide: Decided): Decided {
  const told = new Set(deep.outcomes.map(endOf))
  const outcomes = [...deep.outcomes, ...wide.outcomes.filter((one) => !told.has(endOf(one)))]
  const oracles = deep.oracles.map((one) => ({
    ...one,
    sample: one.sample ?? wide.oracles.find(({ id }) => id === one.id)?.sample ?? null,
  }))
  return { ...wide, answer: answerOf(false, false, outcomes), oracles, outcomes, counted: null }
}

const endOf = ({ sample: _, ...end }: Decided['outcomes'][number]): string => canonical(end)

function ofVerdict({ complete, bound, states, schedules, violating, oracles, outcomes }: Verdict): Decided {
  const always = outcomes.length > 0 && outcomes.every(({ violates }) => violates.length > 0)
  return {
    complete,
    bound,
    states,
    answer: answerOf(complete, always, outcomes),
    oracles: oracles.map(({ id, kind, shortest }) => ({ id, kind, sample: shortest })),
    outcomes: outcomes.map(({ schedules: _, watched: _watched, ...outcome }) => outcome),
    counted: { schedules, violating },
  }
}
