/**
 * Power cuts of real kernels after an fsync that raced with a mapped store: the log tree found on each disk and the file
 * after the next mount. `sleep_ms` slept in the log code of the build with the fixes taken out, to widen the window.
 */
import { expect, it } from 'vitest'
import type { Verdict } from '../../engine/view.ts'
import { verdictOf } from '../../testing/searched.ts'
import { scenario } from './index.ts'
import recorded from './recorded.json' with { type: 'json' }

/** The fill bytes that the recording programs wrote, as the model's stamps. */
const stamps: Readonly<Record<string, string>> = { a1: 'X', a2: 'Y', bb: 'Z', '00': '0' }

const explore = (kernel: string, power: string): Verdict => verdictOf(scenario, { kernel, settings: { power } })

it.each(recorded)('$kernel, $disk: the recorded log and the file after its replay are among the outcomes', (row) => {
  const logs = explore(row.kernel, 'stays')
    .outcomes.filter((outcome) => outcome.returns['A'] === row.fsync)
    .map((outcome) => JSON.stringify(outcome.log?.map(([offset, kind, , at, length]) => [offset, kind, at, length])))
  expect(logs).toContain(JSON.stringify(row.log))
  const contents = explore(row.kernel, 'fails')
    .outcomes.filter((outcome) => outcome.returns['A'] === row.fsync && outcome.size === row.after.size && outcome.console.length === 1)
    .map((outcome) => JSON.stringify(outcome.content))
  expect(contents).toContain(JSON.stringify(row.after.data.map(([from, to, byte]) => [from, to, stamps[String(byte)]])))
})

it('five disks of each of four kernels; the other three of each are those of fsync-overlap', () => {
  const kernels = ['6.1.170', '6.1.192', '6.12.117', '6.1.192-rk']
  expect(kernels.map((kernel) => recorded.filter((row) => row.kernel === kernel).length)).toEqual([5, 5, 5, 5])
})

it.each(['6.1.170', '6.1.192', '6.12.117'])(
  '%s, which has the fix, can leave nothing else than was recorded: hole or store, never old data',
  (kernel) => {
    expect(explore(kernel, 'fails')).toMatchObject({ complete: true, violating: '0' })
  },
)

it('the build with the fixes taken out can bring the punched data back, as its slowed try did', () => {
  expect(explore('6.1.192-rk', 'fails').violating).not.toBe('0')
  const torn = recorded.filter((row) => row.after.data.some(([, , byte]) => byte === 'a2'))
  expect(torn.map(({ kernel, sleep_ms }) => [kernel, sleep_ms])).toEqual([['6.1.192-rk', 200]])
})
