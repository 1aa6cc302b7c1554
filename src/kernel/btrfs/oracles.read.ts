/** Oracles for direct reads. Wordings and ids: facts direct-io C.6. They know what was asked for and what the file holds, nothing else. */
import { range } from '../../base/range.ts'
import { always, finallyHolds, monitor, type Oracle } from '../../engine/oracle.ts'
import type { Letter } from '../../engine/view.ts'
import type { Dio } from '../iomap/world.ts'
import { clip, gaps, valueOf, type Run } from '../lib/runs.ts'
import { contentOf, layoutOf } from './tree/extents.ts'
import { allItems } from './tree/tree.ts'
import type { BtrfsWorld } from './world.ts'

/** A read that a task makes: under which letter its kiocb and buffer are, and what it asks for. */
export interface AskedRead {
  readonly io: Letter
  readonly pos: number
  readonly length: number
}

/** What a caller gets: the result that its completion event or its call carries; null while it waits. */
const resultOf = (s: BtrfsWorld, { io }: AskedRead): number | null =>
  s.requests[io] ? s.requests[io].res : (s.calls[io]?.returned ?? null)

/** How much there is to read. */
const available = (s: BtrfsWorld, { pos, length }: AskedRead): number => Math.max(0, Math.min(length, s.inode.i_size - pos))

const whole = (reads: readonly AskedRead[]): Oracle<BtrfsWorld> =>
  always({
    id: 'C-O1',
    kind: 'verdict',
    says: 'a successful read of n bytes at pos returns min(n, i_size - pos)',
    watch: ['requests', 'calls', 'inode'],
    judge: (s) => {
      for (const read of reads) {
        const result = resultOf(s, read)
        if (result !== null && result >= 0 && result !== available(s, read))
          return `the read of ${read.length} bytes at ${read.pos} ended with ${result}; there were ${available(s, read)} to read`
      }
      return null
    },
  })

/** Where two contents differ first; null if nowhere in [from, to). Bytes that no run covers are zero. */
function difference(a: readonly Run[], b: readonly Run[], from: number, to: number): number | null {
  const valueAt = (runs: readonly Run[], at: number): string => valueOf(runs.find((run) => run.from <= at && at < run.to)?.stamp ?? '0')
  const edges = [from, ...clip([...a, ...b], from, to).flatMap((run) => [run.from, run.to])].filter((at) => from <= at && at < to)
  return edges.sort((x, y) => x - y).find((at) => valueAt(a, at) !== valueAt(b, at)) ?? null
}

const faithful = (reads: readonly AskedRead[]): Oracle<BtrfsWorld> =>
  always({
    id: 'C-O2',
    kind: 'verdict',
    says: 'the bytes that a read says it read are those of the file; those beyond are as they were',
    watch: ['requests', 'calls', 'buffers'],
    judge: (s) => {
      for (const read of reads) {
        const result = resultOf(s, read)
        const buffer = s.buffers[read.io]?.content ?? []
        if (result === null || result < 0) continue
        const file = contentOf(layoutOf(allItems(s.subvol), s.disk.data, s.inode.i_size), s.mapping.runs, s.inode.i_size)
        const wanted = clip(file, read.pos, read.pos + result).map((run) => ({ ...run, from: run.from - read.pos, to: run.to - read.pos }))
        const wrong = difference(buffer, wanted, 0, result) ?? difference(buffer, [], result, read.length)
        if (wrong !== null) return `the read ended with ${result}, but byte ${wrong} of the buffer is not as it should be`
      }
      return null
    },
  })

interface Ended {
  /** Dios that have seen their last reference dropped, by the letter of their kiocb. */
  readonly zero: Record<Letter, true>
}

/** Does this change of one dio break the rules of a reference count? */
function misuse(letter: Letter, before: Dio | undefined, after: Dio | undefined, zero: Record<Letter, true>): string | null {
  if (!before) {
    delete zero[letter]
    return null
  }
  if (after && after.ref !== after.holders.length) return `dio->ref of ${letter} is ${after.ref}, but ${after.holders.length} hold it`
  if (after && after.ref > 0 && zero[letter]) return `dio->ref of ${letter} was 0 and is ${after.ref} again`
  if (after && after.ref === 0) {
    if (zero[letter] && before.ref > 0) return `dio->ref of ${letter} reached 0 twice`
    zero[letter] = true
  }
  // Before anything was submitted an error path frees it with the submitter's reference.
  if (!after && before.ref > (before.holders.includes('submitter') ? 1 : 0))
    return `the dio of ${letter} was freed with ${before.ref} references`
  return null
}

