/**
 * Two runs beside each other where there is little room: of their pictures only what differs in some row. What both have the same in
 * every row says nothing of what tells them apart; it is left out, and named.
 */
import { isInTheWay } from '../../../picture/mark.ts'
import type { Field, Leaf, LeafItem, Marker, Picture, TreeLeaf } from '../../../picture/picture.ts'
import type { CompareView, TraceView } from '../../../worker/protocol.ts'
import { blockedAt } from '../run.ts'
import { propsAt } from '../stage/props-at.ts'

export interface Shorter {
  /** Left and right. */
  readonly traces: readonly [TraceView, TraceView]
  /** What is not drawn and has left no trace in the pictures, in words: `page cache`, `leaf P`. */
  readonly leftOut: readonly string[]
}

/** What would be drawn of each part of a picture that can be left out. */
type Parts = ReadonlyMap<string, { readonly drawn: string; readonly name: string | null }>
/** Of a picture the parts that are the same in every row; with a name where nothing in the picture tells that they are not there. */
type Same = ReadonlyMap<string, string | null>

/** Both runs without the parts of these pictures that are the same on both sides in every row. */
export function withoutAlike({ rows, left, right }: CompareView, leads: readonly string[]): Shorter {
  const alike = new Map(
    leads.map((id): [string, Same] => {
      const states = rows.map((row) => [partsOf(left, row.left, id, 'left'), partsOf(right, row.right, id, 'right')] as const)
      const differs = (part: string): boolean => states.some(([mine, other]) => mine.get(part)?.drawn !== other.get(part)?.drawn)
      const names = new Map(states.flatMap((both) => both.flatMap((parts) => [...parts].map(([part, { name }]) => [part, name] as const))))
      const same = [...names].filter(([part]) => !differs(part))
      // A picture keeps something besides plumb lines, whatever else tells its two states apart.
      return [id, new Map([...names.keys()].some((part) => !part.startsWith(MARKER) && differs(part)) ? same : [])]
    }),
  )
  return {
    traces: [without(left, alike), without(right, alike)],
    leftOut: [...new Set([...alike.values()].flatMap((same) => [...same.values()].flatMap((name) => name ?? [])))],
  }
}

function partsOf(trace: TraceView, step: number, id: string, side: string): Parts {
  const picture = propsAt(trace, step, id)?.picture
  switch (picture?.kind) {
    case 'extent-strip':
      return new Map([
        ...picture.lanes.map(({ id: lane, title, spans }) => [lane, { name: title, drawn: JSON.stringify(spans) }] as const),
        ...picture.markers.map((marker) => [markerPart(marker), { name: marker.name, drawn: JSON.stringify(marker) }] as const),
      ])
    case 'record':
      return new Map(picture.fields.map((field) => [field.name, { name: null, drawn: JSON.stringify([field, picture.gone]) }]))
    case 'locks': {
      const waits = blockedAt(trace, step)
      return new Map(
        picture.rows.map((row) => {
          const waiting = waits.filter(({ on, heldBy }) => isInTheWay(row, on, heldBy))
          return [row.id, { name: row.range === null ? row.name : `${row.name} ${row.range}`, drawn: JSON.stringify([row, waiting]) }]
        }),
      )
    }
    case 'tree-leaf':
      return new Map(picture.leaves.flatMap((leaf) => partsOfLeaf(picture, leaf, side)))
    default:
      return new Map()
  }
}

const MARKER = 'marker '
const markerPart = ({ id }: Marker): string => MARKER + id

/** Where a cursor stands at some time, its side is part of what is drawn: such an item is not the same as another, and stays. */
function partsOfLeaf({ title, cursor, leaves }: TreeLeaf, leaf: Leaf, side: string): [string, { name: string | null; drawn: string }][] {
  const at = (here: boolean): string | null => (here ? side : null)
  const inside =
    cursor !== null && (leaf.items.some(({ id }) => id === cursor.before) || (cursor.before === null && leaf === leaves.at(-1)))
  return [
    [leaf.id, { name: `${title}: ${leaf.title}`, drawn: JSON.stringify([leaf, at(inside)]) }],
    ...leaf.items.map((item): [string, { name: null; drawn: string }] => [
      `${leaf.id} ${item.id}`,
      { name: null, drawn: JSON.stringify([item, at(cursor?.before === item.id)]) },
    ]),
  ]
}

function without(trace: TraceView, alike: ReadonlyMap<string, Same>): TraceView {
  const short = (picture: Picture): Picture => {
    const same = alike.get(picture.id)
    return same === undefined || same.size === 0 ? picture : shortened(picture, same)
  }
  return { ...trace, frames: trace.frames.map((frame) => ({ ...frame, changed: frame.changed.map(short) })) }
}

function shortened(picture: Picture, same: Same): Picture {
  switch (picture.kind) {
    case 'extent-strip':
      return {
        ...picture,
        lanes: picture.lanes.filter(({ id }) => !same.has(id)),
        markers: picture.markers.filter((marker) => !same.has(markerPart(marker))),
      }
    case 'locks':
      return { ...picture, rows: picture.rows.filter(({ id }) => !same.has(id)) }
    case 'record': {
      const kept = picture.fields.filter(({ name }) => !same.has(name))
      const folded = picture.fields.length - kept.length
      const more: Field = { name: `${folded} more`, value: BOTH }
      return folded < 2 ? picture : { ...picture, fields: [...kept, more] }
    }
    case 'tree-leaf': {
      const leaves = picture.leaves.filter((leaf) => !same.has(leaf.id))
      return { ...picture, leaves: leaves.map((leaf) => ({ ...leaf, items: folded(leaf.items, (id) => same.has(`${leaf.id} ${id}`)) })) }
    }
    default:
      return picture
  }
}

const BOTH = 'the same on both sides'

/** The items of a leaf, with one line for each stretch of those that are the same. One alone needs no fewer lines so. */
function folded(items: readonly LeafItem[], isSame: (id: string) => boolean): readonly LeafItem[] {
  const out: LeafItem[] = []
  for (let i = 0; i < items.length; i++) {
    const ends = items.slice(i).findIndex(({ id }) => !isSame(id))
    const length = ends < 0 ? items.length - i : ends
    const item = items[i]
    if (!item) break
    if (length < 2) out.push(item)
    else {
      out.push({ id: `same from ${item.id}`, key: `${length} items`, payload: BOTH, covers: null })
      i += length - 1
    }
  }
  return out
}
