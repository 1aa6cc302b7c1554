/** Any picture as one text: for who cannot see it. */
import { unreachable } from '../base/assert.ts'
import type { Picture } from '../picture/picture.ts'
import { bufferInWords } from './user-buffer-lens.tsx'
import { stripInWords } from './words.ts'

const damaged = (part: { readonly damaged?: boolean }): string => (part.damaged ? ', damaged' : '')
const listed = (title: string, parts: readonly string[]): string => `${title}: ${parts.length > 0 ? parts.join('; ') : 'nothing'}.`

export function pictureInWords(picture: Picture): string {
  switch (picture.kind) {
    case 'extent-strip':
      return stripInWords(picture)
    case 'user-buffer':
      return bufferInWords(picture)
    case 'locks':
      return listed(
        picture.title,
        picture.rows.map((row) => {
          const held = row.holders.length > 0 ? `, held by ${row.holders.join(' and ')}` : ''
          return `${row.name}${row.range === null ? '' : ` ${row.range}`} ${row.mode}${held}${damaged(row)}`
        }),
      )
    case 'record': {
      const fields = picture.fields.map((field) => `${field.name} ${field.value}${damaged(field)}`)
      return listed(picture.title, picture.gone === null ? fields : [picture.gone, ...fields])
    }
    case 'tree-leaf':
      return listed(
        picture.title,
        picture.leaves.flatMap(({ items }) => items.map((item) => `${item.key} ${item.payload}${damaged(item)}`)),
      )
    case 'gauge':
      return listed(picture.title, [
        `${picture.value}${damaged(picture)}`,
        ...picture.holders.map(({ who, what }) => `held by ${who}, ${what}`),
      ])
    case 'console':
      return listed(
        picture.title,
        picture.lines.map((line) => `${line.text}${damaged(line)}`),
      )
    case 'note':
      return picture.text
    default:
      return unreachable(picture)
  }
}