const counted: Oracle<BtrfsWorld> = monitor<BtrfsWorld, Ended>({
  id: 'C-O3',
  kind: 'verdict',
  says: 'dio->ref is the number of its holders and reaches 0 once; a dio is freed once, then',
  watch: ['dios'],
  start: { zero: {} },
  observe: ({ zero }, before, after) => {
    for (const letter of new Set([...Object.keys(before.dios), ...Object.keys(after.dios)])) {
      const wrong = misuse(letter, before.dios[letter], after.dios[letter], zero)
      if (wrong !== null) return wrong
    }
    return null
  },
})

const completedOnce: Oracle<BtrfsWorld> = finallyHolds({
  id: 'C-O4',
  kind: 'verdict',
  says: 'ki_complete is called once for each issue that returned -EIOCBQUEUED, and never otherwise; each request gets one event',
  judge: (s) => {
    for (const [letter, { queued, completions, posted }] of Object.entries(s.requests)) {
      if (queued !== completions) return `${queued} issues of ${letter} returned -EIOCBQUEUED, ki_complete was called ${completions} times`
      if (posted !== 1) return `the request of ${letter} got ${posted} events`
    }
    return null
  },
})

const covered = (reads: readonly AskedRead[]): Oracle<BtrfsWorld> =>
  always({
    id: 'C-O5',
    kind: 'verdict',
    says: 'when -EIOCBQUEUED is returned, what was submitted or done before covers the whole request',
    watch: ['dios', 'inode'],
    judge: (s) => {
      for (const read of reads) {
        const dio = s.dios[read.io]
        if (!dio || dio.ref === 0 || dio.wait_for_completion || dio.error !== 0 || dio.holders.includes('submitter')) continue
        const sum = dio.done_before + dio.size
        if (sum < available(s, read))
          return `nobody waits for the dio of ${read.io}, and ${range(read.pos + sum, read.pos + available(s, read))} was never submitted`
      }
      return null
    },
  })

/** Does the submitter sleep until its bios are done? */
const sleeps = (dio: Dio | undefined): boolean =>
  dio !== undefined && dio.wait_for_completion && dio.ref > 0 && !dio.holders.includes('submitter')

const neverSleeps: Oracle<BtrfsWorld> = monitor<BtrfsWorld, object>({
  id: 'C-O6',
  kind: 'info',
  says: 'an issue with IOCB_NOWAIT executes no step that can block: neither sleeps for a bio nor faults pages in',
  watch: ['dios', 'buffers'],
  start: {},
  observe: (_memory, before, after) => {
    for (const [letter, { nowait }] of Object.entries(after.kiocbs)) {
      if (!nowait) continue
      if (sleeps(after.dios[letter]) && !sleeps(before.dios[letter])) return `the NOWAIT read of ${letter} sleeps until its bio is done`
      const [was, is] = [before.buffers[letter], after.buffers[letter]]
      if (was && is && gaps(was.present, 0, was.length).length > 0 && gaps(is.present, 0, is.length).length === 0)
        return `the NOWAIT read of ${letter} faults pages of its buffer in`
    }
    return null
  },
})

const quiet: Oracle<BtrfsWorld> = finallyHolds({
  id: 'C-O7',
  kind: 'verdict',
  says: 'in the end no range of the io_tree and no inode lock is held, and i_dio_count is 0',
  judge: (s) => {
    const [range_] = s.io_tree.locked
    if (range_) return `${range(range_.from, range_.to)} is still locked in the io_tree`
    if (s.locks.i_rwsem.mode !== 'free') return 'the inode lock is still held'
    return s.inode.i_dio_count === 0 ? null : `i_dio_count is ${s.inode.i_dio_count}`
  },
})

/** The oracles for these reads, in the order of the facts. */
export const readOracles = (reads: readonly AskedRead[]): readonly Oracle<BtrfsWorld>[] => [
  whole(reads),
  faithful(reads),
  counted,
  completedOnce,
  covered(reads),
  neverSleeps,
  quiet,
]
