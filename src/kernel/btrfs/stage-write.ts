/** Staging a direct or buffered write: its buffer, its kiocb, and the task that makes the call. */
import type { TaskDeclaration } from '../../engine/system.ts'
import type { Letter } from '../../engine/view.ts'
import { PAGE } from '../mm/world.ts'
import { freshRequest } from '../vfs/world.ts'
import type { BtrfsWorld } from './world.ts'

export interface StagedWrite {
  readonly letter: Letter
  /** Bytes, whole pages. */
  readonly length: number
  /** Leading pages of the buffer that are in the page table. */
  readonly resident: number
  /** Somebody has filled the memory, if only through another page table; otherwise what is not present was never touched. */
  readonly filled: boolean
  /** O_APPEND; otherwise it begins at `at`. */
  readonly append: boolean
  readonly at?: number
  readonly dsync?: boolean
  /** The open file it is made through, if there are several. */
  readonly file?: string
  readonly buffered?: boolean
  /** Submitted through libaio. */
  readonly aio?: boolean
  /** Memory of another kind: registered with io_uring, or an address where nothing is mapped. */
  readonly memory?: 'registered' | 'unmapped'
  /** How many bytes into the first page the buffer begins. */
  readonly misaligned?: number
}

/** Puts the write into the world. @returns its task. */
export function addWrite(s: BtrfsWorld, write: StagedWrite): TaskDeclaration {
  const { letter, length, filled, append, at = 0, dsync = false, file = 'fd', buffered = false, aio = false, misaligned = 0 } = write
  const memory = length + (misaligned > 0 ? PAGE : 0)
  const present = write.memory === 'unmapped' ? 0 : Math.min(write.resident * PAGE, memory)
  s.buffers[letter] = {
    length: memory,
    content: filled ? [{ from: 0, to: memory, stamp: letter }] : present > 0 ? [{ from: 0, to: present, stamp: `0${letter}` }] : [],
    present: present > 0 ? [{ from: 0, to: present }] : [],
    pinned: [],
    ...(write.memory === 'registered' ? { registered: true as const } : {}),
    ...(write.memory === 'unmapped' ? { unmapped: true as const } : {}),
  }
  s.kiocbs[letter] = {
    ki_pos: at,
    append,
    direct: !buffered,
    ...(dsync ? { dsync } : {}),
    ...(file === 'fd' ? {} : { file }),
    ...(aio ? { ki_complete: 'aio_complete_rw' } : {}),
  }
  if (aio) s.requests[letter] = freshRequest(length)
  s.iters[letter] = { offset: misaligned, count: length }
  const text = aio
    ? `io_submit(pwrite, ${length} bytes at ${at})`
    : append
      ? `write(${file}, buf, ${length})`
      : `pwrite(${file}, buf, ${length}, ${at})`
  s.calls[letter] = { text, returned: null }
  const flags = [append ? 'O_APPEND' : '', buffered ? '' : 'O_DIRECT', dsync ? 'O_DSYNC' : ''].filter((flag) => flag !== '').join(' | ')
  return {
    letter,
    name: `${text}${flags === '' ? '' : `, ${flags}`}`,
    must: true,
    procedure: aio ? 'io_submit' : buffered ? 'write_buffered' : 'write',
    locals: { result: 0, ...(dsync ? { dsync } : {}), ...(file === 'fd' ? {} : { file }) },
  }
}
