/** Staging one read of a small file into a buffer that is present in part. Source: facts direct-io C.1, C.2, C.7. */
import { K, size as sizeOf } from '../base/range.ts'
import type { Kernel } from '../engine/procedure.ts'
import type { System, TaskDeclaration } from '../engine/system.ts'
import type { Outcome } from '../engine/view.ts'
import { readOracles } from '../kernel/btrfs/oracles.ts'
import { btrfsSystem, inodeItems, stageExtents, stageWorld, T } from '../kernel/btrfs/stage.ts'
import { inlineAddress, type BtrfsWorld, type ExtentData } from '../kernel/btrfs/world.ts'
import { PAGE, type UserBuffer } from '../kernel/mm/world.ts'
import { transfer, type Run } from '../kernel/lib/runs.ts'
import { addAsyncRead, addRead, addWaiter, emptyBuffer } from '../kernel/vfs/stage.ts'
import { errorName } from '../kernel/lib/errno.ts'

/** What fills each page of the file: a stamp, and the byte it stands for. */
const fill = ['ab', 'cd', 'ef', '12']
const bytes = { ab: 0xab, cd: 0xcd, ef: 0xef, '12': 0x12 }

type FileKind = 'extents' | 'apart' | 'one' | 'hole' | 'eof' | 'comp' | 'inline'
type BufferKind = 'first' | 'none' | 'all' | 'fixed'
type CallKind = 'uring' | 'nowait' | 'aio' | 'preadv2' | 'rwf' | 'cached'

interface File {
  readonly items: ExtentData[]
  /** Disk content by disk address, and the first free address behind it. */
  readonly data: readonly Run[]
  readonly next: number
  readonly size: number
  /** File content by file offset. */
  readonly content: readonly Run[]
}

/** A file so small that its data are in the item itself. */
const inlineSize = 2000
function inlineFile(): File {
  const { items, next } = stageExtents([{ offset: 0, length: PAGE, stamp: '0' }])
  const content = [{ from: 0, to: inlineSize, stamp: fill[0] ?? '0' }]
  return {
    items: items.map((item) => ({ ...item, kind: 'inline' as const, disk: inlineAddress, ram: inlineSize })),
    data: transfer([], inlineAddress, content, 0, inlineSize),
    next,
    size: inlineSize,
    content,
  }
}

function stageFile(kind: FileKind, length: number): File {
  if (kind === 'inline') return inlineFile()
  const size = kind === 'eof' ? PAGE : length
  const pages = Array.from({ length: size / PAGE }, (_, i) => ({ offset: i * PAGE, length: PAGE, stamp: fill[i] ?? '0' }))
  const written = kind === 'hole' ? pages.slice(1) : pages
  const content = written.map((page) => ({ from: page.offset, to: page.offset + PAGE, stamp: page.stamp }))
  if (kind !== 'one') {
    // Apart: neighbours in the file lie in reverse order on the disk.
    const { items, data, next } = stageExtents(kind === 'apart' ? [...written].reverse() : written)
    return { items: kind === 'comp' ? items.map((item) => ({ ...item, compressed: true as const })) : items, data, next, size, content }
  }
  const { items, data, next } = stageExtents([{ offset: 0, length: size, stamp: '0' }])
  return { items, data: transfer(data, items[0]?.disk ?? 0, content, 0, size), next, size, content }
}

function stageBuffer(kind: BufferKind, length: number): UserBuffer {
  if (kind === 'fixed') return { ...emptyBuffer(length, 0), pinned: [{ from: 0, to: length }], registered: true }
  return emptyBuffer(length, kind === 'none' ? 0 : kind === 'first' ? PAGE : length)
}

/** How many bytes are asked for; a multiple of 4K. */
export const lengthOf = (setting: Readonly<Record<string, string>>): number => Number(setting['length']?.slice(0, -1)) * K

/** What the settings of `read-settings.ts` say. S reads; if it does so asynchronously, U waits for the event and prints what the reproducer prints. */
export function stageRead(scenario: string, kernel: Kernel, setting: Readonly<Record<string, string>>): System<BtrfsWorld> {
  const length = lengthOf(setting)
  const call = setting['call'] as CallKind
  const { items, data, next, size, content } = stageFile(setting['file'] as FileKind, length)
  const all = [...inodeItems(size), ...items]
  const leaves = [{ id: 'N', generation: T, items: all, room: 50 }]
  const world = stageWorld({ kernel, setting, size, noHoles: true, leaves, committed: all, data, nextData: next, needsFullSync: false })
  const read = { letter: 'S', at: 0, length, buffer: stageBuffer(setting['buffer'] as BufferKind, length), direct: call !== 'cached' }
  const nowait = call === 'rwf' || call === 'nowait'
  const tasks: TaskDeclaration[] =
    call === 'preadv2' || call === 'rwf'
      ? [addRead(world, { ...read, nowait })]
      : [
          addAsyncRead(world, { ...read, nowait }, call === 'aio' ? 'libaio' : 'io_uring'),
          addWaiter(world, 'U', { io: 'S', wrote: content, expected: Math.min(length, size), bytes }),
        ]
  return btrfsSystem(`${scenario} on ${kernel.release}`, world, tasks, readOracles([{ io: 'S', pos: 0, length }]))
}

/** What the caller of a read noticed, from the outcome alone: what it got, and what the program printed. */
export function happenedToRead({ returns, console }: Outcome): string[] {
  const got = Object.entries(returns).map(([task, value]) => `${task} got ${value < 0 ? errorName(value) : sizeOf(value)}.`)
  return console.length > 0 ? [...got, `It printed: ${console.join('; ')}.`] : got
}
