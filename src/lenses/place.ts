/** Puts texts on one row so that none hides another: each as near to its anchor as it can, earlier ones first. */
export function placeOnRow<T extends { readonly anchor: number; readonly width: number }>(
  wanted: readonly T[],
  left: number,
  right: number,
  reach: number,
): (T & { readonly x: number })[] {
  const gap = 14
  const placed: (T & { readonly x: number })[] = []
  for (const text of wanted) {
    const ideal = Math.min(Math.max(text.anchor - text.width / 2, left), right - text.width)
    const candidates = [ideal, ...placed.flatMap((other) => [other.x + other.width + gap, other.x - gap - text.width])]
    const x = candidates
      .filter((at) => at >= left && at + text.width <= right && Math.abs(at + text.width / 2 - text.anchor) <= Math.max(reach, text.width))
      .filter((at) => placed.every((other) => at + text.width + gap <= other.x + 0.01 || other.x + other.width + gap <= at + 0.01))
      .sort((a, b) => Math.abs(a - ideal) - Math.abs(b - ideal))[0]
    if (x !== undefined) placed.push({ ...text, x })
  }
  return placed
}
