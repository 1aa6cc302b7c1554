/** The story of a write that is reported before it is durable. */
import type { BtrfsWorld } from '../../kernel/btrfs/world.ts'
import { extentsOf } from '../../kernel/btrfs/tree/tree.ts'
import { clip } from '../../kernel/lib/runs.ts'
import { EIOCBQUEUED } from '../../kernel/lib/errno.ts'
import { beat, number, type Beat, type Moment, type Window } from '../beat.ts'

type At = Moment<BtrfsWorld>

const isDsync = (m: At): boolean => m.after.kiocbs['A']?.dsync === true

/** Does what is durable, a log or the last commit, lead to the data of the write? */
const isDurable = ({ durable, disk }: BtrfsWorld): boolean =>
  extentsOf([...durable.items, ...(durable.log ?? [])]).some(
    (item) => item.disk !== 0 && clip(disk.data, item.disk + item.at, item.disk + item.at + item.length).some((run) => run.stamp === 'A'),
  )

const done = (m: At): boolean => m.before.dios['A']?.error === 0

export const beats: readonly Beat<BtrfsWorld>[] = [
  beat('asynchronous', 'aio_write.prepare', {
    when: isDsync,
    says: 'The kiocb has a completion callback and IOCB_DSYNC.',
    stands: ['nowait and dsync iocb'],
  }),
  beat('no-promise', 'aio_write.prepare', {
    when: (m) => !isDsync(m),
    says: 'The kiocb has a completion callback, and not IOCB_DSYNC.',
    instead: 'asynchronous',
  }),
  beat('queued', '__iomap_dio_rw.drop_ref', {
    when: (m) => (m.after.dios['A']?.ref ?? 0) > 0 && m.after.dios['A']?.wait_for_completion === false,
    says: 'Nobody waits for the bio: iomap returns -EIOCBQUEUED.',
    stands: ['-EIOCBQUEUED'],
  }),
  beat('waits', '__iomap_dio_rw.drop_ref', {
    when: (m) => (m.after.dios['A']?.ref ?? 0) > 0 && m.after.dios['A']?.wait_for_completion === true,
    says: 'The submitter waits for its bio.',
    instead: 'queued',
  }),
  beat('bio-first', '__iomap_dio_rw.drop_ref', {
    when: (m) => m.after.dios['A']?.ref === 0,
    says: 'The bio has ended already: the submitter completes the dio by itself.',
    instead: 'queued',
  }),
  beat('no-sync', 'btrfs_direct_write.unlock', {
    when: (m) => isDsync(m) && number(m.was, 'error') === EIOCBQUEUED,
    says: 'btrfs runs fsync only for a write that returned a count; this one did not.',
    stands: ['the sync is skipped'],
  }),
  beat('completed', 'iomap_dio_complete.complete', {
    when: (m) => isDsync(m) && done(m) && m.before.dios['A']?.needSync !== true && m.step.task !== 'A',
    says: 'The bio ends and completes the dio: iomap was told not to sync.',
    stands: ['iomap does not sync'],
  }),
  beat('syncs', 'iomap_dio_complete.complete', {
    when: (m) => done(m) && m.before.dios['A']?.needSync === true,
    says: 'The dio is complete, but for the sync that IOCB_DSYNC asks for: that comes first.',
    instead: 'completed',
  }),
  beat('reported', 'io_submit.io_getevents', {
    when: (m) => (m.after.calls['A']?.returned ?? 0) > 0,
    says: 'The program is told that the write is done.',
    stands: ['reported'],
  }),
  beat('power', 'power_failure.power_cut', {
    when: (m) => !isDurable(m.after),
    says: 'The power fails: neither a log nor a commit leads to the data.',
    stands: ['lost'],
  }),
  beat('power-late', 'power_failure.power_cut', {
    when: (m) => isDurable(m.after),
    says: 'The power fails: what is on the disk leads to the data.',
    instead: 'power',
  }),
]

export const windows: readonly Window<BtrfsWorld>[] = [
  {
    id: 'volatile',
    task: 'a',
    opens: 'iomap_dio_complete.complete',
    closes: 'aio_complete_rw.ki_complete',
    says: 'where the sync has to be: after the data are written and before the write is reported',
  },
]
