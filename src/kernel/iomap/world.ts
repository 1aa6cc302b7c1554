/** iomap: struct iomap_dio, by the letter of the task that submits it. */
import type { Letter } from '../../engine/view.ts'

/** Source: facts direct-io 6.1 (fields; reference table). */
export interface Dio {
  /** Bytes put in bios. */
  size: number
  ref: number
  /** Who holds each reference: `submitter`, or a bio's completion task. */
  holders: string[]
  error: number
  readonly done_before: number
  /** Null once the last bio woke the submitter. */
  waiter: Letter | null
  wait_for_completion: boolean
}

export interface IomapWorld {
  dios: Record<Letter, Dio>
}
