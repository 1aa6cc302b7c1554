/** Reads what a verifier made by Spin prints. */

export interface PanReport {
  /** False when it stopped early: at the first violation, or at a bound. */
  readonly complete: boolean
  readonly violated: boolean
  /** Of the violation that it named first. */
  readonly stuck: boolean
  readonly states: number
  /** It counts entering the first state as well. */
  readonly transitions: number
  /** Bytes of the stored states, its hash table aside. */
  readonly bytes: number
}

/** @throws Error if the text holds no counts. */
export function parsePan(text: string): PanReport {
  const number = (pattern: RegExp): number => {
    const found = pattern.exec(text)?.[1]
    if (found === undefined) throw new Error(`pan said nothing of ${String(pattern)}: ${text}`)
    return Number(found)
  }
  const states = number(/^ *(\d+) states, stored/m)
  return {
    complete: !text.includes('Search not completed') && !text.includes('max search depth too small'),
    violated: text.includes('assertion violated'),
    stuck: text.includes('invalid end state ('),
    states,
    transitions: number(/^ *(\d+) transitions/m),
    bytes: number(/^ *([\d.]+)\s+actual memory usage for states/m) * 2 ** 20,
  }
}
