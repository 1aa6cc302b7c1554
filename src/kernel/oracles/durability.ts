/**
 * What an fsync that returned 0, and an O_DSYNC write that was reported as done, promise for after a power failure. Wordings
 * and ids of O2 and O3: facts fsync-log-tree 8.
 */
import { range, type Range } from '../../base/range.ts'
import { same } from '../../base/plain.ts'
import { monitor, type Oracle } from '../../engine/oracle.ts'
import { clip, gaps, join, type Run } from '../lib/runs.ts'
import { ranges, type FileWorld, type Shown } from './shown.ts'

/** The whole file as a reader sees it at one moment. */
export type Cut = readonly Run[]

/** Every version of the file since an fsync began, oldest first: what a crash after it may leave. */
export interface Cuts {
  cuts: Cut[]
}

const fsyncs = (s: FileWorld): readonly { readonly entered?: true; readonly returned: number | null }[] =>
  Object.values(s.calls).filter((call) => /^f(data)?sync/.test(call.text))

const wholeFile = <W extends FileWorld>(shown: Shown<W>, s: W): Cut => shown.content(s, 0, s.inode.i_size)

/** Notes the version of the file after the step; true if it is a mount after a crash that an fsync had promised to outlive. */
function follow<W extends FileWorld>(shown: Shown<W>, memory: Cuts, before: W, after: W): boolean {
  if (shown.mounts(after) > shown.mounts(before)) return fsyncs(after).some((call) => call.returned === 0)
  if (shown.isDown(after) || !fsyncs(after).some((call) => call.entered)) return false
  const now = wholeFile(shown, after)
  if (!memory.cuts.some((cut) => same(cut, now))) memory.cuts.push(now)
  return false
}

const watchOf = <W extends FileWorld>({ watch }: Shown<W>) => ['calls' as const, 'inode' as const, ...watch.mounts, ...watch.content]

/** Bytes of a file that have a value which they had in none of these versions. */
const neverHeld = (found: Cut, cuts: readonly Cut[]): Run[] =>
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

export const eachByteDurable = <W extends FileWorld>(id: string, shown: Shown<W>): Oracle<W> =>
  monitor<W, Cuts>({
    id,
    kind: 'verdict',
    says: 'after a power failure each byte has a value it had at some time between the start of an fsync that returned 0 and the failure',
    watch: watchOf(shown),
    start: { cuts: [] },
    observe: (memory, before, after) => {
      if (!follow(shown, memory, before, after)) return null
      const wrong = neverHeld(wholeFile(shown, after), memory.cuts)
      const [first] = wrong
      if (!first) return null
      return {
        says: `after the mount ${range(first.from, first.to)} holds ${nameOf(first.stamp)}, which it did not hold at any time since fsync began`,
        marks: ranges(shown.lanes.layout, wrong),
      }
    },
  })

const bytesIn = (parts: readonly Range[]): number => parts.reduce((sum, { from, to }) => sum + to - from, 0)

export const singleCut = <W extends FileWorld>(id: string, shown: Shown<W>): Oracle<W> =>
  monitor<W, Cuts>({
    id,
    kind: 'verdict',
    says: 'after a power failure the whole file is as it was at one instant between the start of an fsync that returned 0 and the failure',
    watch: watchOf(shown),
    start: { cuts: [] },
    observe: (memory, before, after) => {
      if (!follow(shown, memory, before, after)) return null
      const found = wholeFile(shown, after)
      if (memory.cuts.some((cut) => same(cut, found))) return null
      // No version is the right one: what is shown is where the file differs from the version that it is most like.
      const nearest = memory.cuts
        .map((cut) => [...neverHeld(found, [cut]), ...neverHeld(cut, [found])].sort((a, b) => a.from - b.from))
        .sort((a, b) => bytesIn(a) - bytesIn(b))[0]
      return {
        says: `the file that the mount finds is none of the ${memory.cuts.length} versions since fsync began`,
        marks: ranges(shown.lanes.layout, nearest ?? found),
      }
    },
  })
