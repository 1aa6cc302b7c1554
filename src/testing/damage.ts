/** What of a frame's pictures is drawn as damage, in words that a test can compare. */
import { range, size } from '../base/range.ts'
import type { Fill, Picture } from '../picture/picture.ts'

const gaps: ReadonlySet<Fill> = new Set(['hole', 'zeros'])

const named = (part: { readonly damaged?: boolean }, text: string): string[] => (part.damaged ? [text] : [])

function inPicture(picture: Picture): string[] {
  switch (picture.kind) {
    case 'extent-strip':
      return [
        ...picture.lanes.flatMap((lane) =>
          lane.spans.flatMap((span) =>
            named(
              span,
              `${lane.id} ${range(span.from, span.to)} ${span.label ?? (gaps.has(span.fill) ? size(span.to - span.from) : span.fill)} (${span.fill})`,
            ),
          ),
        ),
        ...picture.markers.flatMap((marker) => named(marker, `${marker.id} at ${size(marker.at)}`)),
      ]
    case 'tree-leaf':
      return picture.leaves.flatMap(({ items }) => items.flatMap((item) => named(item, `${picture.id} ${item.key}`)))
    case 'record':
      return picture.fields.flatMap((field) => named(field, `${picture.id} ${field.name} = ${field.value}`))
    case 'gauge':
      return named(picture, `${picture.id} = ${picture.value}`)
    case 'user-buffer':
      return picture.runs.flatMap((run) => named(run, `${picture.id} pages [${run.firstPage}, ${run.firstPage + run.pages})`))
    case 'locks':
      return picture.rows.flatMap((row) => named(row, `${row.id}, ${row.mode}`))
    case 'console':
      return picture.lines.flatMap((line) => named(line, line.text))
    case 'note':
      return []
  }
}

/** Each damaged part once, in the order in which it is drawn. */
export const damagedParts = (pictures: readonly Picture[]): string[] => [...new Set(pictures.flatMap(inPicture))]
