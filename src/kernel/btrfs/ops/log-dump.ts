/** The log tree as `btrfs inspect-internal dump-tree` prints it. */
import type { Item } from '../world.ts'

export interface LoggedExtent {
  readonly offset: number
  readonly kind: string
  readonly disk: number
  readonly diskLength: number
  readonly at: number
  readonly length: number
  /** Size in memory; not printed of a preallocated extent, so 0 there. */
  readonly ram: number
}

/** What a log says of one inode. */
export interface Logged {
  readonly size: number | null
  readonly extents: readonly LoggedExtent[]
  /** Disk ranges, one an item. */
  readonly csums: readonly { readonly disk: number; readonly length: number }[]
}

const empty: LoggedExtent = { offset: 0, kind: 'reg', disk: 0, diskLength: 0, at: 0, length: 0, ram: 0 }

/** Reads the lines of a dump; items of other inodes and of other kinds are passed over. */
export function parseLogDump(lines: readonly string[], ino: number): Logged {
  let size: number | null = null
  const extents: LoggedExtent[] = []
  const csums: { disk: number; length: number }[] = []
  /** What the lines that follow belong to. */
  let inside: 'inode' | 'extent' | 'csum' | 'other' = 'other'
  const change = (more: Partial<LoggedExtent>): void => void extents.push({ ...(extents.pop() ?? empty), ...more })
  for (const line of lines) {
    const key = /^\s*item \d+ key \((\S+) (\S+) (\d+)\)/.exec(line)
    if (key) {
      const [, oid, type, offset] = key
      inside = 'other'
      if (oid === String(ino) && type === 'INODE_ITEM') inside = 'inode'
      else if (oid === String(ino) && type === 'EXTENT_DATA') {
        inside = 'extent'
        extents.push({ ...empty, offset: Number(offset) })
      } else if (type === 'EXTENT_CSUM') inside = 'csum'
      continue
    }
    const found = (pattern: RegExp): number[] | null => pattern.exec(line)?.slice(1).map(Number) ?? null
    if (inside === 'inode') size ??= found(/ size (\d+)/)?.[0] ?? null
    if (inside === 'csum') {
      const range = found(/range start (\d+) end \d+ length (\d+)/)
      if (range) csums.push({ disk: range[0] ?? 0, length: range[1] ?? 0 })
    }
    if (inside !== 'extent') continue
    const type = /type \d+ \((\w+)\)/.exec(line)?.[1]
    if (type) change({ kind: type === 'prealloc' ? 'prealloc' : type === 'inline' ? 'inline' : 'reg' })
    const inline = found(/inline extent data size (\d+)/)
    if (inline) change({ ram: inline[0] ?? 0 })
    const disk = found(/ data disk byte (\d+) nr (\d+)/)
    if (disk) change({ disk: disk[0] ?? 0, diskLength: disk[1] ?? 0 })
    const part = found(/ data offset (\d+) nr (\d+)/)
    if (part) change({ at: part[0] ?? 0, length: part[1] ?? 0, ram: found(/ ram (\d+)/)?.[0] ?? 0 })
  }
  return { size, extents, csums }
}

/** The same of the model's log. */
export function loggedOf(items: readonly Item[], ino: number): Logged {
  const own = items.filter((item) => item.oid === ino)
  const inode = own.find((item) => item.type === 'INODE_ITEM')
  return {
    size: inode?.type === 'INODE_ITEM' ? inode.size : null,
    extents: own.flatMap((item): LoggedExtent[] => {
      if (item.type !== 'EXTENT_DATA') return []
      const { offset, kind, disk, diskLength, at, length, ram } = item
      if (kind === 'inline') return [{ ...empty, offset, kind, ram }]
      return [{ offset, kind, disk, diskLength, at, length, ram: kind === 'prealloc' ? 0 : ram }]
    }),
    csums: items.flatMap((item) => (item.type === 'EXTENT_CSUM' ? [{ disk: item.offset, length: item.length }] : [])),
  }
}
