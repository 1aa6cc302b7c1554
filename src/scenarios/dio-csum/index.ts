/** Stages a direct write whose buffer another task changes. Source: facts direct-io section 2 (B.1, B.2). */
import { K } from '../../base/range.ts'
import type { Kernel } from '../../engine/procedure.ts'
import type { TaskDeclaration } from '../../engine/system.ts'
import { describe } from '../../kernel/btrfs/describe.ts'
import { draw } from '../../kernel/btrfs/draw.ts'
import { drawSums } from '../../kernel/btrfs/csum/draw.ts'
import { csumOracles } from '../../kernel/btrfs/oracles.csum.ts'
import { btrfsSystem, inodeItems, stageWorld, T } from '../../kernel/btrfs/stage.ts'
import type { BtrfsWorld } from '../../kernel/btrfs/world.ts'
import { guestWrite, storesTo } from '../../kernel/vfs/guest.ts'
import { PAGE } from '../../kernel/mm/world.ts'
import { compareVersions } from '../../kernel/releases.ts'
import type { Run } from '../../kernel/lib/runs.ts'
import { defineScenario, until, type Scenario } from '../scenario.ts'
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

function stage(kernel: Kernel, settings: Readonly<Record<string, string>>): ReturnType<Scenario<BtrfsWorld>['stage']> {
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
  world.buffers['A'] = {
    length: whole,
    content: [{ from: 0, to: whole, stamp: 'v0' }],
    present: [{ from: 0, to: whole }],
    pinned: [],
    shared: true,
    ...(isGuest ? { guest: { dirty: true, writeback: false, stable: settings['guest'] === 'stable' } } : {}),
  }
  world.kiocbs['A'] = { ki_pos: 0, append: false, direct }
  world.iters['A'] = { offset: 0, count: length }
  world.calls['A'] = { text: `write(fd, buf, ${length})`, returned: null }
  world.buffers['R'] = { length, content: [], present: [{ from: 0, to: length }], pinned: [], shared: victim === 'R' }
  const directRead = settings['reader'] === 'direct'
  world.kiocbs['R'] = { ki_pos: 0, append: false, direct: directRead }
  world.iters['R'] = { offset: 0, count: length }
  world.calls['R'] = { text: `read(fd, buf, ${length})`, returned: null }
  const host = direct ? 'write' : 'write_cached'
  const name = `write(fd, buf, ${length / K}K)${direct ? ', O_DIRECT' : ' through the page cache'}`
  const tasks: TaskDeclaration[] = [
    isGuest
      ? {
          letter: 'A',
          name: `QEMU's iothread: ${name}`,
          must: true,
          procedure: 'virtio_blk_request',
          locals: guestWrite(host, settings['again'] === 'on'),
        }
      : { letter: 'A', name, must: true, procedure: host, locals: { result: 0 } },
    ...(stores.length > 0
      ? [
          {
            letter: 'G',
            name: victim === 'R' ? 'another thread of the reader' : isGuest ? "the guest's CPU" : 'another thread',
            must: false,
            procedure: 'memset',
            locals: storesTo(victim, stores),
          },
        ]
      : []),
    {
      letter: 'R',
      name: `later read of the file${directRead ? ', O_DIRECT' : ''}`,
      must: true,
      procedure: 'later_pread',
      locals: { after: ['A'], direct: directRead, result: 0 },
    },
  ]
  return btrfsSystem(`dio-csum on ${kernel.release}`, world, tasks, csumOracles('A', 'R'))
}

const summed = 'btrfs_dio_submit_io.csum_one_bio'

export const scenario = defineScenario<BtrfsWorld>({
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
  beats: [
    {
      id: 'guest',
      says: 'The guest writes a page back: it sets the writeback flag and sends the request to QEMU.',
      at: (step) => step.label === 'guest_writepage',
      stands: ['3'],
    },
    {
      id: 'pinned',
      says: "btrfs pins the guest's memory: it is not copied, the guest can still store to it.",
      at: (step) => step.label === 'pin_pages',
      stands: ['8'],
    },
    {
      id: 'checksum',
      says: 'The checksum is computed, from what the page holds at this moment.',
      at: (step) => step.label === 'csum_one_bio',
      stands: ['9'],
    },
    {
      id: 'submitted',
      says: 'The bio is submitted; the device will read the page when it likes.',
      at: (step) => step.label === 'submit_bio',
      stands: ['9'],
    },
    {
      id: 'store',
      says: 'The guest changes the page, although it is under writeback: nothing in the guest or the host stops it.',
      at: (step) => step.label === 'store_to_buffer',
      stands: ['4'],
    },
    {
      id: 'transfer',
      says: 'The device reads the page: the disk gets the new bytes.',
      at: (step) => step.label === 'dma',
      stands: ['8', '10'],
    },
    {
      id: 'returned',
      says: 'write() returns success: all 4K are on disk.',
      at: (step) => step.procedure === 'write' && step.label === 'return',
      stands: ['12'],
    },
    {
      id: 'stored',
      says: 'The old checksum goes into the csum tree, beside new data.',
      at: (step) => step.label === 'add_csums',
      stands: ['10'],
    },
    {
      id: 'verified',
      says: 'A later read verifies what the disk returns: csum failed.',
      at: (step) => step.label === 'end_read',
      stands: ['10'],
    },
    {
      id: 'eio',
      says: 'The reader gets -EIO, from a healthy disk.',
      at: (step) => step.procedure === 'preadv2' && step.label === 'return',
      stands: ['2', '23'],
    },
  ],
  windows: [
    {
      id: 'exposed',
      task: 'A',
      opens: summed,
      closes: '__iomap_dio_rw.wait_for_bios',
      says: 'the checksum is computed, the device may not have read the page yet',
    },
  ],
  draw: (s) => {
    const axis = { from: 0, to: Number(s.setting['sectors']) * PAGE }
    const owners = { v0: 'A', v1: 'G' }
    return [...drawSums(s, { writer: 'A', owners, axis }), ...draw(s, { axis: { from: 0, to: room }, log: false, owners })]
  },
  happened: (outcome) => describe(outcome),
  unavailable: (release) => (compareVersions(release, '5.16') < 0 ? 'not modelled: the direct write path is modelled from 5.16 on' : null),
  notes: async () => (await import('./notes.ts')).notes,
  statesAtMost: 2000,
})
