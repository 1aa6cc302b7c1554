/** Footprints as sums, each with a number: what a step reads and writes is compared again and again, and there are few that differ. */
import { Bits, type Footprint } from './footprint.ts'

/** What several looks have read and written together. */
export type Sum = Pick<Footprint, 'reads' | 'writes' | 'stores' | 'replaces'>

/** A sum that is not added to any more, with a number of its own. */
export interface Known extends Sum {
  readonly number: number
  /** The numbers of the sums that it meets. */
  readonly meets: Bits
}

/** The sum of some footprints, if anybody has asked for it, and of these with one more. */
interface Series {
  known: Known | null
  readonly longer: Map<Footprint, Series>
}

export class Sums {
  private readonly all: Known[] = []
  /** By the footprints, one after the other: the same ones come again and again. */
  private readonly series: Series = { known: null, longer: new Map() }
  /** By hash. */
  private readonly hashed = new Map<number, Known[]>()
  /** By element: the numbers of the sums that have it. */
  private readonly readers: Bits[] = []
  private readonly writers: Bits[] = []
  private readonly storers: Bits[] = []
  private readonly replacers: Bits[] = []

  /** Several footprints as one: one and the same for equal ones. */
  of(feet: readonly Footprint[]): Known {
    let series = this.series
    for (const foot of feet) {
      let longer = series.longer.get(foot)
      if (!longer) series.longer.set(foot, (longer = { known: null, longer: new Map() }))
      series = longer
    }
    return (series.known ??= this.known(summedUp(feet)))
  }

  at(number: number): Known {
    return this.all[number] as Known
  }

  /** The number of the same sum of other elements. */
  mapped(number: number, to: (element: number) => number): number {
    const { reads, writes, stores, replaces } = this.at(number)
    const map = (bits: Bits): Bits => {
      const out = new Bits()
      bits.each((element) => out.add(to(element)))
      return out
    }
    return this.known({ reads: map(reads), writes: map(writes), stores: map(stores), replaces: map(replaces) }).number
  }

  private known(sum: Sum): Known {
    const hash = sum.replaces.hash(sum.stores.hash(sum.writes.hash(sum.reads.hash(0))))
    const alike = this.hashed.get(hash) ?? []
    let known = alike.find((one) => equal(one, sum))
    if (!known) {
      known = { ...sum, number: this.all.length, meets: new Bits() }
      this.all.push(known)
      this.hashed.set(hash, [...alike, known])
      this.compare(known)
    }
    return known
  }

  /** The order of two steps matters if one writes what the other reads or replaces, or if both store the same. */
  private compare({ number, reads, writes, stores, replaces, meets }: Known): void {
    const { readers, writers, storers, replacers } = this
    const note = (by: Bits[], elements: Bits): void => elements.each((element) => (by[element] ??= new Bits()).add(number))
    const meet = (by: readonly Bits[], elements: Bits): void =>
      elements.each((element) => {
        const those = by[element]
        if (those) meets.addAll(those)
      })
    // It may meet itself: another task may do just the same.
    note(readers, reads)
    note(writers, writes)
    note(storers, stores)
    note(replacers, replaces)
    meet(writers, reads)
    meet(readers, writes)
    meet(replacers, writes)
    meet(storers, stores)
    meet(writers, replaces)
    meets.each((other) => this.at(other).meets.add(number))
  }
}

function summedUp(feet: readonly Footprint[]): Sum {
  const sum = { reads: new Bits(), writes: new Bits(), stores: new Bits(), replaces: new Bits() }
  for (const foot of feet) {
    sum.reads.addAll(foot.reads)
    sum.writes.addAll(foot.writes)
    sum.stores.addAll(foot.stores)
    sum.replaces.addAll(foot.replaces)
  }
  return sum
}

const equal = (a: Sum, b: Sum): boolean =>
  a.reads.equals(b.reads) && a.writes.equals(b.writes) && a.stores.equals(b.stores) && a.replaces.equals(b.replaces)
