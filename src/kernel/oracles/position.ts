/** Oracles for file positions: write(2) moves the position of its open file, and the next one begins there. */
import { overlaps, range, size } from '../../base/range.ts'
import { finallyHolds, monitor, type Oracle } from '../../engine/oracle.ts'
import { changed, type History } from '../vfs/history.ts'
import { fileEnd, ranges, type FileWorld, type Shown } from './shown.ts'

/** P4 of bcachefs, O1 of ext4. An O_APPEND write has to be in the history: it begins where it was put, not at the position. */
export const positionMoves = <W extends FileWorld & History>(id: string): Oracle<W> =>
  monitor<W, object>({
    id,
    kind: 'verdict',
    name: 'position moves by bytes written',
    says: 'write(2) moves the file position by what it returns',
    watch: ['calls'],
    start: {},
    observe: (_memory, before, after, { task }) => {
      const returned = after.calls[task]?.returned ?? null
      const [fd, file] = Object.entries(before.files).find(([, { f_pos_lock }]) => f_pos_lock === task) ?? []
      if (fd === undefined || !file || returned === null || before.calls[task]?.returned !== null) return null
      const now = after.files[fd]?.f_pos ?? 0
      const appended = after.kiocbs[task]?.append && returned > 0 ? after.ops[task] : undefined
      const wanted = (appended?.from ?? file.f_pos) + Math.max(returned, 0)
      if (now === wanted) return null
      const call = /^\w+/.exec(after.calls[task]?.text ?? '')?.[0] ?? 'call'
      const wrong = appended ? `is ${size(now)}, not ${size(wanted)}, where its bytes end` : `moved by ${size(now - file.f_pos)}`
      return {
        says: `${task}'s ${call}() returned ${size(returned)}, but the file position of ${fd} ${wrong}`,
        marks: [{ in: `file:${fd}`, part: 'f_pos' }],
      }
    },
  })

/**
 * O3 of ext4, for operations (by name) that one program does one after the other with write(2) on a descriptor that nobody
 * else uses and that was opened without O_APPEND.
 */
export const successiveWrites = <W extends FileWorld & History>(id: string, shown: Shown<W>, writes: readonly string[]): Oracle<W> =>
  finallyHolds<W>({
    id,
    kind: 'verdict',
    name: 'successive writes do not overlap',
    says: 'with one writer that does not seek, the ranges of its writes do not overlap, and the file is as long as all of them',
    judge: (s) => {
      const parts = writes.flatMap((name) => (s.ops[name] ? (changed(s.ops[name]) ?? []) : []))
      for (const [i, part] of parts.entries()) {
        const other = parts.slice(0, i).find((earlier) => overlaps(earlier, part))
        if (other)
          return {
            says: `two writes in a row went to ${range(other.from, other.to)} and ${range(part.from, part.to)}`,
            marks: ranges(shown.lanes.content, [{ from: Math.max(other.from, part.from), to: Math.min(other.to, part.to) }]),
          }
      }
      const sum = parts.reduce((total, { from, to }) => total + to - from, 0)
      return s.inode.i_size >= sum
        ? null
        : { says: `the writes add up to ${size(sum)}, but i_size is ${size(s.inode.i_size)}`, marks: [fileEnd] }
    },
  })
