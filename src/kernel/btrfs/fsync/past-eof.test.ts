/** What a fsync logs of space preallocated past the end of the file. Source: the message of d99478874355. */
import { expect, test } from 'vitest'
import { Sequential } from '../../../engine/sequential.ts'
import { choose, resolveRelease } from '../../releases.ts'
import { btrfsSystem, inodeItems, stageExtents, stageWorld, T } from '../stage.ts'
import { extentsOf } from '../tree/tree.ts'
import type { ExtentData } from '../world.ts'
import { crash, mount } from './mount.ts'

/** The file after a full fsync, a power failure and the next mount: 4K of data, and 8K past them in a leaf that this transaction has not changed. */
function preallocated(release: string, on: readonly string[]): readonly [number, string][] {
  const { kernel } = choose(resolveRelease(release).release, on, [])
  const { items, data, next } = stageExtents([{ offset: 0, length: 4096, stamp: 'D' }])
  const past: ExtentData = {
    ...(items[0] as ExtentData),
    offset: 4096,
    kind: 'prealloc',
    disk: next,
    diskLength: 8192,
    length: 8192,
    ram: 8192,
  }
  const world = stageWorld({
    kernel,
    setting: {},
    size: 4096,
    noHoles: true,
    leaves: [
      { id: 'N', generation: T, items: [...inodeItems(4096), ...items], room: 10 },
      { id: 'M', generation: T - 1, items: [past], room: 10 },
    ],
    committed: [...inodeItems(4096), ...items, past],
    data,
    nextData: next + 8192,
  })
  world.calls['A'] = { text: 'fsync(fd)', returned: null }
  new Sequential(btrfsSystem('fsync', world, [], [])).run(world, {
    letter: 'A',
    name: 'fsync(fd)',
    must: true,
    procedure: 'fsync',
    locals: { file: 'fd' },
  })
  expect(world.calls['A'].returned).toBe(0)
  crash(world)
  mount(world)
  return extentsOf(world.subvol.flatMap((leaf) => leaf.items)).map(({ offset, kind }) => [offset, kind])
}

test('what was preallocated past the end of the file is gone after a full fsync and a power failure, until d99478874355', () => {
  expect(preallocated('5.16', [])).toEqual([[0, 'reg']])
  expect(preallocated('5.16', ['d99478874355'])).toEqual([
    [0, 'reg'],
    [4096, 'prealloc'],
  ])
  expect(preallocated('5.17', [])).toEqual([
    [0, 'reg'],
    [4096, 'prealloc'],
  ])
})
