/** Oracles for a single writer, appending or not. Ours; what write() promises. They know callers, positions and content, nothing else. */
import { range, size } from '../../base/range.ts'
import { monitor, type Mark, type Oracle } from '../../engine/oracle.ts'
import type { Letter } from '../../engine/view.ts'
import { clip } from '../lib/runs.ts'
import { fileEnd, ranges, type FileWorld, type Shown } from './shown.ts'

/** Where each write that does not append began, by task. */
interface Begun {
  at: Record<Letter, number>
}

/** Remembers positions before they move. */
function follow(memory: Begun, before: FileWorld): void {
  for (const [letter, iocb] of Object.entries(before.kiocbs)) if (!iocb.append) memory.at[letter] ??= iocb.ki_pos
}

const writtenBy = (stamp: string | null, letter: Letter): boolean => stamp === letter || stamp === `0${letter}`

/** What of [from, to) is on disk and in the file's maps, but not of this task's writing; null if nothing is. */
function foreign<W extends FileWorld>(
  shown: Shown<W>,
  s: W,
  letter: Letter,
  from: number,
  to: number,
): { readonly says: string; readonly marks: readonly Mark[] } | null {
  const pieces = clip(shown.layout(s), from, to).filter(({ stamp }) => !writtenBy(stamp, letter))
  const marks = ranges(shown.lanes.layout, pieces)
  if (s.inode.i_size < to) return { says: `i_size is ${size(s.inode.i_size)}, less than ${size(to)}`, marks: [...marks, fileEnd] }
  const [piece] = pieces
  if (!piece) return null
  return { says: `${range(piece.from, piece.to)} is ${piece.kind === 'data' ? `still ${piece.stamp}` : 'a hole'}`, marks }
}

export const writeKept = <W extends FileWorld>(id: string, shown: Shown<W>): Oracle<W> =>
  monitor<W, Begun>({
    id,
    kind: 'verdict',
    says: 'with no other writer, the bytes that a write was told it wrote are in the file once all of its I/O is done',
    watch: ['kiocbs', 'calls', ...shown.watch.quiet],
    start: { at: {} },
    observe: (memory, before, after) => {
      follow(memory, before)
      if (!shown.quiet(after)) return null
      for (const [letter, at] of Object.entries(memory.at)) {
        const count = after.calls[letter]?.returned ?? 0
        const wrong = count > 0 && !shown.isDown(after) && shown.mounts(after) === 0 ? foreign(shown, after, letter, at, at + count) : null
        if (wrong !== null)
          return { says: `${letter} was told that ${size(count)} were written at ${size(at)}, but ${wrong.says}`, marks: wrong.marks }
      }
      return null
    },
  })

export const syncWriteDurable = <W extends FileWorld>(id: string, shown: Shown<W>): Oracle<W> =>
  monitor<W, Begun>({
    id,
    kind: 'verdict',
    says: 'an O_DSYNC write that was reported as done is there after a power failure',
    watch: ['kiocbs', ...shown.watch.mounts],
    start: { at: {} },
    observe: (memory, before, after) => {
      follow(memory, before)
      if (shown.mounts(after) === shown.mounts(before)) return null
      for (const [letter, at] of Object.entries(memory.at)) {
        const count = after.calls[letter]?.returned ?? 0
        const wrong = count > 0 && after.kiocbs[letter]?.dsync ? foreign(shown, after, letter, at, at + count) : null
        if (wrong !== null)
          return {
            says: `${letter} was told that ${size(count)} were written at ${size(at)} and synced, but after the mount ${wrong.says}`,
            marks: wrong.marks,
          }
      }
      return null
    },
  })
