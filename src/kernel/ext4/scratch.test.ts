import { it } from 'vitest'
import { search } from '../../engine/search.ts'
import { Machine } from '../../engine/machine.ts'
import { Trace } from '../../engine/trace.ts'
import { choose, resolveRelease } from '../releases.ts'
import { ext4Operations, ext4Procedures, stageWorld, commitThread } from './stage.ts'
import { outcomeOf } from './outcome.ts'
import { inOrder } from '../vfs/in-order.ts'
const K = 1024
function system(version: string, sync = false): any {
  const { kernel } = choose(resolveRelease(version).release, [], [])
  const s = stageWorld({ kernel, setting: {}, size: 0 })
  for (const L of ['A', 'B']) {
    s.buffers[L] = { length: 4 * K, content: [{ from: 0, to: 4 * K, stamp: L }], present: [{ from: 0, to: 4 * K }], pinned: [] }
    s.kiocbs[L] = { ki_pos: 0, append: false, direct: true, ...(sync ? { dsync: true as const } : {}) }
    s.iters[L] = { offset: 0, count: 4 * K }
    s.calls[L] = { text: 'write(fd, buf, 4096)', returned: null }
  }
  const w = (io: string) => ({ io, file: 'fd', direct: true, dsync: sync, positioned: true })
  return {
    name: 'x',
    procedures: [...ext4Procedures, inOrder],
    operations: ext4Operations,
    world: s,
    tasks: [
      { letter: 'A', name: 'A', must: true, procedure: 'write', locals: w('A') },
      { letter: 'B', name: 'B', must: true, procedure: 'program', locals: { after: ['A'], next: 'write', args: w('B') } },
      ...(sync ? [commitThread('J'), { letter: 'X', name: 'power', must: false, procedure: 'power_failure', locals: {} }] : []),
    ],
    letters: { 'A/bio/1': 'a', 'B/bio/1': 'b' },
    oracles: [],
    outcome: outcomeOf,
  }
}
it('runs', () => {
  for (const v of ['6.1.63', '6.1.64', '6.1.66', '6.5']) {
    const { verdict } = search(system(v))
    console.log(v, verdict.states, verdict.schedules, verdict.deadlocks, JSON.stringify(verdict.outcomes, null, 0))
  }
  for (const v of ['6.1.63', '6.1.66']) {
    const { verdict } = search(system(v, true))
    console.log(
      v,
      verdict.states,
      verdict.schedules,
      verdict.deadlocks,
      verdict.outcomes.map((o) => JSON.stringify([o.returns, o.size, o.pos, o.schedules])).join('\n'),
    )
  }
  for (const v of ['6.1.63', '6.1.64']) {
    const trace = new Trace(new Machine(system(v)))
    trace.finish()
    console.log(
      trace
        .views()
        .map((s) => `${s.task} ${s.procedure}.${s.label}: ${s.says}`)
        .join('\n'),
    )
  }
})
