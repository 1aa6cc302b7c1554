import type { Leaf, LeafItem, TreeLeaf } from '../picture/picture.ts'
import { changesBetween, type Change } from './changes.ts'
import { Figure } from './figure.tsx'
import { hueStyle } from './hue.ts'
import { ChangeIcon, DamageIcon, TaskBadge } from './marks.tsx'
import { drawnOnce } from './memo.ts'
import './tables.css'

/** Leaves of a b-tree with their items, who holds which leaf's lock, and the search cursor between the items. */
export function TreeLeafLens({ picture, previous = null }: { picture: TreeLeaf; previous?: TreeLeaf | null }) {
  const items = (tree: TreeLeaf) => tree.leaves.flatMap((leaf) => leaf.items)
  const changes = changesBetween(previous ? items(previous) : null, items(picture))
  const leaves = changesBetween(previous?.leaves ?? null, picture.leaves)
  return (
    <Figure title={picture.title} kind="tree">
      <div className="leaf-row">
        {picture.leaves.map((leaf, i) => (
          <LeafBox
            key={leaf.id}
            leaf={leaf}
            cursor={picture.cursor}
            atEnd={picture.cursor?.before === null && i === picture.leaves.length - 1}
            cursorMoved={previous !== null && cursorText(previous) !== cursorText(picture)}
            change={changes.of}
            gone={goneFrom(leaf, leaves.before(leaf.id), changes.gone)}
          />
        ))}
        {picture.leaves.length === 0 && <p className="lens-quiet leaf-none">no leaf</p>}
      </div>
    </Figure>
  )
}

const cursorText = ({ cursor }: TreeLeaf) => JSON.stringify(cursor)

/** Items that this leaf had and no leaf has any more. */
const goneFrom = (leaf: Leaf, before: Leaf | null, gone: readonly LeafItem[]) =>
  (before?.items ?? []).filter((item) => gone.some((lost) => lost.id === item.id) && !leaf.items.some((kept) => kept.id === item.id))

interface LeafProps {
  readonly leaf: Leaf
  readonly cursor: TreeLeaf['cursor']
  readonly atEnd: boolean
  readonly cursorMoved: boolean
  readonly change: (id: string) => Change
  readonly gone: readonly LeafItem[]
}

function LeafBox({ leaf, cursor, atEnd, cursorMoved, change, gone }: LeafProps) {
  return (
    <section className="leaf" aria-label={leaf.title}>
      <header className="leaf-head">
        <span>{leaf.title}</span>
        <span className="leaf-lock">
          {leaf.locked === null ? (
            <span className="lens-quiet">not locked</span>
          ) : (
            <>
              locked by <TaskBadge task={leaf.locked} />
            </>
          )}
        </span>
      </header>
      <ol className="leaf-items">
        {leaf.items.map((item) => [
          cursor?.before === item.id ? <Cursor key="cursor" cursor={cursor} moved={cursorMoved} /> : null,
          <Item key={item.id} item={item} changed={change(item.id) !== 'same'} />,
        ])}
        {cursor && atEnd && <Cursor key="cursor" cursor={cursor} moved={cursorMoved} />}
        {leaf.items.length === 0 && <li className="leaf-item lens-quiet">no items</li>}
        {gone.map((item) => (
          <li key={`gone ${item.id}`} className="leaf-item is-gone">
            <ChangeIcon shown gone /> <del className="lens-mono">{item.key}</del>
          </li>
        ))}
      </ol>
    </section>
  )
}

const Item = drawnOnce(function Item({ item, changed }: { item: LeafItem; changed: boolean }) {
  return (
    <li className={item.damaged ? 'leaf-item is-damaged' : 'leaf-item'}>
      <ChangeIcon shown={changed} />
      <span className="leaf-key lens-mono">{item.key}</span>
      {item.damaged && <DamageIcon />}
      <span className="leaf-payload">{item.payload}</span>
      {item.covers && <span className="leaf-covers lens-mono">{item.covers}</span>}
    </li>
  )
})

/** A wedge that points between two items, as the search key stands between two keys. */
function Cursor({ cursor, moved }: { cursor: NonNullable<TreeLeaf['cursor']>; moved: boolean }) {
  return (
    <li className="leaf-cursor" style={hueStyle(cursor.task)}>
      <svg className="leaf-wedge" viewBox="0 0 12 12" aria-hidden="true">
        <path d="M0 0 L12 6 L0 12 Z" />
      </svg>
      <TaskBadge task={cursor.task} />
      <span>
        {cursor.name} <span className="lens-mono">{cursor.key}</span>
      </span>
      <ChangeIcon shown={moved} />
    </li>
  )
}
