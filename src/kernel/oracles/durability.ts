/** What an fsync that returned 0 promises for after a power failure. Wordings: facts fsync-log-tree 8, O2 and O3. */
import { range, type Range } from '../../base/range.ts'
import { same } from '../../base/plain.ts'
import { monitor, recorder, type Oracle, type Recorder } from '../../engine/oracle.ts'
import { clip, gaps, join, type Run } from '../lib/runs.ts'
import { ranges, type FileWorld, type Shown } from './shown.ts'

/** The whole file as a reader sees it at one moment. */
export type Cut = readonly Run[]

/** Every version of the file since an fsync began, oldest first: what a crash after it may leave. */
export interface Cuts {
  cuts: Cut[]
}

const fsyncs = (s: FileWorld): readonly { readonly entered?: true; readonly returned: number | null }[] =>
  [
    ...Object.values(s.calls),
    ...Object.values(s.past ?? {}).flatMap((all) => all.map((one) => ({ ...one, entered: true as const }))),
  ].filter((call) => /^f(data)?sync/.test(call.text))

/** The file as a reader finds it now. */
export const wholeFile = <W extends FileWorld>(shown: Shown<W>, s: W): Cut => shown.content(s, 0, s.inode.i_size)

/** Notes the version of the file after a step, from where an fsync has begun. */
function follow<W extends FileWorld>(shown: Shown<W>, memory: Cuts, before: W, after: W): void {
  const crashed = shown.mounts(after) > shown.mounts(before) || shown.isDown(after)
  if (crashed || !fsyncs(after).some((call) => call.entered)) return
  const now = wholeFile(shown, after)
  if (!memory.cuts.some((cut) => same(cut, now))) memory.cuts.push(now)
}

/** Is this a mount after a crash that an fsync had promised to outlive? */
const isPromisedMount = <W extends FileWorld>(shown: Shown<W>, before: W, after: W): boolean =>
  shown.mounts(after) > shown.mounts(before) && fsyncs(after).some((call) => call.returned === 0)

const versions = <W extends FileWorld>(shown: Shown<W>): Recorder<W, Cuts> =>
  recorder<W, Cuts>({
    id: 'versions',
    start: { cuts: [] },
    notes: [
      {
        watch: ['calls', 'inode', ...shown.watch.mounts, ...shown.watch.content],
        follow: (memory, before, after) => follow(shown, memory, before, after),
      },
    ],
  })

/** Bytes of a file that have a value which they had in none of these versions. */
export const neverHeld = (found: Cut, cuts: readonly Cut[]): Run[] =>
  found.flatMap((run) => {
    const allowed = join<Range>(
      cuts
        .flatMap((cut) => clip(cut, run.from, run.to).filter((part) => part.stamp === run.stamp))
        .map(({ from, to }) => ({ from, to }))
        .sort((a, b) => a.from - b.from),
      () => true,
    )
    return gaps(allowed, run.from, run.to).map((gap) => ({ ...gap, stamp: run.stamp }))
  })

const nameOf = (stamp: string): string => (stamp === '0' ? 'zeros' : stamp === '?' ? 'what was on the disk before' : stamp)

const eachByteDurable = <W extends FileWorld>(id: string, shown: Shown<W>, over: Recorder<W, Cuts>): Oracle<W> =>
  monitor<W, Cuts>({
    id,
    kind: 'verdict',
    name: 'synced bytes survive a crash',
    says: 'after a power failure each byte has a value it had at some time between the start of an fsync that returned 0 and the failure',
    over,
    watch: shown.watch.mounts,
    judge: (memory, before, after) => {
      if (!isPromisedMount(shown, before, after)) return null
      const wrong = neverHeld(wholeFile(shown, after), memory.after.cuts)
      const [first] = wrong
      if (!first) return null
      return {
        says: `after the mount ${range(first.from, first.to)} holds ${nameOf(first.stamp)}, which it did not hold at any time since fsync began`,
        marks: ranges(shown.lanes.layout, wrong),
      }
    },
  })

/** Where two versions of a file differ. */
export function differences(a: Cut, b: Cut): Range[] {
  const out: Range[] = []
  for (const { from, to } of [...neverHeld(a, [b]), ...neverHeld(b, [a])].sort((x, y) => x.from - y.from)) {
    const last = out.at(-1)
    if (last && from <= last.to) out[out.length - 1] = { from: last.from, to: Math.max(last.to, to) }
    else out.push({ from, to })
  }
  return out
}

/** How many bytes these ranges have. */
export const bytesIn = (parts: readonly Range[]): number => parts.reduce((sum, { from, to }) => sum + to - from, 0)

const singleCut = <W extends FileWorld>(id: string, shown: Shown<W>, over: Recorder<W, Cuts>): Oracle<W> =>
  monitor<W, Cuts>({
    id,
    kind: 'verdict',
    name: 'a crash leaves one instant',
    says: 'after a power failure the whole file is as it was at one instant between the start of an fsync that returned 0 and the failure',
    over,
    watch: shown.watch.mounts,
    judge: (memory, before, after) => {
      if (!isPromisedMount(shown, before, after)) return null
      const { cuts } = memory.after
      const found = wholeFile(shown, after)
      if (cuts.some((cut) => same(cut, found))) return null
      // No version is the right one: what is shown is where the file differs from the latest of those that it is most like.
      const nearest = cuts
        .map((cut) => differences(found, cut))
        .reverse()
        .sort((a, b) => bytesIn(a) - bytesIn(b))[0]
      return {
        says: `the file that the mount finds is none of the ${cuts.length} versions since fsync began`,
        marks: ranges(shown.lanes.layout, nearest ?? found),
      }
    },
  })

/** Ids: of the oracle that looks at each byte, and of the one that looks at the whole file. What they remember is `Cuts`. */
export function fsyncPromises<W extends FileWorld>(shown: Shown<W>, ids: readonly [bytes: string, whole: string]): readonly Oracle<W>[] {
  const over = versions(shown)
  return [eachByteDurable(ids[0], shown, over), singleCut(ids[1], shown, over)]
}
