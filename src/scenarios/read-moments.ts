/** Moments of one direct read, for the scenarios that stage it (`read.ts`). */
import { range, size } from '../base/range.ts'
import { has } from '../engine/procedure.ts'
import type { BtrfsWorld } from '../kernel/btrfs/world.ts'
import { EAGAIN, EFAULT, errorName } from '../kernel/lib/errno.ts'
import { beat, number, type Beat, type Moment, type Window } from './beat.ts'
import { ioOf, iterBefore, iterOf, mappingOf } from './btrfs-moments.ts'

type At = Moment<BtrfsWorld>

const dioOf = (m: At) => m.after.dios[ioOf(m)]
const pinned = (m: At): number => number(m.locals, 'pinned')
const mapText = (m: At): string => range(mappingOf(m)?.offset ?? 0, (mappingOf(m)?.offset ?? 0) + (mappingOf(m)?.length ?? 0))
/** Does the mapping reach as far as the read does? */
const coversAll = (m: At): boolean => (mappingOf(m)?.length ?? 0) >= number(m.was, 'length')
const submitted = 'btrfs_dio_iomap_begin.map_extent'

export const faultsDisabled = (stands: readonly string[]): Beat<BtrfsWorld> =>
  beat('partial', 'btrfs_direct_read.again', { says: 'btrfs disables page faults and lets iomap keep a partial result.', stands })

export const allocated = (stands: readonly string[]): Beat<BtrfsWorld> =>
  beat('alloc', '__iomap_dio_rw.alloc_dio', {
    when: (m) => dioOf(m)?.ref === 1 && dioOf(m)?.size === 0,
    says: "iomap allocates the dio: one reference, the submitter's, and nothing submitted.",
    stands,
  })

/** The first mapping: whole, short, or refused. */
export const mapped = (id: string, stands: readonly string[]): readonly Beat<BtrfsWorld>[] => [
  beat(id, submitted, {
    when: (m) => mappingOf(m)?.error === 0 && number(m.was, 'pos') === 0,
    says: (m) =>
      `The first mapping is ${mapText(m)}: ${coversAll(m) ? 'all of the request' : 'less than the request'}${mappingOf(m)?.hole ? ', and nothing is there' : ''}.`,
    stands,
  }),
  beat('refused', submitted, {
    when: (m) => mappingOf(m)?.error === EAGAIN,
    says: 'The first mapping is shorter than a request that may not wait: -EAGAIN, before anything is submitted.',
    instead: id,
  }),
]

export const nextMapped = (id: string, stands: readonly string[]): Beat<BtrfsWorld> =>
  beat(id, submitted, {
    when: (m) => mappingOf(m)?.error === 0 && number(m.was, 'pos') > 0,
    says: (m) => `What is left is mapped: ${mapText(m)}${coversAll(m) ? ', all of the rest' : ''}.`,
    stands,
  })

export const pinnedFirst = (stands: readonly string[]): Beat<BtrfsWorld> =>
  beat('pin', '__iomap_dio_rw.pin_pages', {
    when: (m) => has(m.after, '51bd9563b678') && pinned(m) > 0 && iterOf(m).offset === 0,
    says: (m) => `The first ${size(pinned(m))} of the buffer are in the page table: they can be pinned without a fault.`,
    stands,
  })

export const submittedPart = (stands: readonly string[]): readonly Beat<BtrfsWorld>[] => [
  beat('submit', '__iomap_dio_rw.submit_bio', {
    when: (m) => iterBefore(m).offset === 0 && iterOf(m).count > 0 && dioOf(m)?.ref === 2,
    says: (m) =>
      `A bio for the first ${size(iterOf(m).offset)} is submitted: it holds a second reference. ${size(iterOf(m).count)} are left.`,
    stands,
  }),
  beat('submit-all', '__iomap_dio_rw.submit_bio', {
    when: (m) => iterBefore(m).offset === 0 && iterOf(m).count === 0 && dioOf(m)?.ref === 2,
    says: (m) => `A bio for all ${size(iterOf(m).offset)} is submitted: it holds a second reference.`,
    instead: 'submit',
  }),
]

export const efault = (stands: readonly string[]): Beat<BtrfsWorld> =>
  beat('efault', '__iomap_dio_rw.pin_pages', {
    when: (m) => pinned(m) === 0 && number(m.was, 'processed') === 0,
    says: (m) => `The page of the buffer at ${size(iterOf(m).offset)} is not in the page table: pinning it fails with -EFAULT.`,
    stands,
  })

/** A partial result with -EFAULT: who waits for it? */
export const claimed = (stands: readonly string[]): readonly Beat<BtrfsWorld>[] => [
  beat('classify', '__iomap_dio_rw.classify', {
    when: (m) => number(m.was, 'result') === EFAULT && dioOf(m)?.error === 0 && m.locals['wait'] === false,
    says: 'A part is submitted, so the error is taken back; but a NOWAIT request is not made to wait.',
    stands,
  }),
  beat('classify-wait', '__iomap_dio_rw.classify', {
    when: (m) => dioOf(m)?.error === 0 && m.locals['wait'] === true,
    says: 'A part is submitted, so the error is taken back; the submitter will wait for it.',
    instead: 'classify',
  }),
]

