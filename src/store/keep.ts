/** The last few answers by their request, so that going back is instant. */
export function keep<T>(most: number) {
  const kept = new Map<string, T>()
  return {
    get: (key: string): T | undefined => kept.get(key),
    put(key: string, value: T): void {
      kept.delete(key)
      kept.set(key, value)
      const oldest = kept.keys().next()
      if (kept.size > most && !oldest.done) kept.delete(oldest.value)
    },
  }
}
