/** Pictures of the page cache and of user buffers. */
import { range } from '../../base/range.ts'
import type { Letter } from '../../engine/view.ts'
import type { BufferRun, Lane, LockRow, Span, UserBuffer } from '../../picture/picture.ts'
import { span } from '../lib/draw.ts'
import { clip, gaps } from '../lib/runs.ts'
import { PAGE, type CacheRun, type MmWorld } from './world.ts'

/** Whose hue a stamp takes; null = nobody's. */
export type Owner = (stamp: string | null) => Letter | null

const fillOf = (run: CacheRun): Span['fill'] => (run.writeback ? 'writeback' : run.dirty ? 'dirty' : 'clean')

/** The page cache. Pages that are not uptodate are there, but nobody may read them: they have no content to name. */
export const cacheLane = (s: MmWorld, owner: Owner): Lane => ({
  id: 'cache',
  title: 'page cache',
  spans: s.mapping.runs
    .flatMap((run) => [
      ...clip(s.mapping.fresh, run.from, run.to).map((part) => span(`n${part.from}`, part, 'new', null, null)),
      ...gaps(s.mapping.fresh, run.from, run.to).map((part) =>
        span(`c${part.from}`, part, fillOf(run), run.stamp, owner(run.stamp), run.dirty ? 'dirty' : null),
      ),
    ])
    .sort((a, b) => a.from - b.from),
})

/** Who has pages locked, over the file's offsets. */
export const lockedPagesLane = (s: MmWorld): Lane => ({
  id: 'folio-locks',
  title: 'locked folios',
  spans: s.mapping.locked.map((lock) =>
    span(`l${lock.by}${lock.from}`, lock, 'locked', lock.by, lock.by, `${lock.by} has ${range(lock.from, lock.to)} locked`),
  ),
})

/** The page locks, as rows of a table of locks. */
export const pageLockRows = (s: MmWorld): LockRow[] =>
  s.mapping.locked.map(({ from, to, by }) => ({
    id: `page:${by}:${from}`,
    name: 'page lock',
    mode: 'exclusive',
    holders: [by],
    range: range(from, to),
  }))

/** `iter`: where the iov_iter stands in it; null = it has none. */
export function drawBuffer(s: MmWorld, letter: Letter, iter: number | null): UserBuffer {
  const state: MmWorld['buffers'][string] = s.buffers[letter] ?? { length: 0, content: [], present: [], pinned: [] }
  const borders = [...state.content, ...state.present, ...state.pinned].flatMap((part) => [part.from, part.to])
  const edges = [...new Set([0, state.length, ...borders])].filter((at) => at <= state.length).sort((a, b) => a - b)
  const within = (parts: readonly { from: number; to: number }[], at: number): boolean =>
    parts.some((part) => part.from <= at && at < part.to)
  const runs: BufferRun[] = edges.slice(0, -1).map((from, i) => ({
    id: `p${from}`,
    firstPage: from / PAGE,
    pages: ((edges[i + 1] ?? from) - from) / PAGE,
    content: state.content.find((run) => run.from <= from && from < run.to)?.stamp ?? null,
    present: within(state.present, from),
    pinned: within(state.pinned, from),
  }))
  return {
    kind: 'user-buffer',
    id: `buffer:${letter}`,
    title: state.guest ? "the guest's page" : `user buffer of ${letter}`,
    owner: letter,
    pages: Math.ceil(state.length / PAGE),
    runs,
    iter,
  }
}
