/** Stages direct I/O whose buffer is a mapping of the file. Source: facts direct-io 6.2 item 9, 6.3, section 4 (generic/647, 51bd9563b678). */
import { K, size } from '../../base/range.ts'
import type { Kernel } from '../../engine/procedure.ts'
import type { System, TaskDeclaration } from '../../engine/system.ts'
import type { Letter } from '../../engine/view.ts'
import { draw } from '../../kernel/btrfs/draw.ts'
import { readOracles } from '../../kernel/btrfs/oracles.ts'
import { btrfsSystem, inodeItems, stageExtents, stageWorld, T } from '../../kernel/btrfs/stage.ts'
import type { BtrfsWorld } from '../../kernel/btrfs/world.ts'
import { cleanRun, setCache } from '../../kernel/mm/cache.ts'
import { PAGE } from '../../kernel/mm/world.ts'
import { describe } from '../../kernel/vfs/describe.ts'
import { addRead, addWrite, emptyBuffer } from '../../kernel/vfs/stage.ts'
import { defineScenario, until } from '../scenario.ts'
import type { SettingsOf } from '../card.ts'
import { beats, windows } from './beats.ts'
import { card } from './card.ts'

/** The file: two pages, an extent each. */
const extents = [
  { offset: 0, length: PAGE, stamp: 'X' },
  { offset: PAGE, length: PAGE, stamp: 'Y' },
]

/** A direct call by this task at `pos`, one page, with a buffer that maps the file from `mapped` on or, if null, is ordinary memory. */
function addCaller(s: BtrfsWorld, letter: Letter, pos: number, mapped: number | null): TaskDeclaration {
  const writes = s.setting['call'] === 'pwrite'
  const touched = s.setting['touched'] === 'yes'
  const stamp = mapped === null ? '0' : (extents.find(({ offset }) => offset === mapped)?.stamp ?? '0')
  // A page that a read fault has mapped is in the page cache.
  if (touched && writes && mapped !== null)
    setCache(s.mapping, mapped, mapped + PAGE, [cleanRun({ from: mapped, to: mapped + PAGE, stamp })])
  const buffer = {
    ...emptyBuffer(PAGE, touched ? PAGE : 0),
    content: touched ? [{ from: 0, to: PAGE, stamp }] : [],
    ...(mapped === null ? {} : { maps: { at: mapped, copies: !writes } }),
  }
  const memory = mapped === null ? 'buf' : 'map'
  if (!writes)
    return addRead(s, { letter, at: pos, length: PAGE, buffer, direct: true, text: `pread(fd, ${memory}, ${size(PAGE)}, ${size(pos)})` })
  return addWrite(s, { letter, at: pos, length: PAGE, buffer })
}

function stage(kernel: Kernel, setting: SettingsOf<typeof card>): System<BtrfsWorld> {
  const { items, data, next } = stageExtents(extents)
  const size = 2 * PAGE
  const all = [...inodeItems(size), ...items]
  const world = stageWorld({
    kernel,
    setting,
    size,
    noHoles: true,
    leaves: [{ id: 'N', generation: T, items: all, room: 50 }],
    committed: all,
    data,
    nextData: next,
    csums: items.map((item) => ({ from: item.disk, to: item.disk + item.length })),
    needsFullSync: false,
  })
  const two = setting['callers'] === 'two'
  const mapped = (page: number): number | null => (setting['memory'] === 'map' ? page * PAGE : null)
  const tasks = [addCaller(world, 'A', 0, mapped(two ? 1 : 0))]
  if (two) tasks.push(addCaller(world, 'B', PAGE, mapped(0)))
  const reads = setting['call'] === 'pread' ? tasks.map(({ letter }, i) => ({ io: letter, pos: i * PAGE, length: PAGE })) : []
  return btrfsSystem(`${card.id} on ${kernel.release}`, world, tasks, readOracles(reads))
}

export const scenario = defineScenario({
  card,
  stage,
  schedules: { bug: [until('A', 'filemap_fault.fault')] },
  beats,
  windows,
  draw: (s) => draw(s, { axis: { from: 0, to: 8 * K }, log: false, owners: {} }),
  happened: (outcome) => describe(outcome),
  statesAtMost: 200,
})
