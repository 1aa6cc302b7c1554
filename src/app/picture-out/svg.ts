/** Frames of marks as one SVG: a still, or one that moves by itself without a script. Pure text. */

export interface Frame {
  /** In the order in which they are painted. */
  readonly marks: readonly string[]
  readonly seconds: number
}

export interface Film {
  readonly width: number
  readonly height: number
  readonly viewBox: string
  /** For who cannot see it. */
  readonly title: string
  readonly css: string
  readonly defs: string
  readonly frames: readonly Frame[]
}

/** One frame: a still. */
export const stillSvg = (film: Film, n: number, extra = ''): string => svg(film, extra, (film.frames[n]?.marks ?? []).join('\n'))

/**
 * All frames, over and over. A mark that several have stands once, and who shows no motion, or wants none, sees the last.
 */
export function movingSvg(film: Film): string {
  const runs = grouped(merged(film.frames.map(({ marks }) => marks)))
  const moving = [...new Set(runs.map(({ shown }) => shown))].filter((shown) => shown.includes('0'))
  const total = film.frames.reduce((sum, { seconds }) => sum + seconds, 0)
  const rules = moving.map((shown, i) => {
    const at = times(film.frames).flatMap((time, n) =>
      n > 0 && shown[n] === shown[n - 1] ? [] : [`${percent(time / total)}{visibility:${shown[n] === '1' ? 'visible' : 'hidden'}}`],
    )
    const still = shown.endsWith('1') ? '' : 'visibility:hidden;'
    return `@keyframes k${i}{${at.join('')}}\n.k${i}{${still}animation:k${i} ${total.toFixed(2)}s step-end infinite}`
  })
  const still = '@media (prefers-reduced-motion:reduce){g{animation:none!important}}'
  const body = runs.map(({ shown, marks }) => {
    const i = moving.indexOf(shown)
    return i < 0 ? marks.join('\n') : `<g class="k${i}">${marks.join('\n')}</g>`
  })
  return svg(film, `${rules.join('\n')}\n${still}`, body.join('\n'))
}

const times = (frames: readonly Frame[]): number[] =>
  frames.map((_, n) => frames.slice(0, n).reduce((sum, { seconds }) => sum + seconds, 0))

const percent = (share: number): string => `${(share * 100).toFixed(3)}%`

function svg({ width, height, viewBox, title, css, defs }: Film, rules: string, body: string): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="${viewBox}" role="img">`,
    `<title>${title.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</title>`,
    `<style>${css}\n${rules}</style>`,
    `<defs>${defs}</defs>`,
    body,
    '</svg>',
    '',
  ].join('\n')
}

/** A mark and in which frames it is seen, a digit a frame. */
interface Shown {
  readonly mark: string
  readonly shown: string
}

/** All marks of all frames in one order that is the order of each. */
export function merged(frames: readonly (readonly string[])[]): readonly Shown[] {
  let all: readonly Shown[] = []
  frames.forEach((marks, n) => {
    const found = common(
      all.map(({ mark }) => mark),
      marks,
    )
    const next: Shown[] = []
    let [i, k] = [0, 0]
    for (const [a, b] of [...found, [all.length, marks.length] as const]) {
      for (; i < a; i++) next.push({ mark: all[i]?.mark ?? '', shown: `${all[i]?.shown ?? ''}0` })
      for (; k < b; k++) next.push({ mark: marks[k] ?? '', shown: `${'0'.repeat(n)}1` })
      const both = all[i]
      if (both && k < marks.length) next.push({ mark: both.mark, shown: `${both.shown}1` })
      i++
      k++
    }
    all = next
  })
  return all
}

/** The longest part that two lists have in common, as pairs of positions. */
function common(a: readonly string[], b: readonly string[]): (readonly [number, number])[] {
  let start = 0
  while (start < a.length && start < b.length && a[start] === b[start]) start++
  let end = 0
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++
  const [rows, columns] = [a.length - start - end, b.length - start - end]
  const lengths = Array.from({ length: rows + 1 }, () => new Uint16Array(columns + 1))
  for (let i = rows - 1; i >= 0; i--)
    for (let k = columns - 1; k >= 0; k--) {
      const [here, below] = [lengths[i], lengths[i + 1]]
      if (!here || !below) continue
      here[k] = a[start + i] === b[start + k] ? (below[k + 1] ?? 0) + 1 : Math.max(below[k] ?? 0, here[k + 1] ?? 0)
    }
  const pairs: (readonly [number, number])[] = Array.from({ length: start }, (_, i) => [i, i])
  let [i, k] = [0, 0]
  while (i < rows && k < columns) {
    if (a[start + i] === b[start + k]) pairs.push([start + i++, start + k++])
    else if ((lengths[i + 1]?.[k] ?? 0) >= (lengths[i]?.[k + 1] ?? 0)) i++
    else k++
  }
  for (let n = end; n > 0; n--) pairs.push([a.length - n, b.length - n])
  return pairs
}

/** Neighbours that are seen together stand together. */
function grouped(all: readonly Shown[]): readonly { readonly shown: string; readonly marks: readonly string[] }[] {
  const runs: { shown: string; marks: string[] }[] = []
  for (const { mark, shown } of all) {
    const last = runs.at(-1)
    if (last?.shown === shown) last.marks.push(mark)
    else runs.push({ shown, marks: [mark] })
  }
  return runs
}
