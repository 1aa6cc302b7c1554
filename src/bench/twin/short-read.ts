/** A direct read whose submitter and bios share a reference count, statement for statement what short-read.pml says. */
import { finallyHolds } from '../../engine/oracle.ts'
import { goto, procedure, ret, step, type Procedure, type World } from '../../engine/procedure.ts'
import type { System } from '../../engine/system.ts'
import { letters, nothing, outcomeOf, twinKernel } from './system.ts'

interface ReadWorld extends World {
  /** struct iomap_dio; `size` in pages, one a bio. */
  dio: { ref: number; size: number; wait_for_completion: boolean; woken: boolean }
  /** Pages that the request is completed with. */
  result: number
}

interface Bio {
  /** Its place among the bios, from 1. */
  nth: number
}

const source = { file: 'short-read.pml', at: 'twin' }
const row = 'short-read.pml'

/** Who waits for the bios when the rest could not be submitted: as in 5.16, or with the fix. In the order of FIX. */
export const waiters = ['nobody', 'submitter'] as const
type Waiter = (typeof waiters)[number]

/** The submitter of `n` bios. */
const submitter = (n: number, waiter: Waiter): Procedure =>
  procedure<ReadWorld, object>('submitter', source, [
    step('alloc_dio', "allocates the dio with the submitter's reference", { row }, (s) => {
      s.dio.ref = 1
    }),
    step('submit_bio', 'submits a bio of one page with a reference of its own', { row }, (s) => {
      s.dio.ref++
      s.dio.size++
      return s.dio.size < n ? goto('submit_bio') : undefined
    }),
    step('pin', 'the last page is absent: -EFAULT', { row }, nothing),
    step('classify', 'a part is submitted, so the error is taken back', { row }, (s) => {
      s.dio.wait_for_completion = waiter === 'submitter'
    }),
    step('drop_ref', "drops the submitter's reference", { row }, (s) => {
      s.dio.ref--
      if (s.dio.ref === 0) return goto('fault_in')
      return s.dio.wait_for_completion ? undefined : ret()
    }),
    step(
      'wait',
      'the last bio has woken the submitter',
      { row, when: (s) => (s.dio.woken ? null : { on: 'dio->ref', heldBy: [] }) },
      nothing,
    ),
    step('fault_in', 'faults the last page in', { row }, nothing),
    step('read_rest', 'reads the rest', { row }, (s) => {
      s.result = s.dio.size + 1
    }),
  ])

const bio = procedure<ReadWorld, Bio>('bio', source, [
  step('dma', 'the data arrive', { row, when: (s, f) => (s.dio.size >= f.nth ? null : { on: 'submission', heldBy: ['S'] }) }, nothing),
  step('put_ref', "drops the bio's reference", { row }, (s) => {
    s.dio.ref--
    if (s.dio.ref > 0) return ret()
    if (!s.dio.wait_for_completion) return undefined
    s.dio.woken = true
    return ret()
  }),
  step('complete', 'completes the request with what has been read', { row }, (s) => {
    s.result = s.dio.size
  }),
])

/** A read of `n` + 1 pages of which `n` are read by bios. */
export function shortRead(n: number, waiter: Waiter): System {
  const asked = n + 1
  const system: System<ReadWorld> = {
    name: `a read with ${n} bios, ${waiter} waits`,
    procedures: [submitter(n, waiter), bio],
    world: { kernel: twinKernel, setting: {}, dio: { ref: 0, size: 0, wait_for_completion: false, woken: false }, result: 0 },
    tasks: [
      { letter: 'S', name: 'read', must: true, procedure: 'submitter', locals: {} },
      ...letters(n).map((letter, i) => ({ letter, name: 'bio', must: true, procedure: 'bio', locals: { nth: i + 1 } })),
    ],
    operations: {},
    oracles: [
      finallyHolds<ReadWorld>({
        id: 'whole',
        kind: 'verdict',
        says: 'the read ends with all pages',
        judge: (s) => (s.result === asked ? null : `${s.result} of ${asked} pages`),
      }),
    ],
    outcome: (s, returned) => outcomeOf(s.result, returned),
  }
  return system as unknown as System
}
