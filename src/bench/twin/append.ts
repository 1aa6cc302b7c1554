/** N identical tasks append to one file, statement for statement what append.pml says. A buffer and a position are a task's own: its locals. */
import { finallyHolds } from '../../engine/oracle.ts'
import { goto, procedure, ret, step, type Procedure, type Row, type World } from '../../engine/procedure.ts'
import type { System } from '../../engine/system.ts'
import type { Letter } from '../../engine/view.ts'
import { letters, nothing, outcomeOf, twinKernel } from './system.ts'

interface AppendWorld extends World {
  /** Who holds the inode lock. */
  lock: { owner: Letter | null }
  i_size: number
}

interface Write {
  pos: number
  resident: boolean
}

/** What each task writes; the unit does not matter. */
const LEN = 1

/** How an attempt that failed is followed by the next: as in 6.1, with the lock kept, or with the position kept. In the order of FIX. */
export const retries = ['relock', 'keep-lock', 'keep-position'] as const
type Retry = (typeof retries)[number]

const write = (
  label: string,
  says: string,
  run: (s: AppendWorld, f: Write, me: Letter) => ReturnType<typeof goto> | void,
): Row<AppendWorld, Write> => step<AppendWorld, Write>(label, says, { row: 'append.pml' }, (s, f, self) => run(s, f, self.letter))

const unlock = (s: AppendWorld): void => {
  s.lock.owner = null
}
const faultIn = (again: string): Row<AppendWorld, Write> =>
  write('fault_in', 'faults the buffer in and tries again', (_s, f) => {
    f.resident = true
    return goto(again)
  })

const dropLock = [
  write('unlock', 'drops the lock in the middle of the write', unlock),
  write('fault_on', 'lets page faults happen again', nothing),
  faultIn('lock'),
]
const keepLock = [faultIn('nofault')]

const appendProcedure = (retry: Retry): Procedure =>
  procedure<AppendWorld, Write>('write', { file: 'append.pml', at: 'twin' }, [
    step(
      'lock',
      'takes the lock',
      { row: 'append.pml', when: (s) => (s.lock.owner === null ? null : { on: 'lock', heldBy: [s.lock.owner] }) },
      (s, _f, self) => {
        s.lock.owner = self.letter
      },
    ),
    write('checks', 'the position is i_size', (s, f) => {
      if (retry !== 'keep-position' || !f.resident) f.pos = s.i_size
    }),
    write('nofault', 'disables page faults', nothing),
    write('reserve', 'reserves space', nothing),
    write('raise_i_size', 'raises i_size to the end of the write', (s, f) => {
      s.i_size = Math.max(s.i_size, f.pos + LEN)
    }),
    write('pin', 'pins the buffer, if it is there', (_s, f) => (f.resident ? goto('submit') : undefined)),
    write('cancel', 'cancels the ordered extent', nothing),
    ...(retry === 'keep-lock' ? keepLock : dropLock),
    write('submit', 'submits the bio', nothing),
    write('dma', 'the data reach the disk', nothing),
    write('unlock_end', 'drops the lock', unlock),
    step('return', 'returns', { row: 'append.pml' }, (_s, f) => ret(f.pos)),
  ])

/** `n` appenders. A task returns where its data went. */
export function append(n: number, retry: Retry): System {
  const size = n * LEN
  const system: System<AppendWorld> = {
    name: `${n} appenders, ${retry}`,
    procedures: [appendProcedure(retry)],
    world: { kernel: twinKernel, setting: {}, lock: { owner: null }, i_size: 0 },
    tasks: letters(n).map((letter) => ({ letter, name: 'write()', must: true, procedure: 'write', locals: { pos: 0, resident: false } })),
    operations: {},
    symmetric: [letters(n)],
    oracles: [
      finallyHolds<AppendWorld>({
        id: 'size',
        kind: 'verdict',
        says: 'the file is as long as what was written',
        judge: (s) => (s.i_size === size ? null : `i_size is ${s.i_size}, ${size} were written`),
      }),
    ],
    outcome: (s, returned) => outcomeOf(s.i_size, returned),
  }
  return system as unknown as System
}
