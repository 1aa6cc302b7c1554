/**
 * Two runs side by side, in rows. Steps that are the same in both stand in one row as far as their order allows; at any
 * other row one side moves and the other stands still.
 */

/** A state of either side, 0 being the initial one. */
export interface Row {
  readonly left: number
  readonly right: number
}

/** A step of the left that stands for one of the right, and what it is worth to have them in one row. */
export interface Pair extends Row {
  readonly weight: number
}

/** Every state of both sides, each in its order. Of the pairs those stand in a row that can be had together and are worth most. */
export function sideBySide(left: number, right: number, pairs: readonly Pair[]): Row[] {
  const rows: Row[] = [{ left: 0, right: 0 }]
  const goTo = (to: Row): void => {
    const from = rows.at(-1) ?? to
    for (let at = from.left + 1; at < to.left; at++) rows.push({ left: at, right: from.right })
    for (let at = from.right + 1; at < to.right; at++) rows.push({ left: to.left - 1, right: at })
  }
  for (const { left: l, right: r } of heaviestChain(pairs)) {
    goTo({ left: l, right: r })
    rows.push({ left: l, right: r })
  }
  goTo({ left: left + 1, right: right + 1 })
  return rows
}

/** Of all chains of pairs that ascend on both sides, one that weighs most. */
function heaviestChain(pairs: readonly Pair[]): Pair[] {
  const sorted = [...pairs].sort((a, b) => a.left - b.left || a.right - b.right)
  const best: { readonly weight: number; readonly before: number }[] = []
  let end = -1
  for (const [i, pair] of sorted.entries()) {
    let before = -1
    for (let k = 0; k < i; k++) {
      const other = sorted[k]
      if (other && other.left < pair.left && other.right < pair.right && (best[k]?.weight ?? 0) > (best[before]?.weight ?? 0)) before = k
    }
    best.push({ weight: (best[before]?.weight ?? 0) + pair.weight, before })
    if ((best[i]?.weight ?? 0) > (best[end]?.weight ?? 0)) end = i
  }
  const chain: Pair[] = []
  for (let at = end; at >= 0; at = best[at]?.before ?? -1) {
    const pair = sorted[at]
    if (pair) chain.unshift(pair)
  }
  return chain
}
