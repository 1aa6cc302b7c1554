/** The calls of a run, as they nest: which activations of procedures were on each task's stack, and how long. */
import type { World } from './procedure.ts'
import type { TaskValue } from './programs.ts'
import type { Trace } from './trace.ts'
import type { CallView, Letter } from './view.ts'

type Open = { -readonly [K in keyof CallView]: CallView[K] }

/**
 * Every call that a task rests in at some state, in the order in which they are entered. A procedure that is called again is another
 * call, also where its caller takes no step between; one that returns without a step is none.
 */
export function callsOf<W extends World>({ machine, states, infos }: Trace<W>): CallView[] {
  const calls: Open[] = []
  const stacks = new Map<Letter, Open[]>()
  const leave = (stack: Open[], kept: number, n: number): void => {
    for (const call of stack.splice(kept)) call.to = n
  }
  states.forEach((state, n) => {
    const info = infos[n - 1]
    for (const slot of machine.taskSlots) {
      const task = machine.letter(slot)
      const stack = stacks.get(task) ?? []
      stacks.set(task, stack)
      if (info?.task === task) {
        for (const call of stack) call.first ??= n
        leave(stack, info.kept, n)
      }
      const procedures = resting(machine.task(state, task))
      leave(stack, procedures.length, n)
      for (let depth = stack.length; depth < procedures.length; depth++) {
        const call: Open = { task, procedure: procedures[depth] ?? '', depth, from: n, first: null, to: null }
        stack.push(call)
        calls.push(call)
      }
    }
  })
  return calls
}

/** A task that is not there, or not any more, is in no procedure. */
const resting = (task: TaskValue | null): readonly string[] => (task && !task.done ? task.frames.map(({ procedure }) => procedure) : [])
