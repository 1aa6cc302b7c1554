/** Where the caret of a text area stands, and how its text is changed so that the browser can undo it. */
import { statementBefore } from '../../../scene/complete.ts'

export interface Spot {
  /** From 1. */
  readonly line: number
  /** From 0. */
  readonly column: number
  /** The statement from its beginning to the caret. */
  readonly before: string
  /** Sizes of a letter and of a line, and where the first line begins, in CSS pixels. */
  readonly letter: number
  readonly height: number
  readonly top: number
}

export function spot(area: HTMLTextAreaElement): Spot {
  const before = area.value.slice(0, area.selectionEnd)
  const lines = before.split('\n')
  const style = getComputedStyle(area)
  return {
    line: lines.length,
    column: lines.at(-1)?.length ?? 0,
    before: statementBefore(before),
    letter: letterWidth(style),
    height: Number.parseFloat(style.lineHeight),
    top: Number.parseFloat(style.paddingTop),
  }
}

const widths = new Map<string, number>()

/** All letters of the type are equally wide. */
function letterWidth(style: CSSStyleDeclaration): number {
  const font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`
  const known = widths.get(font)
  if (known !== undefined) return known
  const context = document.createElement('canvas').getContext('2d')
  if (!context) return Number.parseFloat(style.fontSize) * 0.6
  context.font = font
  const width = context.measureText('0').width
  widths.set(font, width)
  return width
}

/** Puts `text` in the place of [from, to). The browser's own command keeps what was there for undo; React hears of it as of typing. */
export function replaced(area: HTMLTextAreaElement, from: number, to: number, text: string): void {
  area.focus()
  area.setSelectionRange(from, to)
  // Deprecated, and the only thing that writes into the history of a text area.
  if (document.execCommand('insertText', false, text)) return
  area.setRangeText(text, from, to, 'end')
  area.dispatchEvent(new Event('input', { bubbles: true }))
}
