/** Every file system there is, once. Tests and the command line iterate it; a scenario imports its own file system's stage alone. */
import type { Procedure } from '../engine/procedure.ts'
import { bcachefsOperations } from './bcachefs/file-ops.ts'
import { bcachefsProcedures } from './bcachefs/stage.ts'
import { btrfsOperations } from './btrfs/file-ops.ts'
import { btrfsProcedures } from './btrfs/stage.ts'
import { ext4Operations, ext4Procedures } from './ext4/stage.ts'
import type { OperationTable } from './lib/operations.ts'

export interface FileSystem {
  /** Its folder under `kernel`, and under `fs` in the kernel's tree. */
  readonly id: string
  readonly title: string
  /** The first release that has it, and the first that has it no more; null = all that are modelled. */
  readonly since: string | null
  readonly until: string | null
  /** All that a system of it can run. */
  readonly procedures: readonly Procedure[]
  readonly operations: OperationTable
  /** Folders in the kernel's tree whose code is modelled in its folder, beside `fs/<id>/`. */
  readonly trees: readonly string[]
}

export const fileSystems: readonly FileSystem[] = [
  { id: 'btrfs', title: 'btrfs', since: null, until: null, procedures: btrfsProcedures, operations: btrfsOperations, trees: [] },
  {
    id: 'bcachefs',
    title: 'bcachefs',
    since: '6.7',
    until: '6.18',
    procedures: bcachefsProcedures,
    operations: bcachefsOperations,
    trees: [],
  },
  { id: 'ext4', title: 'ext4', since: null, until: null, procedures: ext4Procedures, operations: ext4Operations, trees: ['fs/jbd2'] },
]
