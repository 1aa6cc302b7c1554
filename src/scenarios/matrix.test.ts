/**
 * Every kernel, every single toggle from it, every value of every setting: nothing may be cut short or without a name,
 * and whether it violates is what the facts say of those patches. `direct-io A.5` is section A.5 of src/kernel/facts/direct-io.md.
 */
import { describe, expect, it } from 'vitest'
import { search } from '../engine/search.ts'
import type { Verdict } from '../engine/view.ts'
import { must } from '../kernel/lib/must.ts'
import { loadScenario, scenarioIds } from './registry.ts'
import { patchSets, stage, type Asked } from './run.ts'
import type { Scenario } from './scenario.ts'

type Has = (patch: string) => boolean

interface Expected {
  /** Where the facts say so. */
  readonly row: string
  /** Does a verdict oracle fire in some interleaving, with default settings? */
  readonly violates: (has: Has) => boolean
  /** Verdict oracles that may; on the default kernel all of them do. */
  readonly oracles: readonly string[]
}

const mmapRace: Expected['violates'] = (has) => !has('885f46d87f29') && !has('lock-whole-range')
const lockless: Expected['violates'] = (has) => has('7e64c86cdc6c') && !has('e3e694094091')

const expected: Readonly<Record<string, Expected>> = {
  'append-hole': {
    row: 'direct-io section 0, A.4, A.5, A.9',
    // The file has checksums: with 968f19c5b1b7 the write never gets to the direct path. Without it the retry at the top is
    // wrong unless i_size was put back, and from bc264fea0f6f on the buffered fallback is as wrong.
    violates: (has) =>
      !has('968f19c5b1b7') &&
      !has('ff66fe666233') &&
      ((has('8184620ae212') && !has('939b656bc8ab') && !has('skip-checks-on-retry')) || has('bc264fea0f6f')),
    oracles: ['A-O1', 'A-O2', 'A-O3'],
  },
  'append-unlock': {
    row: 'direct-io A.8 A-2',
    violates: (has) => has('939b656bc8ab') && !has('e0391e92f9ab'),
    oracles: ['A-O6', 'A-O7', 'A-O8', 'deadlock'],
  },
  'append-same-fd': {
    row: 'direct-io A.8 A-3',
    // Where the fix was backported beside 968f19c5b1b7, the write goes through the page cache and no dio is completed.
    violates: (has) => has('939b656bc8ab') && !has('cd9253c23aed') && !has('968f19c5b1b7'),
    // With O_DSYNC the write may wait for a lock that a task stopped by the assertion never gives back.
    oracles: ['A-O8', 'A-O10', 'A-O11', 'deadlock'],
  },
  'append-relapse': {
    row: 'direct-io A.9, A.5',
    // Without checksums the write stays direct; until 6.10 the first bug does the same to it.
    violates: (has) => !has('ff66fe666233') && (has('bc264fea0f6f') || (has('8184620ae212') && !has('939b656bc8ab'))),
    oracles: ['A-O1', 'A-O2', 'A-O3'],
  },
  'lost-prefix': {
    row: 'direct-io A.5 row 3, section 4, b73a6fd1b1ef',
    violates: (has) => has('51bd9563b678') && !has('b73a6fd1b1ef') && !has('66ff4d366e7e') && !has('968f19c5b1b7'),
    oracles: ['W1'],
  },
  'lost-fsync': {
    row: 'direct-io A.1, 8184620ae212',
    violates: (has) => !has('8184620ae212'),
    oracles: ['W2'],
  },
  'dio-csum': {
    row: 'direct-io B.3, B.4, B.5',
    violates: (has) => !has('968f19c5b1b7') && (has('never-checksum') || !has('bounce')),
    oracles: ['B-O1', 'B-O2'],
  },
  'fsync-overlap': { row: 'fsync-log-tree 5.1, 6, 7.1', violates: mmapRace, oracles: ['O1', 'O6'] },
  'fsync-torn': { row: 'fsync-log-tree 5.2, 6, 7.2', violates: mmapRace, oracles: ['O2', 'O3', 'O4'] },
  'bcachefs-lockless': {
    row: 'bcachefs-buffered-write 5 H1, 6, 7',
    violates: (has) => lockless(has) && !has('reduced') && !has('no-stale-truncate'),
    oracles: ['P1', 'P2', 'P3'],
  },
  'bcachefs-restart': {
    row: 'bcachefs-buffered-write 5 H3, summary',
    violates: (has) => lockless(has) && !has('reduced'),
    oracles: ['P5-reads'],
  },
  'bcachefs-offset': { row: 'bcachefs-buffered-write 5 H5', violates: (has) => lockless(has) && !has('reduced'), oracles: ['P4'] },
  'dio-short-read': {
    row: 'direct-io C.3, C.4, C.5',
    violates: (has) => has('51bd9563b678') && !has('ca93e44bfb5f') && !has('79d3d1d12e6f') && !has('wait-on-partial-read'),
    oracles: ['C-O1', 'C-O5'],
  },
  'nowait-relapse': {
    row: 'direct-io C.4 P3; 6.1 D8 and the priority of errors in iomap_iter',
    // Since bc264fea0f6f the -ENOTBLK of btrfs_dio_iomap_end() hides the -EFAULT, and for that the submitter waits.
    violates: (has) =>
      !has('bc264fea0f6f') &&
      has('51bd9563b678') &&
      !has('79d3d1d12e6f') &&
      !has('wait-on-partial-read') &&
      (has('ee5b46a353af') || !has('ca93e44bfb5f')),
    oracles: ['C-O1', 'C-O5'],
  },
  'dio-mmap-deadlock': { row: 'direct-io section 4, 51bd9563b678', violates: (has) => !has('51bd9563b678'), oracles: ['deadlock'] },
}

