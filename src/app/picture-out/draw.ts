/**
 * What stands on the page as marks of an SVG, each complete in itself and where it is seen: text as text, lines as lines. Nothing is
 * drawn a second time: what a reader takes along is what the page shows.
 */
import { alphaOf } from './colour.ts'
import type { Sheet } from './sheet.ts'

/** Where on the page, in CSS pixels. */
export interface Area {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

interface Context {
  readonly sheet: Sheet
  readonly origin: { readonly x: number; readonly y: number }
  readonly clip: Area
  readonly opacity: number
  readonly struck: boolean
  readonly out: string[]
}

/** The marks of a part of the page, in the order in which they are painted; `x` and `y` are where its corner goes. */
export function marksOf(part: Element, x: number, y: number, sheet: Sheet): string[] {
  const box = part.getBoundingClientRect()
  const out: string[] = []
  drawElement(part, { sheet, origin: { x: box.left - x, y: box.top - y }, clip: box, opacity: 1, struck: false, out })
  return out
}

/** What only programs read, what is measured and never shown, and what is pressed: a picture cannot be. */
const unseen = '.lens-hidden, .lens-probe, .ghosts, .timeline-toggle, select, input'

function drawElement(element: Element, context: Context): void {
  if (element instanceof SVGSVGElement) return drawDrawing(element, context)
  const style = getComputedStyle(element)
  const opacity = context.opacity * Number(style.opacity)
  if (style.display === 'none' || opacity === 0 || element.matches(unseen)) return
  const box = element.getBoundingClientRect()
  const clipped = style.overflowX === 'visible' ? context.clip : meet(context.clip, box)
  const inside = {
    ...context,
    opacity,
    clip: clipped,
    struck: context.struck || style.textDecorationLine.includes('line-through'),
  }
  if (style.visibility === 'visible' && box.width > 0) drawBox(box, style, inside)
  for (const child of element.childNodes) {
    if (child instanceof Element) drawElement(child, inside)
    else if (child instanceof Text && style.visibility === 'visible') drawText(child, style, inside)
  }
}

const meet = (a: Area, b: Area): Area => ({
  left: Math.max(a.left, b.left),
  top: Math.max(a.top, b.top),
  right: Math.min(a.right, b.right),
  bottom: Math.min(a.bottom, b.bottom),
})

const apart = (a: Area, b: Area): boolean => a.left >= b.right || a.right <= b.left || a.top >= b.bottom || a.bottom <= b.top

const number = (n: number): string => String(Math.round(n * 100) / 100)

/** Background and borders. */
function drawBox(box: DOMRect, style: CSSStyleDeclaration, context: Context): void {
  if (apart(box, context.clip)) return
  const area = meet(box, context.clip)
  rect(area, style.backgroundColor, context)
  const borders: readonly (readonly [width: string, line: string, colour: string, area: (width: number) => Area])[] = [
    [style.borderTopWidth, style.borderTopStyle, style.borderTopColor, (w) => ({ ...sides(box), bottom: box.top + w })],
    [style.borderBottomWidth, style.borderBottomStyle, style.borderBottomColor, (w) => ({ ...sides(box), top: box.bottom - w })],
    [style.borderLeftWidth, style.borderLeftStyle, style.borderLeftColor, (w) => ({ ...sides(box), right: box.left + w })],
    [style.borderRightWidth, style.borderRightStyle, style.borderRightColor, (w) => ({ ...sides(box), left: box.right - w })],
  ]
  for (const [width, line, colour, at] of borders) {
    const wide = parseFloat(width)
    if (wide > 0 && line !== 'none') rect(meet(at(wide), context.clip), colour, context)
  }
}

const sides = ({ left, top, right, bottom }: Area): Area => ({ left, top, right, bottom })

function rect({ left, top, right, bottom }: Area, colour: string, { sheet, origin, opacity, out }: Context): void {
  const alpha = alphaOf(colour)
  if (alpha === 0 || right <= left || bottom <= top) return
  const look = sheet.nameOf({ fill: colour, 'fill-opacity': number(alpha * opacity) })
  out.push(
    `<rect class="${look}" x="${number(left - origin.x)}" y="${number(top - origin.y)}" width="${number(right - left)}" height="${number(bottom - top)}"/>`,
  )
}

interface Line {
  text: string
  readonly left: number
  right: number
  readonly top: number
  readonly bottom: number
}

/** The lines on which a text stands, from its first letter to its last. */
function linesOf(node: Text, isKept: boolean): Line[] {
  const lines: Line[] = []
  const range = document.createRange()
  const put = (from: number, to: number, before: string): void => {
    range.setStart(node, from)
    range.setEnd(node, to)
    const rects = [...range.getClientRects()].filter(({ width }) => width > 0)
    const [box] = rects
    if (!box) return
    // A word that is broken goes letter by letter.
    if (rects.length > 1 && to - from > 1) {
      for (let i = from; i < to; i++) put(i, i + 1, i === from ? before : '')
      return
    }
    const text = node.data.slice(from, to)
    const last = lines.at(-1)
    if (last && Math.abs(last.top - box.top) < 2 && box.left >= last.right - 2) {
      last.text += before + text
      last.right = box.right
    } else lines.push({ text, left: box.left, right: box.right, top: box.top, bottom: box.bottom })
  }
  let end = 0
  for (const word of node.data.matchAll(/\S+/g)) {
    const before = node.data.slice(end, word.index)
    end = word.index + word[0].length
    put(word.index, end, isKept ? before : before && ' ')
  }
  return lines
}

function drawText(node: Text, style: CSSStyleDeclaration, context: Context): void {
  if (node.data.trim() === '') return
  for (const line of linesOf(node, style.whiteSpace.startsWith('pre') && style.whiteSpace !== 'pre-line')) {
    if (apart(line, context.clip)) continue
    const size = parseFloat(style.fontSize)
    const { ascent, descent } = metricsOf(style)
    // What a browser calls the box of a text is as high as its face.
    const base = line.top + (line.bottom - line.top - (ascent + descent) * size) / 2 + ascent * size
    emitText(line.text, line.left, base, line.right - line.left, { fill: style.color, ...faceOf(style, size) }, context)
  }
}

function emitText(text: string, x: number, y: number, length: number, look: Readonly<Record<string, string>>, context: Context): void {
  const { sheet, origin, opacity, struck, out } = context
  const alpha = alphaOf(look['fill'] ?? '') * opacity
  if (alpha === 0 || text === '') return
  const name = sheet.nameOf({ ...look, 'fill-opacity': number(alpha), ...(struck ? { 'text-decoration': 'line-through' } : {}) })
  // Where the face is not there another has this length.
  out.push(
    `<text class="${name}" x="${number(x - origin.x)}" y="${number(y - origin.y)}" textLength="${number(length)}" lengthAdjust="spacingAndGlyphs"${text.includes('  ') ? ' xml:space="preserve"' : ''}>${escape(text)}</text>`,
  )
}

/** For programs that do not have the faces of the page, what stands for them. */
const faceOf = (style: CSSStyleDeclaration, size: number): Record<string, string> => ({
  'font-family': style.fontFamily.replaceAll('"', "'"),
  'font-size': `${number(size)}px`,
  'font-weight': style.fontWeight,
  'font-style': style.fontStyle,
})

const known = new Map<string, { readonly ascent: number; readonly descent: number }>()

/** How far a face reaches above and below its base line, for a size of 1. */
function metricsOf(style: CSSStyleDeclaration): { readonly ascent: number; readonly descent: number } {
  const face = `${style.fontWeight} 100px ${style.fontFamily}`
  const found = known.get(face)
  if (found) return found
  const pen = document.createElement('canvas').getContext('2d')
  if (pen) pen.font = face
  const measured = pen?.measureText('x')
  const made = { ascent: (measured?.fontBoundingBoxAscent ?? 90) / 100, descent: (measured?.fontBoundingBoxDescent ?? 25) / 100 }
  known.set(face, made)
  return made
}

const shapes = 'path, rect, circle'

function drawDrawing(drawing: SVGSVGElement, context: Context): void {
  const style = getComputedStyle(drawing)
  if (style.display === 'none' || style.visibility !== 'visible') return
  const clip = style.overflowX === 'visible' ? context.clip : meet(context.clip, drawing.getBoundingClientRect())
  drawIn(drawing, { ...context, clip, opacity: context.opacity * Number(style.opacity) })
}

function drawIn(parent: SVGElement, context: Context): void {
  for (const child of parent.children) {
    if (!(child instanceof SVGGraphicsElement)) continue
    const style = getComputedStyle(child)
    if (style.display === 'none' || style.visibility !== 'visible') continue
    const inside = { ...context, opacity: context.opacity * Number(style.opacity) }
    if (child instanceof SVGTextContentElement) drawLetters(child, inside)
    else if (child.matches(shapes)) drawShape(child, style, inside)
    else if (!child.matches('defs, title')) drawIn(child, inside)
  }
}

function drawShape(shape: SVGGraphicsElement, style: CSSStyleDeclaration, context: Context): void {
  const matrix = shape.getScreenCTM()
  const box = shape.getBoundingClientRect()
  const reach = parseFloat(style.strokeWidth) * (matrix?.a ?? 1)
  if (
    !matrix ||
    apart({ left: box.left - reach, top: box.top - reach, right: box.right + reach, bottom: box.bottom + reach }, context.clip)
  )
    return
  const { sheet, origin, opacity, out } = context
  const paint = paintOf(style.fill, context)
  const fillAlpha = Number(style.fillOpacity) * alphaOf(style.fill) * opacity
  const strokeAlpha = Number(style.strokeOpacity) * alphaOf(style.stroke) * opacity
  const name = sheet.nameOf({
    fill: fillAlpha === 0 ? 'none' : paint,
    'fill-opacity': fillAlpha === 0 ? '1' : number(fillAlpha),
    stroke: strokeAlpha === 0 ? 'none' : style.stroke,
    'stroke-opacity': number(strokeAlpha),
    'stroke-width': number(parseFloat(style.strokeWidth)),
    'stroke-dasharray': style.strokeDasharray.replaceAll('px', ''),
    'stroke-linecap': style.strokeLinecap,
    'stroke-linejoin': style.strokeLinejoin,
  })
  const at = `transform="translate(${number(matrix.e - origin.x)} ${number(matrix.f - origin.y)}) scale(${number(matrix.a)})"`
  const drawn = `<${shape.tagName} class="${name}" ${geometryOf(shape)} ${at}/>`
  out.push(inside(box, context.clip) ? drawn : clipped(drawn, context))
}

const inside = (a: Area, b: Area): boolean =>
  a.left >= b.left - 2 && a.right <= b.right + 2 && a.top >= b.top - 2 && a.bottom <= b.bottom + 2

/** What reaches out of the part that is seen is cut there. */
function clipped(drawn: string, { clip, origin }: Context): string {
  const [x, y] = [number(clip.left - origin.x), number(clip.top - origin.y)]
  return `<svg x="${x}" y="${y}" width="${number(clip.right - clip.left)}" height="${number(clip.bottom - clip.top)}" viewBox="${x} ${y} ${number(clip.right - clip.left)} ${number(clip.bottom - clip.top)}">${drawn}</svg>`
}

function geometryOf(shape: SVGGraphicsElement): string {
  if (shape instanceof SVGPathElement) return `d="${shape.getAttribute('d') ?? ''}"`
  // Styles can set them as well as attributes.
  const { x, y, width, height } = shape.getBBox()
  if (shape instanceof SVGCircleElement) return `cx="${number(x + width / 2)}" cy="${number(y + height / 2)}" r="${number(width / 2)}"`
  return `x="${number(x)}" y="${number(y)}" width="${number(width)}" height="${number(height)}"`
}

/** A pattern goes along with the colours that it has here. */
function paintOf(fill: string, { sheet }: Context): string {
  const id = /^url\("#(.+)"\)$/.exec(fill)?.[1]
  if (id === undefined) return fill
  const pattern = document.getElementById(id)
  if (!pattern) return 'none'
  const parts = [...pattern.querySelectorAll(shapes)].map((part) => {
    const style = getComputedStyle(part)
    const name = sheet.nameOf({
      fill: style.fill,
      'fill-opacity': number(alphaOf(style.fill)),
      stroke: style.stroke,
      'stroke-width': number(parseFloat(style.strokeWidth)),
      'stroke-linecap': style.strokeLinecap,
    })
    const geometry = ['d', 'x', 'y', 'width', 'height'].flatMap((key) =>
      part.hasAttribute(key) ? [`${key}="${part.getAttribute(key)}"`] : [],
    )
    return `<${part.tagName} class="${name}" ${geometry.join(' ')}/>`
  })
  const size = ['width', 'height'].map((key) => `${key}="${pattern.getAttribute(key)}"`).join(' ')
  return `url(#${sheet.patternOf(`<pattern ${size} patternUnits="userSpaceOnUse">${parts.join('')}</pattern>`)})`
}

/** A text of a drawing: every stretch of one style where its first letter stands. */
function drawLetters(element: SVGTextContentElement, context: Context): void {
  const matrix = element.getScreenCTM()
  if (!matrix || apart(element.getBoundingClientRect(), context.clip)) return
  let at = 0
  for (const node of textsIn(element)) {
    // Characters of a drawing are counted as they are shown: spaces that fall together are one.
    const text = node.data.replace(/\s+/g, ' ')
    const style = getComputedStyle(node.parentElement ?? element)
    const from = at
    const total = element.getNumberOfChars()
    at = Math.min(total, at + text.length)
    if (at <= from || text.trim() === '') continue
    const lead = text.length - text.trimStart().length
    const count = Math.min(text.trim().length, at - from - lead)
    const point = element.getStartPositionOfChar(from + lead)
    const halo = style.stroke !== 'none' && style.paintOrder.startsWith('stroke')
    emitText(
      text.trim(),
      matrix.e + matrix.a * point.x,
      matrix.f + matrix.d * point.y,
      element.getSubStringLength(from + lead, count) * matrix.a,
      {
        fill: style.fill,
        ...faceOf(style, parseFloat(style.fontSize) * matrix.a),
        ...(halo
          ? {
              stroke: style.stroke,
              'stroke-width': number(parseFloat(style.strokeWidth) * matrix.a),
              'paint-order': 'stroke',
              'stroke-linejoin': 'round',
            }
          : {}),
      },
      context,
    )
  }
}

function textsIn(element: Element): Text[] {
  const found: Text[] = []
  for (const child of element.childNodes) {
    if (child instanceof Text) found.push(child)
    else if (child instanceof Element && child.tagName !== 'title') found.push(...textsIn(child))
  }
  return found
}

const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
