/** Oracles for a single writer, appending or not. Ours; what write() promises. They know callers, positions and content, nothing else. */
import { range, size } from '../../base/range.ts'
import { monitor, type Oracle } from '../../engine/oracle.ts'
import type { Letter } from '../../engine/view.ts'
import { clip } from '../lib/runs.ts'
import { layoutOf } from './tree/extents.ts'
import { allItems } from './tree/tree.ts'
import type { BtrfsWorld } from './world.ts'

/** Where each write that does not append began, by task. */
interface Begun {
  at: Record<Letter, number>
}

/** Remembers positions before they move. */
function follow(memory: Begun, before: BtrfsWorld): void {
  for (const [letter, iocb] of Object.entries(before.kiocbs)) if (!iocb.append) memory.at[letter] ??= iocb.ki_pos
}

const writtenBy = (stamp: string | null, letter: Letter): boolean => stamp === letter || stamp === `0${letter}`

/** What of [from, to) is on disk and in the trees, but not of this task's writing. */
function foreign(s: BtrfsWorld, letter: Letter, from: number, to: number): string | null {
  const piece = clip(layoutOf(allItems(s.subvol), s.disk.data, s.inode.i_size), from, to).find(({ stamp }) => !writtenBy(stamp, letter))
  if (s.inode.i_size < to) return `i_size is ${size(s.inode.i_size)}, less than ${size(to)}`
  if (!piece) return null
  return `${range(piece.from, piece.to)} is ${piece.kind === 'data' ? `still ${piece.stamp}` : 'a hole'}`
}

export const writeKept: Oracle<BtrfsWorld> = monitor<BtrfsWorld, Begun>({
  id: 'W1',
  kind: 'verdict',
  says: 'with no other writer, the bytes that a write was told it wrote are in the file once all of its I/O is done',
  watch: ['kiocbs', 'calls', 'ordered', 'mapping'],
  start: { at: {} },
  observe: (memory, before, after) => {
    follow(memory, before)
    const { runs, locked } = after.mapping
    if (after.ordered.length > 0 || locked.length > 0 || runs.some((run) => run.dirty || run.writeback)) return null
    for (const [letter, at] of Object.entries(memory.at)) {
      const count = after.calls[letter]?.returned ?? 0
      const wrong = count > 0 && !after.fs.down && after.fs.mounts === 0 ? foreign(after, letter, at, at + count) : null
      if (wrong !== null) return `${letter} was told that ${size(count)} were written at ${size(at)}, but ${wrong}`
    }
    return null
  },
})

export const syncWriteDurable: Oracle<BtrfsWorld> = monitor<BtrfsWorld, Begun>({
  id: 'W2',
  kind: 'verdict',
  says: 'an O_DSYNC write that was reported as done is there after a power failure',
  watch: ['kiocbs', 'fs'],
  start: { at: {} },
  observe: (memory, before, after) => {
    follow(memory, before)
    if (after.fs.mounts === before.fs.mounts) return null
    for (const [letter, at] of Object.entries(memory.at)) {
      const count = after.calls[letter]?.returned ?? 0
      const wrong = count > 0 && after.kiocbs[letter]?.dsync ? foreign(after, letter, at, at + count) : null
      if (wrong !== null)
        return `${letter} was told that ${size(count)} were written at ${size(at)} and synced, but after the mount ${wrong}`
    }
    return null
  },
})