const long = process.env['LONG'] === '1'

/** Each value of each setting by itself; in the long run on every kernel. */
function* settings(scenario: Scenario): Generator<Asked> {
  const { card } = scenario
  for (const kernel of long ? card.kernels : [card.defaultKernel])
    for (const { name, values } of card.settings) for (const value of values) yield { kernel, settings: { [name]: value } }
}

const scenarios = await Promise.all(scenarioIds.map(loadScenario))

describe.each(scenarios.map((scenario) => [scenario.card.id, scenario] as const))('%s', (id, scenario) => {
  it('violates on every patch set what the facts say, and nothing else', { timeout: 120_000 }, () => {
    const { violates, oracles } = must(expected[id], `${id} has no expectations: add them, each with its row`)
    const astray = [...patchSets(scenario)].flatMap((asked) => {
      const { kernel, system } = stage(scenario, asked)
      const { verdict } = search(system)
      const found = verdict.oracles
        .filter((oracle) => oracle.kind === 'verdict' && oracle.violatingSchedules !== '0')
        .map((oracle) => oracle.id)
      const wanted = violates((patch) => kernel.patches[patch] === true)
      const violating = verdict.violating !== '0'
      const right = wanted === violating && found.every((oracle) => oracles.includes(oracle))
      return right && isWhole(verdict) ? [] : [{ ...asked, wanted, found, complete: verdict.complete }]
    })
    expect(astray).toEqual([])
  })

  it('is explored to the end for every setting, and nothing is stuck where the facts do not say so', { timeout: 600_000 }, () => {
    const mayStick = must(expected[id]).oracles.includes('deadlock')
    const bad = [...settings(scenario)].filter((asked) => {
      const { verdict } = search(stage(scenario, asked).system)
      return !isWhole(verdict) || (!mayStick && verdict.deadlocks > 0)
    })
    expect(bad).toEqual([])
  })
})

/** Searched to the end, with finitely many schedules. */
const isWhole = ({ complete, infinite, outcomes }: Verdict): boolean => complete && !infinite && outcomes.length > 0
