/** The word that was probably meant. */

/** Insertions, deletions, replacements and swaps of neighbours that turn one word into the other. */
export function distance(a: string, b: string): number {
  let before: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      let best = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1))
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) best = Math.min(best, (before[j - 2] ?? 0) + 1)
      row.push(best)
    }
    before = last
    last = row
  }
  return last[b.length] ?? 0
}

/** Long words are no misspelling of ours; they would only cost time. */
const longestWord = 40

/** The nearest of the words, if it is near enough to have been meant: as many as a third of its letters differ, or it is a beginning. */
export function nearest(word: string, words: readonly string[]): string | null {
  if (word.length > longestWord) return null
  const lower = word.toLowerCase()
  let best: { readonly word: string; readonly far: number } | null = null
  for (const one of words) {
    const other = one.toLowerCase()
    const begins = lower.length >= 3 && (other.startsWith(lower) || lower.startsWith(other)) && other.length >= 3
    const far = begins ? Math.min(1, distance(lower, other)) : distance(lower, other)
    if (far <= Math.max(1, Math.floor(Math.max(lower.length, other.length) / 3)) && far < (best?.far ?? Infinity)) best = { word: one, far }
  }
  return best && best.far < Math.max(word.length, 2) ? best.word : null
}

/** ` did you mean "falloc"?`, or the words there are. */
export function meant(word: string, words: readonly string[]): string {
  const one = nearest(word, words)
  return one === null ? `there are ${words.join(', ')}` : `did you mean \`${one}\`?`
}
