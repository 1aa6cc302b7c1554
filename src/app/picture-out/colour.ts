/** Colours as every program that opens an SVG knows them. */

/** What a browser computed (`rgb(1, 2, 3)`, `color(srgb 0.1 0.2 0.3)`) as `#rrggbb`; anything else as it is. How much of it is seen is `alphaOf`. */
export function hexOf(computed: string): string {
  const parts = partsOf(computed)
  return parts ? `#${parts.rgb.map((part) => Math.round(part).toString(16).padStart(2, '0')).join('')}` : computed
}

export const alphaOf = (computed: string): number => partsOf(computed)?.alpha ?? (computed === 'none' || computed === 'transparent' ? 0 : 1)

function partsOf(computed: string): { readonly rgb: readonly number[]; readonly alpha: number } | null {
  const found = /^(rgba?|color)\((?:srgb )?([^)]*)\)$/.exec(computed)
  if (!found) return null
  const numbers = (found[2] ?? '').split(/[\s,/]+/).map(Number)
  const [r = 0, g = 0, b = 0, alpha = 1] = numbers
  const most = found[1] === 'color' ? 255 : 1
  return { rgb: [r, g, b].map((part) => Math.min(255, Math.max(0, part * most))), alpha }
}
