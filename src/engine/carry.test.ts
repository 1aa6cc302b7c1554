import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { act, await_, onlyWith, onlyWithout, patched, toy, type Cells, type ToyRow } from '../testing/toy.ts'
import { carry } from './carry.ts'
import { Machine } from './machine.ts'
import { goto, step } from './procedure.ts'
import { parseSchedule } from './schedule.ts'
import type { System } from './system.ts'
import { replay } from './trace.ts'

const plain = (label: string): ToyRow => act(label, () => undefined)
const fix = 'f1f1f1f1f1f1'
const lock = (label: string): ToyRow =>
  await_(
    label,
    'the lock',
    (cell) => cell['lock'] === 0,
    (cell) => void (cell['lock'] = 1),
  )
const unlock = (label: string): ToyRow => act(label, (cell) => void (cell['lock'] = 0))

/** Runs `choices` without the fix and carries them to the kernel with it (or the other way round). */
function carried(system: System<Cells>, choices: string, more: { readonly finish?: boolean; readonly back?: boolean } = {}) {
  const [from, to] = more.back ? [patched(system, fix), system] : [system, patched(system, fix)]
  const original = replay(new Machine(from), parseSchedule(choices))
  expect(original.diverged).toBeNull()
  const result = carry(original.trace, new Machine(to), more.finish ?? false)
  return { ...result, choices: result.trace.choices, labels: result.trace.infos.map(({ label }) => label).join(' ') }
}

describe('a schedule that is carried to another kernel', () => {
  const oneMore = toy({}, { A: { rows: [plain('a1'), onlyWith(fix, plain('extra')), plain('a2')] }, B: { rows: [plain('b1')] } })

  it('runs a step that only this kernel has together with the step before it', () => {
    const { labels, after, diverged } = carried(oneMore, 'A1B1A1')
    expect(labels).toBe('a1 extra b1 a2')
    expect(after).toEqual([0, 2, 3, 4])
    expect(diverged).toBeNull()
  })

  it('passes over a step that only the first kernel has', () => {
    const { labels, after, diverged } = carried(oneMore, 'A2B1A1', { back: true })
    expect(labels).toBe('a1 b1 a2')
    expect(after).toEqual([0, 1, 1, 2, 3])
    expect(diverged).toBeNull()
  })

  it('runs a step of its own that comes before the first shared one together with that', () => {
    const first = toy({}, { A: { rows: [onlyWith(fix, plain('extra')), plain('a1')] }, B: { rows: [plain('b1')] } })
    expect(carried(first, 'B1A1').labels).toBe('b1 extra a1')
  })

  it('swaps one step for another where the kernels differ in it', () => {
    const swapped = toy(
      {},
      {
        A: { rows: [plain('a1'), onlyWithout(fix, plain('old')), onlyWith(fix, plain('new')), plain('a2')] },
        B: { rows: [plain('b1')] },
      },
    )
    // b1 stood between a1 and `old`; the new step runs with a1, the old one is passed over.
    expect(carried(swapped, 'A1B1A2').labels).toBe('a1 new b1 a2')
  })

  it('takes a loop once if this kernel loops once: labels are counted, not positions', () => {
    const looping = toy(
      {},
      {
        A: {
          rows: [
            step<Cells, Record<string, number>>('attempt', 'tries', { row: 'toy' }, (s, f) => {
              f['n'] = (f['n'] ?? 0) + 1
              return f['n'] === 1 && s.kernel.patches[fix] === undefined ? goto('attempt') : undefined
            }),
            plain('done'),
          ],
        },
        B: { rows: [plain('b1')] },
      },
    )
    expect(carried(looping, 'A2B1A1')).toMatchObject({ labels: 'attempt b1 done', after: [0, 1, 1, 2, 3] })
    expect(carried(looping, 'A1B1A1', { back: true })).toMatchObject({ labels: 'attempt attempt b1 done' })
  })

  it('is the same schedule on the same kernel', () => {
    const system = toy(
      { lock: 0 },
      {
        A: { rows: [plain('a1'), lock('lock_a'), plain('a2'), unlock('unlock_a')] },
        B: { rows: [lock('lock_b'), plain('b1'), unlock('unlock_b'), plain('b2')] },
      },
    )
    fc.assert(
      fc.property(fc.array(fc.constantFrom('A', 'B'), { maxLength: 8 }), (choices) => {
        const { trace } = replay(new Machine(system), choices)
        const result = carry(trace, new Machine(system), false)
        return result.trace.choices === trace.choices && result.diverged === null && result.after.every((n, i) => n === i)
      }),
    )
  })
})

describe('a step that is blocked on this kernel', () => {
  // Only the fix makes both take the lock; giving it up is a step of both kernels.
  const system = toy(
    { lock: 0 },
    {
      A: { rows: [onlyWith(fix, lock('lock_a')), plain('a1'), plain('a2'), unlock('unlock_a'), plain('a3')] },
      B: { rows: [plain('b0'), onlyWith(fix, lock('lock_b')), plain('b1'), unlock('unlock_b')] },
    },
  )

  it('is owed: the others go on, and it is tried again before every later step', () => {
    const { labels, choices, after } = carried(system, 'A1B2A1A1A1B1')
    expect(labels).toBe('lock_a a1 b0 a2 unlock_a lock_b b1 a3 unlock_b')
    expect(choices).toBe('A2B1A2B2A1B1')
    // Step 3 (b1) could not run in its place; it is done by the time step 6 (a3) is.
    expect(after).toEqual([0, 2, 3, 3, 4, 5, 8, 9])
  })

  it('is said in words: where, who, and what it waits for', () => {
    expect(carried(system, 'A1B2A1A1A1B1').diverged).toEqual({
      n: 4,
      of: 3,
      task: 'B',
      says: 'B waits for the lock',
      instead: 'B in program_B(): b1 happens',
    })
  })

  it('holds back the later steps of the same task, not those of others', () => {
    // B's unlock_b comes in the original while its b1 is still owed here.
    const { labels, after } = carried(system, 'A1B3A3')
    expect(labels).toBe('lock_a a1 b0 a2 unlock_a lock_b b1 unlock_b a3')
    expect(after).toEqual([0, 2, 3, 3, 3, 4, 5, 9])
  })

  it('is left where it is when the schedule ends before it can run', () => {
    const { labels, trace } = carried(system, 'A1B2')
    expect([labels, trace.end]).toEqual(['lock_a a1 b0', 'open'])
  })

  it('runs in the end if the run is to be finished: debts first, then task order', () => {
    const { labels, trace } = carried(system, 'A1B2A2', { finish: true })
    expect(trace.end).toBe('final')
    expect(labels).toBe('lock_a a1 b0 a2 unlock_a lock_b b1 a3 unlock_b')
  })

  it('stays a deadlock if nothing can free it', () => {
    const stuck = toy({ lock: 1 }, { A: { rows: [plain('a1'), onlyWith(fix, lock('lock_a')), plain('a2')] } })
    const { trace, diverged } = carried(stuck, 'A2', { finish: true })
    expect(trace.end).toBe('stuck')
    expect(diverged?.says).toBe('A waits for the lock')
  })
})