const inFlight = (m: At): boolean => (dioOf(m)?.ref ?? 0) > 0

export const queued = (stands: readonly string[]): readonly Beat<BtrfsWorld>[] => [
  beat('queued', '__iomap_dio_rw.drop_ref', {
    when: (m) => inFlight(m) && dioOf(m)?.wait_for_completion === false && dioOf(m)?.error === 0 && iterOf(m).count > 0,
    says: (m) => `The submitter drops its reference and returns -EIOCBQUEUED. ${size(iterOf(m).count)} were never submitted.`,
    stands,
  }),
  beat('queued-all', '__iomap_dio_rw.drop_ref', {
    when: (m) => inFlight(m) && dioOf(m)?.wait_for_completion === false && iterOf(m).count === 0,
    says: 'The submitter drops its reference and returns -EIOCBQUEUED: all of the request is submitted.',
    instead: 'queued',
  }),
  beat('sleeps', '__iomap_dio_rw.drop_ref', {
    when: (m) => inFlight(m) && dioOf(m)?.wait_for_completion === true,
    says: 'The submitter drops its reference and sleeps until the last bio wakes it.',
    instead: 'queued',
  }),
  beat('own-last', '__iomap_dio_rw.drop_ref', {
    when: (m) => dioOf(m)?.ref === 0,
    says: 'The submitter drops the last reference, and completes the dio itself.',
    instead: 'queued',
  }),
]

const refOf = (m: At): number => (typeof m.was['dio'] === 'string' ? (m.before.dios[m.was['dio']]?.ref ?? NaN) : NaN)
const completes = (m: At): boolean => m.next?.procedure === 'iomap_dio_complete'

export const lastRef = (stands: readonly string[]): readonly Beat<BtrfsWorld>[] => [
  beat('last-ref', 'iomap_dio_bio_end_io.put_ref', {
    when: (m) => refOf(m) === 1 && completes(m),
    says: 'The bio ends and drops the last reference: nobody waits, so it completes the dio.',
    stands,
  }),
  beat('wakes', 'iomap_dio_bio_end_io.put_ref', {
    when: (m) => refOf(m) === 1 && !completes(m),
    says: 'The bio ends, drops the last reference and wakes the submitter.',
    instead: 'last-ref',
  }),
  beat('not-last', 'iomap_dio_bio_end_io.put_ref', {
    when: (m) => refOf(m) > 1,
    says: (m) => `The bio ends and drops its reference; ${refOf(m) - 1} more ${refOf(m) === 2 ? 'is' : 'are'} held.`,
    instead: 'last-ref',
  }),
]

const moved = (m: At): number => (m.after.kiocbs[ioOf(m)]?.ki_pos ?? NaN) - (m.before.kiocbs[ioOf(m)]?.ki_pos ?? NaN)

export const completed = (stands: readonly string[]): Beat<BtrfsWorld> =>
  beat('complete', 'iomap_dio_complete.complete', {
    when: (m) => m.before.dios[ioOf(m)]?.error === 0,
    says: (m) => `The dio ends with ${size(moved(m))}, and ki_pos moves by as much.`,
    stands,
  })

const request = (m: At) => m.after.requests[ioOf(m)]

export const cqe = (stands: readonly string[]): Beat<BtrfsWorld> =>
  beat('cqe', ['io_complete_rw.ki_complete', 'aio_complete_rw.ki_complete'], {
    says: (m) =>
      `ki_complete() posts a completion event with res = ${size(request(m)?.res ?? 0)}: final${number(m.was, 'result') < (request(m)?.expected ?? 0) ? ', although more was asked for' : ''}.`,
    stands,
  })

const got = (m: At): number => m.after.requests[String(m.was['io'])]?.res ?? NaN

export const printed = (stands: readonly string[]): readonly Beat<BtrfsWorld>[] => [
  beat('printed', 'wait_for_event.print', {
    when: (m) => got(m) >= 0 && got(m) < number(m.was, 'expected'),
    says: (m) => `The program has ${size(got(m))} of the ${size(number(m.was, 'expected'))} that it asked for.`,
    stands,
  }),
  beat('printed-all', 'wait_for_event.print', {
    when: (m) => got(m) === number(m.was, 'expected'),
    says: (m) => `The program has all ${size(got(m))} that it asked for.`,
    instead: 'printed',
  }),
  beat('printed-error', 'wait_for_event.print', {
    when: (m) => got(m) < 0,
    says: (m) => `The program is told ${errorName(got(m))}.`,
    instead: 'printed',
  }),
]

/** In which the order of bio and submitter decides. */
export const race: Window<BtrfsWorld> = {
  id: 'race',
  task: 'S',
  opens: '__iomap_dio_rw.submit_bio',
  closes: '__iomap_dio_rw.drop_ref',
  when: (m) => iterOf(m).count > 0,
  says: 'a bio that ends here leaves its reference to the submitter; where all have ended, the submitter completes the dio itself',
}
