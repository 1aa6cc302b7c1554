/** Staging: one file, a kernel and some callers make a world. Everything not named starts empty, free or zero. */
import type { Kernel } from '../../engine/procedure.ts'
import type { System, TaskDeclaration } from '../../engine/system.ts'
import type { Letter } from '../../engine/view.ts'
import { freeLock } from '../lib/locks.ts'
import { compareVersions } from '../releases.ts'
import { M } from '../../base/range.ts'
import { PAGE } from '../mm/world.ts'
import { backgroundProcedures } from './background.ts'
import { bufferedWrite } from './buffered.ts'
import { callProcedures } from './calls.ts'
import { visible } from './folios.ts'
import { operation } from './history.ts'
import { stateOracles } from './oracles.ts'
import { orderOracles } from './oracles.order.ts'
import { outcomeOf } from './outcome.ts'
import { truncateProcedures } from './truncate.ts'
import { bufferedWriteLoop } from './write.ts'
import type { BcachefsWorld, BtreeExtent } from './world.ts'

/** Every bcachefs procedure; all scenarios run the same ones. */
export const bcachefsProcedures = [...callProcedures, bufferedWriteLoop, bufferedWrite, ...truncateProcedures, ...backgroundProcedures]

/** bcachefs was merged in 6.7 and taken out of the kernel tree in 6.18. */
export const unavailable = (release: string): string | null =>
  compareVersions(release, '6.7') < 0
    ? 'not applicable: bcachefs was merged in 6.7'
    : compareVersions(release, '6.18') >= 0
      ? 'not applicable: bcachefs left the kernel tree with 6.18'
      : null

export interface Staging {
  readonly kernel: Kernel
  readonly setting: Readonly<Record<string, string>>
  readonly size: number
  readonly btree: readonly BtreeExtent[]
  /** In how many pieces a copy from user space goes, so that a reader can come in between: bytes a piece, 0 = not cut. */
  readonly copyPiece?: number
}

export const stageWorld = ({ kernel, setting, size, btree, copyPiece = 0 }: Staging): BcachefsWorld => ({
  kernel,
  setting,
  buffers: {},
  mapping: { runs: [], locked: [], writable: [] },
  fresh: [],
  inode: { ino: 4097, i_size: size, i_dio_count: 0 },
  locks: { i_rwsem: freeLock() },
  pcl: { mode: 'free', holders: [] },
  kiocbs: {},
  iters: {},
  calls: {},
  btree: [...btree],
  writers: {},
  files: {},
  ops: {},
  failing: {},
  // Since 6.11-rc1 buffered writes ask for large folios (facts section 1); the largest is what one page table entry of the level above maps.
  fs: { largestFolio: compareVersions(kernel.release, '6.11-rc1') >= 0 ? 2 * M : PAGE, copyPiece },
  dmesg: [],
})

export interface StagedWrite {
  readonly letter: Letter
  readonly from: number
  readonly length: number
  /** The descriptor whose position a write(2) uses; absent = pwrite(2). */
  readonly fd?: string
}

/** A buffered write of a buffer that is all there and holds the task's stamp. */
export function addWrite(s: BcachefsWorld, { letter, from, length, fd }: StagedWrite): TaskDeclaration {
  const whole = { from: 0, to: length }
  s.buffers[letter] = { length, content: [{ ...whole, stamp: letter }], present: [whole], pinned: [] }
  s.kiocbs[letter] = { ki_pos: from, append: false, direct: false }
  s.iters[letter] = { offset: 0, count: length }
  s.ops[letter] = operation(letter, 'write', from, from + length)
  const text = fd === undefined ? `pwrite(fd, buf, ${length}, ${from})` : `write(${fd}, buf, ${length})`
  s.calls[letter] = { text, returned: null }
  return { letter, name: text, must: true, procedure: 'write', locals: { task: letter, fd: fd ?? null, result: 0 } }
}

export function addTruncate(s: BcachefsWorld, letter: Letter, to: number): TaskDeclaration {
  s.ops[letter] = operation(letter, 'truncate', to, to)
  s.calls[letter] = { text: `ftruncate(fd, ${to})`, returned: null }
  return { letter, name: `ftruncate(fd, ${to})`, must: true, procedure: 'ftruncate', locals: { to, result: 0 } }
}

export function addRead(s: BcachefsWorld, letter: Letter, from: number, to: number): TaskDeclaration {
  s.ops[letter] = operation(letter, 'read', from, to)
  const text = `pread(fd, buf, ${to - from}, ${from})`
  s.calls[letter] = { text, returned: null }
  return { letter, name: text, must: true, procedure: 'read', locals: { op: letter, from, to, value: '' } }
}

/** What is cached and clean when it begins: the content of the disk. */
export function cache(s: BcachefsWorld, from: number, to: number): void {
  const runs = visible(s, from, to).map((run) => ({ from: run.from, to: run.to, stamp: run.stamp, dirty: false, writeback: false }))
  s.mapping.runs = [...s.mapping.runs, ...runs].sort((a, b) => a.from - b.from)
}

/** A bcachefs system ready to run, with all oracles. */
export function bcachefsSystem(name: string, world: BcachefsWorld, tasks: readonly TaskDeclaration[]): System<BcachefsWorld> {
  const start = { size: world.inode.i_size, runs: visible(world, 0, world.inode.i_size) }
  return {
    name,
    procedures: bcachefsProcedures,
    world,
    tasks,
    operations: {},
    oracles: [...stateOracles, ...orderOracles(start)],
    outcome: outcomeOf,
  }
}
