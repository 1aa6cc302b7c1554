/** From which nodes of a net a step can still be taken, and from which it can be left out; by label, asked again and again. */
import { reaching, type Net } from './net.ts'

export class Reach {
  private readonly net: Net
  private readonly aheads: Uint8Array[] = []
  private readonly avoidables: Uint8Array[] = []

  /** How schedules end does not matter. */
  constructor(net: Net) {
    this.net = net
  }

  /** By node: 1 if a step of the label can still be taken. */
  ahead(label: number): Uint8Array {
    const { net } = this
    return (this.aheads[label] ??= reaching(net, (node) => {
      for (let e = net.start[node] as number; e < (net.start[node + 1] as number); e++) if (net.step[e] === label) return true
      return false
    }))
  }

  /** By node: 1 if a schedule can go on to its end without one. */
  avoidable(label: number): Uint8Array {
    const { net } = this
    const known = this.avoidables[label]
    if (known) return known
    const closed = new Uint8Array(net.step.length)
    for (let e = 0; e < closed.length; e++) if (net.step[e] === label) closed[e] = 1
    return (this.avoidables[label] = reaching(net, (node) => net.end[node] !== 0, closed))
  }
}
