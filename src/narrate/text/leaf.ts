/** Leaves as boxes: `| (...)  [ file extent item, offset 640K, length 128K ] |`. */
import { size } from '../../base/range.ts'
import type { Leaf, LeafItem, TreeLeaf } from '../../picture/picture.ts'
import { fill, listed } from './lines.ts'
import { picturesAt, type Chosen, type Side } from './side.ts'

const BORDER = 2

export function leaf({ view }: Side, { width, to }: Chosen): string[] {
  const trees = picturesAt(view, to).filter((picture) => picture.kind === 'tree-leaf')
  if (trees.length === 0) return fill('no leaf in this scenario', width)
  return trees.flatMap((tree, i) => [...(i === 0 ? [] : ['']), ...boxes(tree, width)])
}

function boxes({ title, leaves, cursor }: TreeLeaf, width: number): string[] {
  const boxed = leaves.filter(({ items }) => items.some(isExtent))
  return [
    ...fill(`In the ${title}${boxed.length === 0 ? ' there is no file extent item.' : ':'}`, width),
    ...boxed.flatMap((one) => ['', ...box(one, width)]),
    ...(cursor ? ['', ...fill(`${cursor.name} of ${cursor.task} is ${cursor.key}.`, width)] : []),
  ]
}

function box({ title, items, locked }: Leaf, width: number): string[] {
  const parts = items.flatMap((item, i): { text: string; damaged: boolean }[] => {
    if (isExtent(item)) return [{ text: `[ ${extent(item)} ]`, damaged: item.damaged ?? false }]
    // What stands between file extent items is of no interest here, and said once.
    return i === 0 || isExtent(items[i - 1] as LeafItem) ? [{ text: '(...)', damaged: false }] : []
  })
  const rows: { text: string; under: string }[] = []
  for (const { text, damaged } of parts) {
    const under = (damaged ? '^' : ' ').repeat(text.length)
    const last = rows.at(-1)
    if (last && last.text.length + 2 + text.length <= width - 2 * BORDER)
      rows.splice(-1, 1, { text: `${last.text}  ${text}`, under: `${last.under}  ${under}` })
    else rows.push({ text, under })
  }
  const wide = Math.max(...rows.map(({ text }) => text.length))
  const rule = '-'.repeat(wide + 2 * BORDER)
  const line = (text: string): string => `| ${text.padEnd(wide)} |`
  const wrong = parts.filter(({ damaged }) => damaged)
  return [
    ...fill(`Leaf ${title.replace(/^leaf /, '')}${locked === null ? '' : `, locked by ${locked}`}:`, width),
    '',
    rule,
    ...rows.flatMap(({ text, under }) => [line(text), ...(under.includes('^') ? [line(under)] : [])]),
    rule,
    ...(wrong.length > 0
      ? ['', ...fill(`^ ${listed(items.filter(({ damaged }) => damaged).map(({ key }) => key))}: here something is wrong`, width, '', '  ')]
      : []),
  ]
}

const isExtent = ({ key }: LeafItem): boolean => key.includes(' EXTENT_DATA ')

/** `file extent item, offset 640K, length 128K` */
function extent({ key, payload }: LeafItem): string {
  const offset = Number(/ EXTENT_DATA (\d+)\)$/.exec(key)?.[1])
  const length = /length (\S+)$/.exec(payload)?.[1] ?? ''
  return `${payload.startsWith('hole') ? 'hole item' : 'file extent item'}, offset ${size(offset)}, length ${length}`
}
