/** The part of a write that every file system shares: where it begins. */
import { must } from '../lib/must.ts'
import type { Letter } from '../../engine/view.ts'
import type { VfsWorld } from './world.ts'

/**
 * generic_write_checks(): an O_APPEND write begins at i_size as it is now. Called with the inode lock held.
 * Source: facts direct-io A.3 A3; fs/read_write.c v6.1.
 */
export function genericWriteChecks(s: Pick<VfsWorld, 'inode' | 'kiocbs'>, task: Letter): void {
  const iocb = must(s.kiocbs[task])
  if (iocb.append) iocb.ki_pos = s.inode.i_size
}

/** Bytes that the CPU copied for this task's call. */
export function countCopy(s: VfsWorld, task: Letter, bytes: number): void {
  const call = s.calls[task]
  if (call) call.copied = (call.copied ?? 0) + bytes
}
