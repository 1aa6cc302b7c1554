/** Several fsyncs of one file at once, and a commit beside them. Expected: facts fsync-log-tree 3.4, 3.10. */
import { expect, test } from 'vitest'
import { reduce } from '../engine/reduce.ts'
import { parseScene } from '../scene/parse.ts'
import { brokenRules, factAnswers } from './answer.ts'
import { stageScene } from './system.ts'

function asked(lines: string) {
  const { scene, problems } = parseScene(`lockstep 1\n${lines}\nend`)
  expect(problems).toEqual([])
  const staged = stageScene(scene)
  if (!('system' in staged)) throw new Error(staged.map(({ message }) => message).join('; '))
  const reduced = reduce(staged.system, { maxStates: 300_000 })
  return {
    complete: reduced.complete,
    states: reduced.states,
    facts: factAnswers(staged, reduced).map(({ answer }) => answer),
    samples: factAnswers(staged, reduced).map(({ sample }) => sample),
    rules: brokenRules(staged, reduced).map(({ id, sample }) => `${id} ${sample}`),
    outcomes: reduced.outcomes,
  }
}

const two = (kernel: string) => `on btrfs ${kernel}
setup: falloc 0 8k
setup: sync
A: pwrite 0 4k
A: fsync
B: pwrite 4k 4k
B: fsync
may power
always after power data [0,4k) A when A done
always after power data [4k,8k) B when B done`

test('two', () => {
  for (const kernel of ['6.1', '6.1 +log-before-skip']) {
    const t = process.cpuUsage()
    const { outcomes, ...rest } = asked(two(kernel))
    console.log(kernel, JSON.stringify(rest), outcomes.length, process.cpuUsage(t).user / 1000)
  }
})
