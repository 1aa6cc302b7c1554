/** Log trees in a dump, each beside the tree that it would be replayed onto, if that is in the same text. */
import { inodesOf, type InodeItems } from './dump-tree.ts'
import type { Row } from './layout.ts'
import { unquote } from './unquote.ts'

/** An EXTENT_DATA item: the bytes that it is of, what they are, where they are on disk. */
export type PastedItem = Pick<Row, 'from' | 'to' | 'kind' | 'disk'>

/** What a dump says of one inode in a tree. */
export interface PastedTree {
  readonly items: readonly PastedItem[]
  /** Of its INODE_ITEM, if that is there. */
  readonly size: number | null
  /** Items may be missing. */
  readonly partial: boolean
}

export interface PastedLog {
  readonly name: string
  /** Which of the document's files are the log and the subvolume's; -1 where there is none. */
  readonly at: number
  readonly committedAt: number
  readonly log: PastedTree
  /** The same inode in a tree of files; null where the text has none. */
  readonly committed: PastedTree | null
}

const treeOf = ({ listed: { rows, size, elided, openEnd } }: InodeItems): PastedTree => ({
  items: rows.map(({ from, to, kind, disk }) => ({ from, to, kind, disk })),
  size,
  partial: elided || openEnd || rows.some(({ afterElision }) => afterElision),
})

/** The logs of a text, an inode each; none where no line says that a tree is one. */
export function logsIn(text: string): PastedLog[] {
  const { inodes } = inodesOf(unquote(text).lines, new Set())
  return inodes.flatMap((one, at): PastedLog[] => {
    if (one.owner !== 'TREE_LOG') return []
    const committedAt = inodes.findIndex(({ owner, ino }) => ino === one.ino && owner !== null && owner !== 'TREE_LOG')
    const committed = inodes[committedAt]
    return [{ name: `inode ${one.ino}`, at, committedAt, log: treeOf(one), committed: committed ? treeOf(committed) : null }]
  })
}
