/** What a user sees of the file when everything has finished, and in words. */
import { range, size } from '../../base/range.ts'
import type { Extent, Letter, Outcome } from '../../engine/view.ts'
import { clip, gaps, join, valueOf, type Run } from '../lib/runs.ts'
import { errnoName } from '../lib/errno.ts'
import { visible } from './folios.ts'
import type { BcachefsWorld } from './world.ts'

/** The extents that a sync would leave: what is dirty gets a place on disk, the rest is as the btree has it. */
export function layoutOf(s: Pick<BcachefsWorld, 'mapping' | 'btree' | 'inode'>): Extent[] {
  const end = s.inode.i_size
  const dirty = clip(s.mapping.runs, 0, end).filter((run) => run.dirty || run.writeback)
  const asData = dirty.map(({ from, to, stamp }): Extent => ({ from, to, kind: 'data', source: stamp }))
  const onDisk = dirty
    .reduce<Extent[]>(
      (parts, run) => parts.flatMap((part) => gaps([run], part.from, part.to).map((gap) => ({ ...part, ...gap }))),
      clip(s.btree, 0, end).map(({ from, to, kind, stamp }) =>
        kind === 'data' ? { from, to, kind, source: stamp } : { from, to, kind: 'unwritten', source: null },
      ),
    )
    .concat(asData)
  const holes = gaps(
    [...onDisk].sort((a, b) => a.from - b.from),
    0,
    end,
  ).map((gap): Extent => ({ ...gap, kind: 'hole', source: null }))
  return join(
    [...onDisk, ...holes].sort((a, b) => a.from - b.from),
    (a, b) => a.kind === b.kind && a.source === b.source,
  )
}

/** What reads of the whole file find. */
const contentOf = (s: BcachefsWorld): Run[] =>
  join(
    visible(s, 0, s.inode.i_size).map((run) => ({ ...run, stamp: valueOf(run.stamp) })),
    (a, b) => a.stamp === b.stamp,
  )

export function outcomeOf(s: BcachefsWorld, returned: Readonly<Record<Letter, unknown>>): Outcome {
  const reads = Object.fromEntries(Object.entries(returned).filter((entry): entry is [string, string] => typeof entry[1] === 'string'))
  const positions = Object.entries(s.files)
  return {
    returns: Object.fromEntries(
      Object.entries(s.calls).flatMap(([letter, call]) => (call.returned === null ? [] : [[letter, call.returned]])),
    ),
    size: s.inode.i_size,
    // The position of the one descriptor that write(2) uses; pwrite(2) has none.
    pos: positions[0]?.[1].f_pos ?? null,
    layout: layoutOf(s),
    content: contentOf(s).map(({ from, to, stamp }) => [from, to, stamp]),
    reads: Object.keys(reads).length > 0 ? reads : null,
    log: null,
    console: s.dmesg.map(({ text }) => text),
    after: null,
  }
}

/** What a user would notice of an outcome, in sentences. Computed from the outcome alone. */
export function describe(outcome: Outcome): string[] {
  const returned = Object.entries(outcome.returns).map(([task, value]) =>
    value < 0 ? `${task} got -1 ${errnoName(value)}` : `${task} got ${value}`,
  )
  const content = (outcome.content ?? []).map(([from, to, value]) => `${range(from, to)} reads ${value === '0' ? 'zeros' : value}`)
  return [
    `${returned.join(', ') || 'No call returned'}.`,
    ...(typeof outcome.pos === 'number' ? [`The file position is ${size(outcome.pos)}.`] : []),
    ...Object.entries(outcome.reads ?? {}).map(([task, found]) => `${task} read ${found.replace(/\b0\b/g, 'zeros')}.`),
    ...(outcome.size === null ? [] : [`The file is ${size(outcome.size)} long: ${content.join(', ') || 'empty'}.`]),
    ...outcome.console.map((line) => `dmesg: ${line}`),
  ]
}
