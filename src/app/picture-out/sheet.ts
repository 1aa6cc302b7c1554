/** The styles and patterns of a picture, each once: its marks name them. */
import { hexOf } from './colour.ts'

/** Properties of a drawing that say nothing at these values. */
const silent: Readonly<Record<string, string>> = {
  fill: '#000000',
  'fill-opacity': '1',
  stroke: 'none',
  'stroke-opacity': '1',
  'stroke-width': '1',
  'stroke-dasharray': 'none',
  'stroke-linecap': 'butt',
  'stroke-linejoin': 'miter',
  'paint-order': 'normal',
  'font-weight': '400',
  'font-style': 'normal',
  opacity: '1',
}

export type Look = Readonly<Record<string, string>>

export class Sheet {
  private readonly names = new Map<string, string>()
  private readonly patterns = new Map<string, string>()

  /** The class of a look. */
  nameOf(look: Look): string {
    const css = Object.entries(look)
      .map(([name, value]): [string, string] => [name, name === 'fill' || name === 'stroke' ? hexOf(value) : value])
      .filter(([name, value]) => silent[name] !== value && (look['stroke'] !== 'none' || !name.startsWith('stroke-')))
      .map(([name, value]) => `${name}:${value}`)
      .join(';')
    return this.once(this.names, css, 'a')
  }

  /** The id of a pattern. */
  patternOf(content: string): string {
    return this.once(this.patterns, content, 'p')
  }

  private once(all: Map<string, string>, text: string, letter: string): string {
    const name = all.get(text) ?? `${letter}${all.size}`
    all.set(text, name)
    return name
  }

  css(): string {
    return [...this.names].map(([css, name]) => `.${name}{${css}}`).join('\n')
  }

  defs(): string {
    return [...this.patterns].map(([content, id]) => content.replace('<pattern', `<pattern id="${id}"`)).join('\n')
  }
}
