/** Staging: one file, a kernel and some callers make a world. Everything not named starts empty, free or zero. */
import { M } from '../../base/range.ts'
import type { Kernel } from '../../engine/procedure.ts'
import type { System, TaskDeclaration } from '../../engine/system.ts'
import type { Letter } from '../../engine/view.ts'
import { cleanRun, setCache } from '../mm/cache.ts'
import { mmProcedures } from '../mm/procedures.ts'
import { emptyMapping, PAGE } from '../mm/world.ts'
import { compareVersions } from '../releases.ts'
import { vfsProcedures } from '../vfs/procedures.ts'
import { addWrite as addAnyWrite, type StagedWrite } from '../vfs/stage.ts'
import { freshVfs } from '../vfs/world.ts'
import { bufferedWrite } from './buffered.ts'
import { bcachefsOperations, fileProcedures } from './file-ops.ts'
import { visible } from './folios.ts'
import { orderOracles, stateOracles } from './oracles.ts'
import { outcomeOf } from './outcome.ts'
import { truncateFile } from './truncate.ts'
import type { BcachefsWorld, BtreeExtent } from './world.ts'
import { bufferedWriteLoop } from './write.ts'
import { writeback } from './writeback.ts'

/** Every bcachefs procedure and those below it; all scenarios run the same ones. */
export const bcachefsProcedures = [
  ...vfsProcedures,
  ...mmProcedures,
  ...fileProcedures,
  bufferedWriteLoop,
  bufferedWrite,
  truncateFile,
  writeback,
]

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
  ...freshVfs(4097, size),
  buffers: {},
  mapping: emptyMapping(),
  pcl: { mode: 'free', holders: [] },
  btree: [...btree],
  writers: {},
  failing: {},
  // Since 6.11-rc1 buffered writes ask for large folios (facts section 1); the largest is what one page table entry of the level above maps.
  fs: { largestFolio: compareVersions(kernel.release, '6.11-rc1') >= 0 ? 2 * M : PAGE, copyPiece },
})

/** A buffered write whose order among the others is judged, as every write is here. */
export const addWrite = (s: BcachefsWorld, write: Omit<StagedWrite, 'buffered' | 'history'>): TaskDeclaration =>
  addAnyWrite(s, { ...write, buffered: true, history: true })

/** The kernel's own writeback, at any moment. */
export const addWriteback = (letter: Letter): TaskDeclaration => ({
  letter,
  name: 'writeback',
  must: false,
  procedure: 'bch2_writepages',
  locals: {},
})

/** What is cached and clean when it begins: the content of the disk. */
export const cache = (s: BcachefsWorld, from: number, to: number): void => setCache(s.mapping, from, to, visible(s, from, to).map(cleanRun))

/** A bcachefs system ready to run, with all oracles. */
export function bcachefsSystem(name: string, world: BcachefsWorld, tasks: readonly TaskDeclaration[]): System<BcachefsWorld> {
  const start = { size: world.inode.i_size, runs: visible(world, 0, world.inode.i_size) }
  return {
    name,
    procedures: bcachefsProcedures,
    world,
    tasks,
    operations: bcachefsOperations,
    oracles: [...stateOracles, ...orderOracles(start)],
    outcome: outcomeOf,
  }
}
