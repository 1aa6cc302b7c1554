/**
 * Remembers a result that depends on a few components of the state only. The components read are themselves part of
 * what was read before, so the memory is a tree: at each node the next component to look at, below it one branch a value.
 */
import type { State } from './machine.ts'

interface Node<T> {
  readonly slot: number
  readonly next: Map<number, Node<T> | Leaf<T>>
}

interface Leaf<T> {
  readonly slot: -1
  readonly value: T
}

export class Memo<T> {
  private root: Node<T> | Leaf<T> | null = null

  get(state: State): T | undefined {
    let node = this.root
    while (node !== null) {
      if (node.slot === -1) return (node as Leaf<T>).value
      node = (node as Node<T>).next.get(state[node.slot] as number) ?? null
    }
    return undefined
  }

  /** `reads`: the slots in the order in which the computation first read them; deterministic in what was read before. */
  put(state: State, reads: readonly number[], value: T): void {
    const leaf: Leaf<T> = { slot: -1, value }
    let parent: Map<number, Node<T> | Leaf<T>> | null = null
    let key = 0
    let node = this.root
    for (const slot of reads) {
      if (node === null) {
        node = { slot, next: new Map() }
        if (parent === null) this.root = node
        else parent.set(key, node)
      }
      parent = (node as Node<T>).next
      key = state[slot] as number
      node = parent.get(key) ?? null
    }
    if (parent === null) this.root = leaf
    else parent.set(key, leaf)
  }
}
