/**
 * Which steps have been taken in a node: of each label how often, at least and at most over all ways there. Where the two
 * agree the node itself tells, and an order between two steps can be judged from nodes and edges alone.
 */
import type { Net } from './net.ts'

/** A step: the nth time that its label is taken. */
export interface Event {
  readonly label: number
  readonly nth: number
}

/** More often than this is not told apart: such a label goes round in a cycle. */
const OFTEN = 200

export class Events {
  readonly net: Net
  readonly list: readonly Event[]
  /** By edge: the event that it is; -1 when that depends on the way to it. */
  readonly of: Int32Array
  /** By edge: the node that it leaves. */
  readonly from: Int32Array
  /** By event: some edge may or may not be it, depending on the way. */
  readonly vague: Uint8Array
  /** By node: the same number for those in which the same steps have been taken as often. */
  readonly kind: Int32Array
  private readonly least: Uint8Array
  private readonly most: Uint8Array
  private readonly width: number

  constructor(net: Net) {
    this.net = net
    this.width = net.labels.length
    const cells = net.nodes * this.width
    this.least = new Uint8Array(cells).fill(OFTEN)
    this.most = new Uint8Array(cells)
    this.count()
    const numbers = new Map<number, number>()
    const list: Event[] = []
    const number = (label: number, nth: number): number => {
      const key = label * (OFTEN + 1) + nth
      let found = numbers.get(key)
      if (found === undefined) {
        numbers.set(key, (found = list.length))
        list.push({ label, nth })
      }
      return found
    }
    const vague: number[] = []
    this.of = new Int32Array(net.to.length).fill(-1)
    this.from = new Int32Array(net.to.length)
    for (let from = 0; from < net.nodes; from++)
      for (let e = net.start[from] as number; e < (net.start[from + 1] as number); e++) {
        this.from[e] = from
        const label = net.step[e] as number
        const [low, high] = [this.least[from * this.width + label] as number, this.most[from * this.width + label] as number]
        // A node that is never reached was never counted.
        if (low > high) continue
        if (low === high && high < OFTEN) this.of[e] = number(label, low + 1)
        else for (let nth = low + 1; nth <= Math.min(high + 1, OFTEN); nth++) vague.push(number(label, nth))
      }
    this.list = list
    this.kind = this.kinds()
    this.vague = new Uint8Array(list.length)
    for (const event of vague) this.vague[event] = 1
  }

  /** 1 if it has been taken in the node whatever the way there, 0 if not, -1 if that depends on the way. */
  taken(event: number, node: number): 0 | 1 | -1 {
    const { label, nth } = this.list[event] as Event
    const at = node * this.width + label
    if ((this.least[at] as number) >= nth) return 1
    return (this.most[at] as number) < nth ? 0 : -1
  }

  private kinds(): Int32Array {
    const { net, width, least, most } = this
    // By hash: the first node of every kind that has it.
    const firsts = new Map<number, number[]>()
    const kind = new Int32Array(net.nodes)
    const same = (a: number, b: number): boolean => {
      for (let i = 0; i < width; i++)
        if (least[a * width + i] !== least[b * width + i] || most[a * width + i] !== most[b * width + i]) return false
      return true
    }
    for (let node = 0; node < net.nodes; node++) {
      let hash = 0
      for (let i = node * width; i < (node + 1) * width; i++)
        hash = (Math.imul(hash, 31) + (least[i] as number) * 257 + (most[i] as number)) | 0
      const alike = firsts.get(hash) ?? []
      if (alike.length === 0) firsts.set(hash, alike)
      const first = alike.find((other) => same(other, node))
      if (first === undefined) alike.push(node)
      kind[node] = first ?? node
    }
    return kind
  }

  private count(): void {
    const { net, least, width } = this
    least.fill(0, 0, width)
    for (let changed = true; changed;) {
      changed = false
      for (const from of net.order)
        for (let e = net.start[from] as number; e < (net.start[from + 1] as number); e++)
          if (this.pass(from, net.to[e] as number, net.step[e] as number)) changed = true
      if (!net.cyclic) return
    }
  }

  /** What is known of a node holds of the next one as well, with one more of the step between; did that change anything? */
  private pass(from: number, to: number, label: number): boolean {
    const { least, most, width } = this
    let changed = false
    for (let i = 0; i < width; i++) {
      const more = i === label ? 1 : 0
      const low = Math.min(OFTEN, (least[from * width + i] as number) + more)
      const high = Math.min(OFTEN, (most[from * width + i] as number) + more)
      if (low < (least[to * width + i] as number)) {
        least[to * width + i] = low
        changed = true
      }
      if (high > (most[to * width + i] as number)) {
        most[to * width + i] = high
        changed = true
      }
    }
    return changed
  }
}
