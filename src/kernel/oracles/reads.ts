/**
 * Oracles for reads. Wordings and ids: facts direct-io C.6 and, of what a writer's buffer held, B.6. They know what was asked
 * for and what the file holds, nothing else.
 */
import { range, size, type Range } from '../../base/range.ts'
import { always, finallyHolds, monitor, type Mark, type Oracle } from '../../engine/oracle.ts'
import type { Letter } from '../../engine/view.ts'
import { clip, gaps, transfer, valueOf, type Run } from '../lib/runs.ts'
import type { VfsWorld } from '../vfs/world.ts'
import { ranges, resultLine, type FileWorld, type Shown } from './shown.ts'

/** A read that a task makes: under which letter its kiocb and buffer are, and what it asks for. */
export interface AskedRead {
  readonly io: Letter
  readonly pos: number
  readonly length: number
}

/** A world with callers that may be asynchronous. */
type Asking = FileWorld & Pick<VfsWorld, 'requests'>

/** What a caller gets: the result that its completion event or its call carries; null while it waits. */
const resultOf = (s: Asking, { io }: AskedRead): number | null => (s.requests[io] ? s.requests[io].res : (s.calls[io]?.returned ?? null))

/** Where that result is seen. */
const resultOn = (s: Asking, io: Letter): Mark => (s.requests[io] ? { in: `request:${io}`, part: 'cqe->res' } : resultLine(io))

/** How much there is to read. */
export const available = (s: Asking, { pos, length }: AskedRead): number => Math.max(0, Math.min(length, s.inode.i_size - pos))

const whole = <W extends Asking>(reads: readonly AskedRead[]): Oracle<W> =>
  always<W>({
    id: 'C-O1',
    kind: 'verdict',
    name: 'reads are not cut short',
    says: 'a successful read of n bytes at pos returns min(n, i_size - pos)',
    watch: ['requests', 'calls', 'inode'],
    judge: (s) => {
      for (const read of reads) {
        const result = resultOf(s, read)
        if (result !== null && result >= 0 && result !== available(s, read))
          return {
            says: `the read of ${size(read.length)} at ${size(read.pos)} ended with ${size(result)}; there were ${size(available(s, read))} to read`,
            marks: [resultOn(s, read.io)],
          }
      }
      return null
    },
  })

/** The first stretch of [from, to) in which two contents differ; null if there is none. Bytes that no run covers are zero. */
function difference(a: readonly Run[], b: readonly Run[], from: number, to: number): Range | null {
  const valueAt = (runs: readonly Run[], at: number): string => valueOf(runs.find((run) => run.from <= at && at < run.to)?.stamp ?? '0')
  const edges = [...new Set([from, to, ...clip([...a, ...b], from, to).flatMap((run) => [run.from, run.to])])].sort((x, y) => x - y)
  const differs = (at: number): boolean => at < to && valueAt(a, at) !== valueAt(b, at)
  const first = edges.find(differs)
  return first === undefined ? null : { from: first, to: edges.find((at) => at > first && !differs(at)) ?? to }
}

const faithful = <W extends Asking>(shown: Shown<W>, reads: readonly AskedRead[]): Oracle<W> =>
  always<W>({
    id: 'C-O2',
    kind: 'verdict',
    name: "reads return the file's bytes",
    says: 'the bytes that a read says it read are those of the file; those beyond are as they were',
    watch: ['requests', 'calls', 'buffers'],
    judge: (s) => {
      for (const read of reads) {
        const result = resultOf(s, read)
        const buffer = s.buffers[read.io]?.content ?? []
        if (result === null || result < 0) continue
        const file = shown.content(s, read.pos, read.pos + result)
        const wanted = file.map((run) => ({ ...run, from: run.from - read.pos, to: run.to - read.pos }))
        const wrong = difference(buffer, wanted, 0, result) ?? difference(buffer, [], result, read.length)
        if (wrong !== null)
          return {
            says: `the read ended with ${size(result)}, but byte ${size(wrong.from)} of the buffer is not as it should be`,
            marks: ranges(`buffer:${read.io}`, [wrong]),
          }
      }
      return null
    },
  })

const completedOnce = <W extends Asking>(): Oracle<W> =>
  finallyHolds<W>({
    id: 'C-O4',
    kind: 'verdict',
    name: 'each request completes once',
    says: 'ki_complete is called once for each issue that returned -EIOCBQUEUED, and never otherwise; each request gets one event',
    judge: (s) => {
      for (const [letter, { queued, completions, posted }] of Object.entries(s.requests)) {
        const marks = [resultOn(s, letter)]
        if (queued !== completions)
          return { says: `${queued} issues of ${letter} returned -EIOCBQUEUED, ki_complete was called ${completions} times`, marks }
        if (posted !== 1) return { says: `the request of ${letter} got ${posted} events`, marks }
      }
      return null
    },
  })

/** The oracles for these reads that need to know nothing of how they are done: C-O1, C-O2, C-O4. */
export const askedReads = <W extends Asking>(
  shown: Shown<W>,
  reads: readonly AskedRead[],
): { readonly whole: Oracle<W>; readonly faithful: Oracle<W>; readonly completedOnce: Oracle<W> } => ({
  whole: whole(reads),
  faithful: faithful(shown, reads),
  completedOnce: completedOnce(),
})

/** By writer: everything that its buffer held, by offset in the buffer, since the call began. */
type Held = Record<Letter, Run[]>

/** Does a run of `held` cover each byte of this value? */
const wasHeld = (held: readonly Run[], { from, to, stamp }: Run): boolean =>
  gaps(
    clip(held, from, to)
      .filter((run) => valueOf(run.stamp) === valueOf(stamp))
      .sort((a, b) => a.from - b.from),
    from,
    to,
  ).length === 0

/** B-O3. */
export const readsWhatWasHeld = <W extends FileWorld>(writer: Letter, reader: Letter): Oracle<W> =>
  monitor<W, Held>({
    id: 'B-O3',
    kind: 'verdict',
    name: 'reads return what was written',
    says: 'a read returns, byte by byte, a value that the buffer held between the call and the return of the write',
    watch: ['buffers', 'calls'],
    start: {},
    observe: (memory, before, after) => {
      if (before.calls[writer]?.returned === null)
        for (const { buffers } of [before, after])
          for (const run of buffers[writer]?.content ?? []) {
            const held = (memory[writer] ??= [])
            if (!held.some((old) => old.stamp === run.stamp && old.from === run.from && old.to === run.to)) held.push({ ...run })
          }
      const count = after.calls[reader]?.returned ?? 0
      // What others store to the reader's memory is not what the read returned.
      if (count <= 0 || after.buffers[reader]?.shared) return null
      const read = transfer([], 0, after.buffers[reader]?.content ?? [], 0, count)
      const strange = read.find((run) => !wasHeld(memory[writer] ?? [], run))
      if (!strange) return null
      return {
        says: `${reader} read ${strange.stamp} in ${range(strange.from, strange.to)}, which ${writer}'s buffer did not hold`,
        marks: ranges(`buffer:${reader}`, [strange]),
      }
    },
  })
