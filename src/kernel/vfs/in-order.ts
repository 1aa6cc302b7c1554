/** A program that makes one call after the other, each as a task of its own with its buffer and its result. */
import { call, procedure, ret, step, type Procedure, type World } from '../../engine/procedure.ts'
import type { Letter } from '../../engine/view.ts'
import { must } from '../lib/must.ts'
import { invoke } from './history.ts'
import type { VfsWorld } from './world.ts'

/** A call that the program makes when an earlier one has returned. */
export interface InOrder {
  readonly after: readonly Letter[]
  /** The call: its procedure, and what that is called with. */
  readonly next: string
  readonly args: object
}

export const inOrder: Procedure = procedure<World & VfsWorld, InOrder & { result: unknown }>(
  'program',
  { file: 'user space', at: 'the reproducer' },
  [
    step(
      'next_call',
      (s, f, t) => `the program goes on after ${f.after.join(' and ')}: ${must(s.calls[t.letter]).text}`,
      {
        row: 'return to user space',
        code: 'the next line of the program',
        when: (s, f) => {
          const busy = f.after.filter((letter) => must(s.calls[letter]).returned === null)
          return busy.length > 0 ? { on: `the return of ${busy.join(' and ')}`, heldBy: [] } : null
        },
      },
      (s, f, t) => {
        invoke(s, t.letter)
        return call(f.next, f.args, 'result')
      },
    ),
    { kind: 'flow', label: null, go: (f) => ret(f.result) },
  ],
)
