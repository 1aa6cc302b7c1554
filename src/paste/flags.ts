/** Flags of FIEMAP, as filefrag names them, and what they say an extent is. */
import type { Kind } from './layout.ts'

/** include/uapi/linux/fiemap.h; the names are those of filefrag in e2fsprogs. */
const names: readonly (readonly [number, string])[] = [
  [0x1, 'last'],
  [0x2, 'unknown_loc'],
  [0x4, 'delalloc'],
  [0x8, 'encoded'],
  [0x80, 'encrypted'],
  [0x100, 'not_aligned'],
  [0x200, 'inline'],
  [0x400, 'tail_packed'],
  [0x800, 'unwritten'],
  [0x1000, 'merged'],
  [0x2000, 'shared'],
]
const known = names.reduce((bits, [bit]) => bits | bit, 0)

/** The words that can stand in filefrag's last column. */
export const flagWords: ReadonlySet<string> = new Set([...names.map(([, name]) => name), 'eof'])

/** The names of FIEMAP's bits, in alphabetical order; bits without a name as one number. */
export function flagNames(bits: number): string[] {
  const named = names.flatMap(([bit, name]) => ((bits & bit) === 0 ? [] : [name]))
  const rest = (bits & ~known) >>> 0
  return [...named, ...(rest === 0 ? [] : [`0x${rest.toString(16)}`])].sort()
}

/** What an extent with these flags is. */
export function kindOf(flags: readonly string[]): Kind {
  if (flags.includes('delalloc')) return 'delalloc'
  if (flags.includes('unwritten')) return 'unwritten'
  return flags.includes('inline') ? 'inline' : 'data'
}

/** Has an extent with these flags a place on disk that its row tells? */
export const hasPlace = (flags: readonly string[]): boolean => !['delalloc', 'unknown_loc', 'inline'].some((flag) => flags.includes(flag))
