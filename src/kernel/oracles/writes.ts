/** Oracles for a single writer, appending or not. Ours; what write() promises. They know callers, positions and content, nothing else. */
import { range, size } from '../../base/range.ts'
import { monitor, recorder, type Mark, type Oracle, type Recorder } from '../../engine/oracle.ts'
import type { Letter } from '../../engine/view.ts'
import { clip } from '../lib/runs.ts'
import { fileEnd, ranges, type FileWorld, type Shown } from './shown.ts'

/** Where each write that does not append began, by task. */
interface Begun {
  at: Record<Letter, number>
}

/** Remembers positions before they move. */
const beginnings = <W extends FileWorld>(): Recorder<W, Begun> =>
  recorder<W, Begun>({
    id: 'beginnings',
    start: { at: {} },
    notes: [
      {
        watch: ['kiocbs'],
        follow: (memory, before) => {
          for (const letter of Object.keys(before.kiocbs)) {
            const iocb = before.kiocbs[letter]
            if (iocb && !iocb.append) memory.at[letter] ??= iocb.ki_pos
          }
        },
      },
    ],
  })

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

const writeKept = <W extends FileWorld>(id: string, shown: Shown<W>, over: Recorder<W, Begun>): Oracle<W> =>
  monitor<W, Begun>({
    id,
    kind: 'verdict',
    name: 'written bytes are in place',
    says: 'with no other writer, the bytes that a write was told it wrote are in the file once all of its I/O is done',
    over,
    watch: ['kiocbs', 'calls', ...shown.watch.quiet, ...shown.watch.mounts],
    judge: (memory, _before, after) => {
      for (const [letter, at] of Object.entries(memory.after.at)) {
        const count = after.calls[letter]?.returned ?? 0
        const isDone = count > 0 && shown.quiet(after, { from: at, to: at + count })
        const wrong = isDone && !shown.isDown(after) && shown.mounts(after) === 0 ? foreign(shown, after, letter, at, at + count) : null
        if (wrong !== null)
          return { says: `${letter} was told that ${size(count)} were written at ${size(at)}, but ${wrong.says}`, marks: wrong.marks }
      }
      return null
    },
  })

const syncWriteDurable = <W extends FileWorld>(id: string, shown: Shown<W>, over: Recorder<W, Begun>): Oracle<W> =>
  monitor<W, Begun>({
    id,
    kind: 'verdict',
    name: 'O_DSYNC writes survive a crash',
    says: 'an O_DSYNC write that was reported as done is there after a power failure',
    over,
    watch: shown.watch.mounts,
    judge: (memory, before, after) => {
      if (shown.mounts(after) === shown.mounts(before)) return null
      for (const [letter, at] of Object.entries(memory.after.at)) {
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

/** Ids: of the oracle of what is in the file, and of the one of what O_DSYNC promises for after a power failure. */
export function writeOracles<W extends FileWorld>(
  shown: Shown<W>,
  ids: { readonly kept: string; readonly durable: string },
): { readonly kept: Oracle<W>; readonly durable: Oracle<W> } {
  const over = beginnings<W>()
  return { kept: writeKept(ids.kept, shown, over), durable: syncWriteDurable(ids.durable, shown, over) }
}
