/** Log replay after a power failure. Source: facts fsync-log-tree 12.6 and section 4. */
import { alignUp } from '../../../base/range.ts'
import { canonical } from '../../../base/plain.ts'
import { replaceRange } from '../tree/extents.ts'
import { compareKeys, endOf, isExtent } from '../tree/tree.ts'
import { SECTOR, type Durable, type Item } from '../world.ts'

/** The subvolume's items after the next mount; a pure function of what is durable. */
export function replayLog(durable: Pick<Durable, 'items' | 'log'>, noHoles: boolean): Item[] {
  if (durable.log === null) return [...durable.items]
  let items = [...durable.items]
  const inode = durable.log.find((item) => item.type === 'INODE_ITEM')
  if (inode) {
    const end = alignUp(inode.size, SECTOR)
    items = replaceRange([...items.filter((item) => item.type !== 'INODE_ITEM'), inode], end, Number.MAX_SAFE_INTEGER, [])
  }
  for (const item of durable.log.filter(isExtent).sort(compareKeys)) {
    if (items.some((other) => compareKeys(other, item) === 0 && canonical(other) === canonical(item))) continue
    items = replaceRange(items, item.offset, endOf(item), item.disk === 0 && noHoles ? [] : [item])
  }
  for (const item of durable.log)
    if (item.type === 'INODE_REF' && !items.some((other) => compareKeys(other, item) === 0)) items = [...items, item].sort(compareKeys)
  return items
}

/** The size an inode item records; 0 if the inode is not there. */
export const sizeIn = (items: readonly Item[]): number => {
  const inode = items.find((item) => item.type === 'INODE_ITEM')
  return inode?.type === 'INODE_ITEM' ? inode.size : 0
}
