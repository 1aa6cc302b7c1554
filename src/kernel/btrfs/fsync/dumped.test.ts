/** A log that was dumped, replayed: what real btrfs made of it after a power failure is what the model makes of the same lines. */
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { logsIn } from '../../../paste/logs.ts'
import { replayDumped, type DumpedTree } from './dumped.ts'

const K = 1024

interface Recorded {
  readonly id: string
  readonly log?: readonly string[]
  readonly after?: { readonly size?: number; readonly items?: readonly (readonly (string | number)[])[] }
}

const records = gunzipSync(readFileSync(new URL('../recordings/btrfs-fsync-crash.jsonl.gz', import.meta.url)))
  .toString()
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as Recorded)

/** Where the items after the mount say that the bytes from `at` on are; 0 for a hole, null for inline data. */
const diskAt = (items: readonly (readonly (string | number)[])[], at: number): number | null => {
  for (const [offset, type, ...rest] of items) {
    if (type === 'inline') {
      if (at === offset) return null
      continue
    }
    const [disk = 0, , inExtent = 0, length = 0] = rest.map(Number)
    if (Number(offset) <= at && at < Number(offset) + length) return disk === 0 ? 0 : disk + inExtent + at - Number(offset)
  }
  return 0
}

describe('a dumped log', () => {
  it('of every recorded power failure is replayed as real btrfs did', () => {
    const told = records.filter(({ log, after }) => (log?.length ?? 0) > 0 && after?.items !== undefined)
    const wrong: string[] = []
    let compared = 0
    for (const { id, log = [], after = {} } of told) {
      const found = logsIn(log.join('\n')).find(({ name }) => name === 'inode 257')
      if (!found) continue
      compared++
      if (found.log.size !== after.size) wrong.push(`${id}: ${found.log.size} is not ${after.size}`)
      for (const { from, disk, kind, by } of replayDumped(found.log, null)) {
        if (by !== 'log' || from >= (after.size ?? 0)) continue
        const real = diskAt(after.items ?? [], from)
        const model = kind === 'hole' ? 0 : disk
        if (real !== model) wrong.push(`${id}: ${from} is at ${real}, and the model says ${model}`)
      }
    }
    expect(compared).toBeGreaterThan(40)
    expect(wrong).toEqual([])
  })

  const item = (from: number, to: number, disk: number, kind = 'data') => ({ from: from * K, to: to * K, kind, disk })
  const tree = (size: number | null, ...items: DumpedTree['items'][number][]): DumpedTree => ({
    items,
    size: size === null ? null : size * K,
  })

  it('cuts what it is over out of the subvolume, and what is behind the size that it has', () => {
    const after = replayDumped(tree(896, item(640, 768, 2_000_000)), tree(1024, item(0, 1024, 1_000_000)))
    expect(after).toEqual([
      { from: 0, to: 640 * K, kind: 'data', disk: 1_000_000, by: 'subvolume' },
      { from: 640 * K, to: 768 * K, kind: 'data', disk: 2_000_000, by: 'log' },
      { from: 768 * K, to: 896 * K, kind: 'data', disk: 1_000_000 + 768 * K, by: 'subvolume' },
    ])
  })

  it('leaves what it is not over as the subvolume has it, which is unknown where nobody tells, and no hole', () => {
    expect(replayDumped(tree(64, item(16, 32, 1_000_000)), null).map(({ kind }) => kind)).toEqual(['unknown', 'data', 'unknown'])
    expect(replayDumped(tree(64, item(16, 32, 0, 'hole')), tree(64, item(0, 64, 1_000_000))).map(({ kind }) => kind)).toEqual([
      'data',
      'hole',
      'data',
    ])
  })

  it('with two items over the same bytes ends with the later one, as replay goes by keys', () => {
    const after = replayDumped(tree(768, item(640, 768, 1_000_000), item(764, 768, 2_000_000)), null)
    expect(after.slice(1).map(({ from, to, disk }) => [from / K, to / K, disk])).toEqual([
      [640, 764, 1_000_000],
      [764, 768, 2_000_000],
    ])
  })
})
