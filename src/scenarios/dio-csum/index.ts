/** Stages a direct write whose buffer another task changes. Source: facts direct-io section 2 (B.1, B.2). */
import { K } from '../../base/range.ts'
import type { Kernel } from '../../engine/procedure.ts'
import { describe } from '../../kernel/vfs/describe.ts'
import type { System, TaskDeclaration } from '../../engine/system.ts'
import { draw } from '../../kernel/btrfs/draw.ts'
import { drawSums } from '../../kernel/btrfs/csum/draw.ts'
import { csumOracles } from '../../kernel/btrfs/csum/oracles.ts'
import { btrfsSystem, inodeItems, stageWorld, T } from '../../kernel/btrfs/stage.ts'
import type { BtrfsWorld } from '../../kernel/btrfs/world.ts'
import { addLaterRead, addWrite, emptyBuffer, filledBuffer, mayTask, mustTask } from '../../kernel/vfs/stage.ts'
import { PAGE } from '../../kernel/mm/world.ts'
import type { Run } from '../../kernel/lib/runs.ts'
import { defineScenario, until } from '../scenario.ts'
import type { SettingsOf } from '../card.ts'
import { beats, windows } from './beats.ts'
import { card } from './card.ts'

/** Bytes of the two versions of the page, those of generic/761. */
const fills = { v0: 0xff, v1: 0x00 }
/** As much of the buffer as is drawn: what two sectors need. */
const room = 8 * K

/** The stores of the other task, by setting; the write covers [0, length) of the buffer. */
function storesOf(kind: string | undefined, length: number): Run[] {
  const pages = Array.from({ length: length / PAGE }, (_, i) => ({ from: i * PAGE, to: (i + 1) * PAGE }))
  const each = (stamp: string): Run[] => pages.map((page) => ({ ...page, stamp }))
  switch (kind) {
    case 'same':
      return each('v0')
    case 'back':
      return [...each('v1'), ...each('v0')]
    case 'halves':
      return pages.flatMap(({ from, to }) => [
        { from, to: from + PAGE / 2, stamp: 'v1' },
        { from: from + PAGE / 2, to, stamp: 'v1' },
      ])
    case 'other':
      return [{ from: length, to: length + PAGE, stamp: 'v1' }]
    case 'off':
      return []
    default:
      return each('v1')
  }
}

function stage(kernel: Kernel, settings: SettingsOf<typeof card>): System<BtrfsWorld> {
  const items = inodeItems(0)
  const length = Number(settings['sectors']) * PAGE
  const world = stageWorld({
    kernel,
    setting: settings,
    size: 0,
    noHoles: true,
    nodatasum: settings['data'] !== 'csum',
    nodatacow: settings['data'] === 'nocow',
    leaves: [{ id: 'N', generation: T, items, room: 100 }],
    committed: items,
    mirrors: Number(settings['mirrors']),
    fills,
  })
  const isGuest = settings['guest'] !== 'threads'
  const direct = settings['cache'] === 'none'
  const stores = storesOf(settings['store'], length)
  // Whose memory changes: the writer's, or the later reader's.
  const victim = settings['store'] === 'reader' ? 'R' : 'A'
  const whole = Math.max(length, ...stores.map(({ to }) => to))
  const write = addWrite(world, { letter: 'A', length, buffered: !direct, call: 'write' })
  const memory = filledBuffer(whole, 'v0')
  const guest = { dirty: true, writeback: false, stable: settings['guest'] === 'stable' }
  world.buffers['A'] = { ...memory, shared: true, ...(isGuest ? { guest } : {}) }
  const name = `${write.name.replace(/, O_DIRECT$/, '')}${direct ? ', O_DIRECT' : ' through the page cache'}`
  const iter = { io: 'A', file: 'fd', direct, dsync: false }
  const host = direct
    ? ({ procedure: 'write', locals: { ...iter, positioned: false } } as const)
    : ({ procedure: 'write_cached', locals: iter } as const)
  const tasks: TaskDeclaration[] = [
    isGuest
      ? mustTask('A', `QEMU's iothread: ${name}`, 'virtio_blk_request', { host, again: settings['again'] === 'on' })
      : mustTask('A', name, host.procedure, host.locals),
  ]
  if (stores.length > 0) {
    const who = victim === 'R' ? 'another thread of the reader' : isGuest ? "the guest's CPU" : 'another thread'
    tasks.push(mayTask('G', who, 'memset', { buffer: victim, stores }))
  }
  const buffer = { ...emptyBuffer(length), content: [], shared: victim === 'R' }
  tasks.push(addLaterRead(world, { letter: 'R', at: 0, length, buffer, direct: settings['reader'] === 'direct' }, ['A']))
  return btrfsSystem(`dio-csum on ${kernel.release}`, world, tasks, csumOracles('A', 'R'))
}

const summed = 'btrfs_dio_submit_io.csum_one_bio'

export const scenario = defineScenario({
  card,
  stage,
  schedules: {
    bug: [until('A', summed), until('A', '__iomap_dio_rw.submit_bio'), until('G', 'memset.store_to_buffer'), until('a', 'submit_bio.dma')],
    early: [until('A', '__iomap_dio_rw.pin_pages'), until('G', 'memset.store_to_buffer'), until('A', summed)],
    late: [until('A', '__iomap_dio_rw.submit_bio'), until('a', 'submit_bio.dma'), until('G', 'memset.store_to_buffer')],
    after: [
      until('A', '__iomap_dio_rw.drop_ref'),
      until('a', 'iomap_dio_bio_end_io.put_ref'),
      until('A', 'write.return'),
      until('G', 'memset.store_to_buffer'),
    ],
  },
  beats,
  windows,
  draw: (s) => {
    // The buffer may be longer than what is written of it.
    const axis = { from: 0, to: s.buffers['A']?.length ?? 0 }
    const owners = { v0: 'A', v1: 'G' }
    return [...drawSums(s, { writer: 'A', owners, axis }), ...draw(s, { axis: { from: 0, to: room }, log: false, owners })]
  },
  happened: (outcome) => describe(outcome),
  statesAtMost: 2000,
})
