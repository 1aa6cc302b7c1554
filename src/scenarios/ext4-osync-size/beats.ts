/** The story of a size that was synced too early. */
import { size } from '../../base/range.ts'
import type { Ext4World } from '../../kernel/ext4/world.ts'
import { beat, type Beat, type Moment, type Window } from '../beat.ts'

type M = Moment<Ext4World>

const waits = (s: Ext4World): number => s.inode.i_size - s.ei.raw.size
const result = (m: M): number => m.after.calls[m.step.task]?.returned ?? 0
const blocks = ({ after }: M): string => (after.journal.durable.extents.length > 0 ? 'the blocks,' : 'no blocks yet, but')
const toCommit = ({ after }: M): string =>
  `the transaction that changed the inode last has to be durable; it has ${waits(after) > 0 ? 'the old' : 'the'} size ${size(after.ei.raw.size)}.`
/** What a power failure would do to the file, if it would do something. */
const ifCut = ({ after }: M): string =>
  after.journal.durable.size < after.inode.i_size ? `; a replay would find a size of ${size(after.journal.durable.size)}` : ''

export const beats: readonly Beat<Ext4World>[] = [
  beat('orphan', 'ext4_dio_write_iter.orphan_add', {
    says: (m) => `The write will grow the file: the inode goes on the orphan list, with its size of ${size(m.after.ei.raw.size)}.`,
    stands: ['the inode is on the orphan list meanwhile'],
  }),
  beat('blocks', 'ext4_iomap_begin.map_blocks', {
    when: (m) => m.after.ei.raw.extents.length > m.before.ei.raw.extents.length,
    says: (m) => `Blocks are allocated behind the end, in transaction ${m.after.journal.running}.`,
    stands: [],
  }),
  beat('memory', 'ext4_dio_write_end_io.i_size_write', {
    when: (m) => m.after.inode.i_size > m.before.inode.i_size,
    says: (m) =>
      `The data are written. end_io sets i_size to ${size(m.after.inode.i_size)} in memory; the journal has ${size(m.after.ei.raw.size)} as before.`,
    stands: ['the size is updated in memory'],
  }),
  beat('journaled', 'ext4_dio_write_end_io.inode_extension', {
    when: (m) => m.after.ei.raw.size > m.before.ei.raw.size,
    says: (m) =>
      `The data are written. end_io sets the size to ${size(m.after.ei.raw.size)} and takes the inode off the orphan list, in transaction ${m.after.journal.running}.`,
    instead: 'memory',
  }),
  beat('sync', 'ext4_sync_file.find_transaction', {
    task: 'A',
    says: (m) => `O_SYNC: ${toCommit(m)}`,
    stands: ['iomap syncs the file'],
  }),
  beat('fsync', 'ext4_sync_file.find_transaction', {
    task: 'F',
    says: (m) => `fsync(): ${toCommit(m)}`,
    instead: 'sync',
  }),
  beat('durable', 'jbd2_journal_commit_transaction.commit_record', {
    when: (m) => m.after.journal.durable.orphan,
    says: (m) =>
      `Transaction ${m.after.journal.committed} is durable. It has ${blocks(m)} the orphan mark, and the size ${size(m.after.journal.durable.size)}.`,
    stands: ['what is durable is the old size'],
  }),
  beat('durable-size', 'jbd2_journal_commit_transaction.commit_record', {
    when: (m) => !m.after.journal.durable.orphan,
    says: (m) => `Transaction ${m.after.journal.committed} is durable. It has the size ${size(m.after.journal.durable.size)}.`,
    instead: 'durable',
  }),
  beat('size-after', 'ext4_dio_write_iter.handle_inode_extension', {
    when: (m) => m.after.ei.raw.size > m.before.ei.raw.size,
    says: (m) =>
      `iomap has returned. Only now the size ${size(m.after.ei.raw.size)} goes into the journal: into transaction ${m.after.journal.running}, which the write does not wait for.`,
    stands: ['the size is updated after that'],
  }),
  beat('acknowledged', ['write.return', 'io_submit.io_getevents'], {
    when: (m) => result(m) > 0 && m.after.kiocbs[m.step.task]?.dsync === true,
    says: (m) => `The program is told that its ${size(result(m))} are on the disk${ifCut(m)}.`,
    stands: ['the write is acknowledged'],
  }),
  beat('returned', ['write.return', 'io_submit.io_getevents'], {
    when: (m) => result(m) > 0 && m.after.kiocbs[m.step.task]?.dsync !== true,
    says: (m) => `The program is told that its ${size(result(m))} are written, and no more${ifCut(m)}.`,
    instead: 'acknowledged',
  }),
  beat('cut', 'power_failure.recover_journal', {
    when: (m) => m.before.journal.durable.orphan,
    says: (m) => `The power has failed. The mount finds the inode on the orphan list and cuts the file to ${size(m.after.inode.i_size)}.`,
    stands: ['the size is gone'],
  }),
  beat('kept', 'power_failure.recover_journal', {
    when: (m) => !m.before.journal.durable.orphan,
    says: (m) => `The power has failed. The mount finds the file ${size(m.after.inode.i_size)} long.`,
    instead: 'cut',
  }),
]

export const windows: readonly Window<Ext4World>[] = [
  {
    id: 'volatile',
    task: 'A',
    opens: 'ext4_sync_file.complete_transaction',
    closes: 'write.return',
    when: (m: M) => waits(m.after) > 0,
    says: 'the file is synced, and its new size is in memory alone; nothing that follows waits for it to be durable',
  },
]
