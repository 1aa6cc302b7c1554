/** The story of two writes on one another. */
import { range, size } from '../../base/range.ts'
import type { Ext4World } from '../../kernel/ext4/world.ts'
import type { Kiocb } from '../../kernel/vfs/world.ts'
import { beat, type Beat, type Moment, type Window } from '../beat.ts'

type M = Moment<Ext4World>

const ki_pos = (m: M, of: Ext4World = m.after): number => (of.kiocbs[m.step.task] as Kiocb).ki_pos
const length = (m: M): number => m.after.buffers[m.step.task]?.length ?? 0
const returned = (m: M): number => m.after.calls[m.step.task]?.returned ?? 0
const f_pos = (m: M): number => m.after.files['fd']?.f_pos ?? 0
/** What end_io has answered. */
const answered = (m: M): number => Number(m.locals['ended'])
const moved = (m: M): boolean => ki_pos(m) > ki_pos(m, m.before)
/** What the disk had where the bio of this step goes, that a call had written. */
const replaced = (m: M): string | null => {
  const bio = m.before.bios[m.step.task]
  const run = bio && m.before.disk.data.find(({ from, to }) => from <= bio.disk && bio.disk < to)
  return run && run.stamp in m.before.calls ? run.stamp : null
}
const writerOf = (m: M): string => {
  const memory = m.before.bios[m.step.task]?.memory
  return typeof memory === 'object' ? memory.buffer : ''
}
const bioOf = (m: M): string => {
  const bio = m.before.bios[m.step.task]
  return bio ? range(bio.offset, bio.offset + bio.length) : ''
}

export const beats: readonly Beat<Ext4World>[] = [
  beat('first', 'ext4_dio_write_iter.write_checks', {
    task: 'A',
    says: (m) => `A's write begins at ${size(ki_pos(m))}.`,
    stands: ['the first write'],
  }),
  beat('size', 'ext4_dio_write_end_io.inode_extension', {
    when: (m) => m.after.inode.i_size > m.before.inode.i_size,
    says: (m) =>
      `When its data are written, end_io raises the size to ${size(m.after.inode.i_size)}, in a transaction, and answers with the number of bytes.`,
    stands: ['end_io sets the size and returns the bytes'],
  }),
  beat('size-in-memory', 'ext4_dio_write_end_io.i_size_write', {
    when: (m) => m.after.inode.i_size > m.before.inode.i_size,
    says: (m) => `When its data are written, end_io raises i_size to ${size(m.after.inode.i_size)}, in memory, and answers 0.`,
    instead: 'size',
  }),
  beat('stays', 'iomap_dio_complete.complete', {
    task: 'A',
    when: (m) => !moved(m) && answered(m) > 0,
    says: (m) => `iomap takes the answer, ${size(answered(m))}, for the result; the position it leaves at ${size(ki_pos(m))}.`,
    stands: ['a positive answer does not move ki_pos'],
  }),
  beat('moves', 'iomap_dio_complete.complete', {
    task: 'A',
    when: moved,
    says: (m) => `iomap moves the position to ${size(ki_pos(m))}.`,
    instead: 'stays',
  }),
  beat('returned', 'write.return', {
    task: 'A',
    when: (m) => returned(m) > 0,
    says: (m) => `A's call returns ${size(returned(m))}; the position of the descriptor is ${size(f_pos(m))}.`,
    stands: ['write() returns the bytes'],
  }),
  beat('second', 'ext4_dio_write_iter.write_checks', {
    task: 'B',
    says: (m) => `B's write begins at ${size(ki_pos(m))}.`,
    stands: ['the second write begins where the first did'],
  }),
  beat('inside', 'ext4_dio_write_iter.dio_write_checks', {
    task: 'B',
    when: (m) => m.locals['extend'] === false && m.after.locks.i_rwsem.mode === 'shared',
    says: (m) =>
      `${range(ki_pos(m), ki_pos(m) + length(m))} is inside the file, and one mapping covers it: for ext4 this is an overwrite, and nothing has to be allocated.`,
    stands: ['metadata are in order'],
  }),
  beat('over', 'submit_bio.dma', {
    when: (m) => replaced(m) !== null,
    says: (m) => `${writerOf(m)}'s data go over those of ${replaced(m)}, to ${bioOf(m)}.`,
    stands: ['the data of the first are overwritten'],
  }),
  beat('told', 'write.return', {
    task: 'B',
    when: (m) => returned(m) > 0,
    says: (m) => `B's call returns ${size(returned(m))}; the file is ${size(m.after.inode.i_size)} long.`,
    stands: ['the file has the second write alone'],
  }),
]

export const windows: readonly Window<Ext4World>[] = []
