/** Runs a computation to its end that could rest between its steps. */
export function atOnce<T>(steps: Generator<unknown, T>): T {
  for (;;) {
    const next = steps.next()
    if (next.done) return next.value
  }
}
