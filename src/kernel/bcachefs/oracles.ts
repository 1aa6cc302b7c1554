/**
 * Oracles for buffered I/O. Wordings and ids: facts bcachefs-buffered-write 8. They know calls, the page cache and locks;
 * of the write path they know nothing. Those that compare histories are in `oracles.order.ts`.
 */
import { alignUp, overlaps, range, size } from '../../base/range.ts'
import { always, monitor, type Oracle } from '../../engine/oracle.ts'
import type { Letter } from '../../engine/view.ts'
import { PAGE } from '../mm/world.ts'
import { clip, gaps, valueOf, type Run } from '../lib/runs.ts'
import { endOfFiles, visible } from './folios.ts'
import { changed } from './serial.ts'
import type { BcachefsWorld, Operation } from './world.ts'

/** Could this operation have changed bytes of that write after it took effect: is it not known to have been over before? */
const mayFollow = (s: BcachefsWorld, id: string, write: Operation): boolean => {
  const other = s.ops[id]
  if (!other?.invoked || other === write || other.kind === 'read' || write.after.includes(id)) return false
  return overlaps(write, other.kind === 'truncate' ? { from: other.from, to: endOfFiles } : other)
}

/** Bytes that a write was told it wrote and that a read does not find, with nobody else to have changed them. */
export const lost = (s: BcachefsWorld): { readonly task: Letter; readonly part: Run }[] =>
  Object.values(s.ops).flatMap((write) => {
    const part = write.kind === 'write' ? changed(write) : null
    if (part === null || Object.keys(s.ops).some((id) => mayFollow(s, id, write))) return []
    return visible(s, part.from, part.to)
      .filter((run) => run.stamp !== write.stamp)
      .map((run) => ({ task: write.task, part: run }))
  })

const acknowledged: Oracle<BcachefsWorld> = always({
  id: 'P1',
  kind: 'verdict',
  says: 'once a write has returned n, a read of those n bytes finds them, unless an overlapping write or truncate was not over when it was invoked',
  watch: ['ops', 'mapping', 'fresh', 'btree'],
  judge: (s) => {
    const [first] = lost(s)
    if (!first) return null
    const { from, to, stamp } = first.part
    return `${first.task}'s write of ${range(from, to)} was acknowledged, but a read finds ${valueOf(stamp) === '0' ? 'zeros' : stamp} there`
  },
})

/** Stretches that were cached before and are not any more. */
const removed = (before: BcachefsWorld, after: BcachefsWorld): Run[] =>
  before.mapping.runs.flatMap((run) => gaps(after.mapping.runs, run.from, run.to).map((gap) => ({ ...run, ...gap })))

const dirtyFolios: Oracle<BcachefsWorld> = monitor<BcachefsWorld, object>({
  id: 'P2',
  kind: 'verdict',
  says: 'a dirty folio leaves the page cache only through completed writeback, or a truncate system call whose range covers it',
  watch: ['mapping'],
  start: {},
  observe: (_memory, before, after, { task }) => {
    const gone = removed(before, after).find((part) => clip(before.mapping.runs, part.from, part.to).some((run) => run.dirty))
    if (!gone) return null
    const op = after.ops[task]
    if (op?.kind === 'truncate' && op.invoked && op.returned === null && op.from <= gone.from) return null
    return `${task} removed the dirty folios ${range(gone.from, gone.to)}, which hold ${gone.stamp}, and is no truncate`
  },
})

const lockDiscipline: Oracle<BcachefsWorld> = monitor<BcachefsWorld, object>({
  id: 'P3',
  kind: 'verdict',
  says: 'folios are removed only by a task that holds the inode lock, or the pagecache lock in its blocking state',
  watch: ['mapping'],
  start: {},
  observe: (_memory, before, after, { task }) => {
    const [gone] = removed(before, after)
    if (!gone || before.locks.i_rwsem.holders.includes(task)) return null
    if (before.pcl.mode === 'block' && before.pcl.holders.includes(task)) return null
    return `${task} removed folios in ${range(gone.from, gone.to)} without the inode lock or the pagecache lock in its blocking state`
  },
})

const position: Oracle<BcachefsWorld> = monitor<BcachefsWorld, object>({
  id: 'P4',
  kind: 'verdict',
  says: 'write(2) moves the file position by what it returns',
  watch: ['calls'],
  start: {},
  observe: (_memory, before, after, { task }) => {
    const returned = after.calls[task]?.returned ?? null
    const [fd, file] = Object.entries(before.files).find(([, { lock }]) => lock === task) ?? []
    if (fd === undefined || !file || returned === null || before.calls[task]?.returned !== null) return null
    const moved = (after.files[fd]?.f_pos ?? 0) - file.f_pos
    return moved === Math.max(returned, 0)
      ? null
      : `${task}'s write() returned ${returned}, but the file position of ${fd} moved by ${moved}`
  },
})

const sizeShrinks: Oracle<BcachefsWorld> = monitor<BcachefsWorld, object>({
  id: 'P6',
  kind: 'verdict',
  says: 'i_size never decreases without a truncate',
  watch: ['inode'],
  start: {},
  observe: (_memory, before, after, { task }) => {
    if (after.inode.i_size >= before.inode.i_size || after.ops[task]?.kind === 'truncate') return null
    return `${task} took i_size from ${size(before.inode.i_size)} to ${size(after.inode.i_size)}, and is no truncate`
  },
})

const dirtyPastEnd: Oracle<BcachefsWorld> = always({
  id: 'P7',
  kind: 'verdict',
  says: 'when all locks are free, no folio that lies wholly at or beyond i_size is dirty',
  watch: ['mapping', 'inode', 'locks', 'pcl'],
  judge: (s) => {
    if (s.locks.i_rwsem.mode !== 'free' || s.pcl.mode !== 'free' || s.mapping.locked.length > 0) return null
    const past = clip(s.mapping.runs, alignUp(s.inode.i_size, PAGE), endOfFiles).find((run) => run.dirty)
    return past ? `the folios ${range(past.from, past.to)} are dirty, and i_size is ${size(s.inode.i_size)}` : null
  },
})

/** Not in the facts' list: section 4 says that the BUG() of the write path cannot be reached. */
const noBug: Oracle<BcachefsWorld> = always({
  id: 'BUG',
  kind: 'verdict',
  says: 'no task runs into a BUG() (ours, beside P1 to P7)',
  watch: ['dmesg'],
  judge: (s) => s.dmesg.find(({ text }) => text.startsWith('kernel BUG'))?.text ?? null,
})

export const stateOracles: readonly Oracle<BcachefsWorld>[] = [
  acknowledged,
  dirtyFolios,
  lockDiscipline,
  position,
  sizeShrinks,
  dirtyPastEnd,
  noBug,
]
