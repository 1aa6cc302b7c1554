/** What a write was told is in the file: that it is found, and that what was promised for after a power failure is found then. */
import { range, type Range } from '../../base/range.ts'
import { always, monitor, type Oracle } from '../../engine/oracle.ts'
import type { Letter } from '../../engine/view.ts'
import { gaps, valueOf } from '../lib/runs.ts'
import { changed, mayFollow, type History, type Operation } from '../vfs/history.ts'
import { fileEnd, ranges, type FileWorld, type Shown } from './shown.ts'

type Recorded = FileWorld & History

interface Lost {
  readonly task: Letter
  readonly part: Range
  /** What is there instead; null where the file has ended. */
  readonly stamp: string | null
}

/** Bytes that one of these writes was told it wrote and that a read does not find, with nobody else to have changed them. */
function lost<W extends Recorded>(shown: Shown<W>, s: W, writes: (op: Operation, id: string) => boolean): Lost[] {
  return Object.entries(s.ops).flatMap(([name, write]) => {
    const part = write.kind === 'write' && writes(write, name) ? changed(write) : null
    if (part === null || Object.keys(s.ops).some((id) => mayFollow(s, id, write))) return []
    const found = shown.content(s, part.from, part.to)
    return [
      ...found.filter((run) => run.stamp !== write.stamp).map((run) => ({ task: write.task, part: run, stamp: run.stamp })),
      ...gaps(found, part.from, part.to).map((gap) => ({ task: write.task, part: gap, stamp: null })),
    ].sort((a, b) => a.part.from - b.part.from)
  })
}

const foundInstead = (stamp: string | null): string => (stamp === null ? 'nothing' : valueOf(stamp) === '0' ? 'zeros' : stamp)

const marksOf = <W>(shown: Shown<W>, all: readonly Lost[]) => [
  ...ranges(
    shown.lanes.content,
    all.map(({ part }) => part),
  ),
  ...(all.some(({ stamp }) => stamp === null) ? [fileEnd] : []),
]

/** P1 of bcachefs, O2 of ext4. */
export const acknowledged = <W extends Recorded>(id: string, shown: Shown<W>): Oracle<W> =>
  always<W>({
    id,
    kind: 'verdict',
    name: 'acknowledged writes can be read',
    says: 'once a write has returned n, a read of those n bytes finds them, unless an overlapping write or truncate was not over when it was invoked',
    watch: ['ops', ...shown.watch.content],
    judge: (s) => {
      const all = lost(shown, s, () => true)
      const [first] = all
      if (!first) return null
      const { task, part, stamp } = first
      return {
        says: `${task}'s write of ${range(part.from, part.to)} was acknowledged, but a read finds ${foundInstead(stamp)} there`,
        marks: marksOf(shown, all),
      }
    },
  })

/** Was this write promised for: opened with O_DSYNC, or over before a sync that returned 0 began? */
const isPromised =
  (s: Recorded) =>
  (write: Operation, name: string): boolean =>
    s.kiocbs[write.task]?.dsync === true ||
    Object.values(s.ops).some((op) => op.kind === 'sync' && op.returned === 0 && op.after.includes(name))

/** O4 of ext4. It is judged when the file is there again. */
export const promisesKept = <W extends Recorded>(id: string, shown: Shown<W>): Oracle<W> =>
  monitor<W, object>({
    id,
    kind: 'verdict',
    name: 'promised writes survive a crash',
    says: 'after a power failure an O_DSYNC write that returned n, or a write that was over before an fsync that returned 0, is in the file, unless changed later',
    watch: shown.watch.mounts,
    start: {},
    observe: (_memory, before, after) => {
      if (shown.mounts(after) === shown.mounts(before)) return null
      const all = lost(shown, after, isPromised(after))
      const [first] = all
      if (!first) return null
      const { task, part, stamp } = first
      return {
        says: `${task}'s write of ${range(part.from, part.to)} was promised to be durable, but after the mount a read finds ${foundInstead(stamp)} there`,
        marks: marksOf(shown, all),
      }
    },
  })
