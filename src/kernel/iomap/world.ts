/** iomap: struct iomap_dio, by the letter of the task whose kiocb it belongs to. */
import type { World } from '../../engine/procedure.ts'
import type { Letter } from '../../engine/view.ts'
import type { BlockWorld } from '../block/world.ts'
import type { MmWorld } from '../mm/world.ts'
import type { VfsWorld } from '../vfs/world.ts'

/** Source: facts direct-io 6.1 (fields; reference table). */
export interface Dio {
  /** IOMAP_DIO_WRITE */
  readonly write: boolean
  /** i_size when the dio was allocated: a read counts no byte beyond it. */
  readonly i_size: number
  /** Bytes put in bios or filled with zeros. */
  size: number
  ref: number
  /** The task that submits. */
  readonly submitter: Letter
  /** Who holds each reference: `submitter`, or a bio's completion task. */
  holders: string[]
  /** Who held one and dropped it, sorted. */
  dropped: string[]
  error: number
  /** IOMAP_DIO_NEED_SYNC: what is written has to be synced before the dio is complete; absent = no. */
  readonly needSync?: true
  /** IOMAP_DIO_UNWRITTEN: some of it went to unwritten extents; absent = no. */
  unwritten?: true
  /** dio->dops->end_io; absent = there is none. */
  readonly end_io?: string
  readonly done_before: number
  /** submit.waiter: the task that submits; null once the last bio woke it. */
  waiter: Letter | null
  wait_for_completion: boolean
}

export interface IomapWorld {
  dios: Record<Letter, Dio>
  /** Who completed and freed the latest one. */
  freed: Record<Letter, Letter>
}

/** All that iomap works on. */
export type IomapKernel = World & MmWorld & VfsWorld & BlockWorld & IomapWorld

/** What a procedure works for: a task's own kiocb, or (a worker, a bio) the one of another task's request. */
export interface ForRequest {
  /** The letter under which kiocb, iter, buffer and dio are found; absent = the task's own. */
  readonly io?: Letter
}

export const requestOf = (f: ForRequest, t: { readonly letter: Letter }): Letter => f.io ?? t.letter
