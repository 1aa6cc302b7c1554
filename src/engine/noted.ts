/** Small whole numbers, each once, in the order in which they were first noted. */
export class Noted {
  /** By number: 1 if it is on the list. */
  private flags = new Uint8Array(64)
  private list: number[] = []

  note(number: number): void {
    if (this.flags[number] === 1) return
    if (number >= this.flags.length) this.flags = larger(this.flags, number)
    this.flags[number] = 1
    this.list.push(number)
  }

  has(number: number): boolean {
    return this.flags[number] === 1
  }

  get all(): readonly number[] {
    return this.list
  }

  /** Forgets all of them; a list that `all` gave stays what it is. */
  clear(): void {
    for (const number of this.list) this.flags[number] = 0
    this.list = []
  }
}

function larger(flags: Uint8Array<ArrayBuffer>, index: number): Uint8Array<ArrayBuffer> {
  const more = new Uint8Array(Math.max(flags.length * 2, index + 1))
  more.set(flags)
  return more
}
