/**
 * Red is what the report complains of. The runs are those that the cards document; what is marked at their end is written
 * down here by hand from the facts, and every objection points at something that is drawn.
 */
import { describe, expect, it } from 'vitest'
import { search } from '../engine/search.ts'
import { parseSchedule } from '../engine/schedule.ts'
import { replay, type Trace } from '../engine/trace.ts'
import { Machine } from '../engine/machine.ts'
import { markedTasks, withMarks, type Mark } from '../picture/mark.ts'
import { damagedParts } from '../testing/damage.ts'
import { picturesOf } from '../worker/trace-view.ts'
import { loadScenario, scenarioIds } from './registry.ts'
import { originalOf, patchSets, stage } from './run.ts'
import type { Scenario } from './scenario.ts'

/** What is seen of these marks in state i. */
function seen(scenario: Scenario, trace: Trace, i: number, marks: readonly Mark[]): string[] {
  const state = trace.states[i]
  if (!state) throw new Error(`there is no state ${i}`)
  return [...damagedParts(withMarks(picturesOf(scenario, trace, state), marks)), ...markedTasks(marks).map((task) => `task ${task}`)]
}

/** What is wanted is runs in which oracles object, of which a part of a search has some; a verdict would need all of it. */
const enough = 12_000

interface Documented {
  readonly marked: readonly string[]
  /** Why just this: the row of the facts. */
  readonly because: string
}

const documented: Readonly<Record<string, Documented>> = {
  'append-hole': {
    marked: ['subvol [0, 64K) 64K (hole)', 'i_size at 128K'],
    because: 'direct-io A.5 row 1: a hole [0, 64K) before the data, and a size of 128K after write() returned 64K',
  },
  'append-relapse': {
    marked: ['subvol [0, 64K) 64K (hole)', 'i_size at 128K'],
    because: 'direct-io A.9 A24: the data go behind a hole of their own size, and the size is 128K',
  },
  'append-unlock': {
    marked: ['i_rwsem, broken'],
    because: 'direct-io A.8 U1 to U6: the second unlock takes the lock from T, whose own unlock then breaks its count',
  },
  'append-same-fd': {
    marked: ['i_rwsem, free', 'i_mmap_lock, exclusive', 'kernel BUG at fs/btrfs/ordered-data.c:983!'],
    because: 'direct-io A.8, A-3: B logs with i_mmap_lock but without the inode lock, which CONFIG_BTRFS_ASSERT notices',
  },
  'lost-prefix': {
    marked: ['subvol [0, 16K) 16K (hole)'],
    because: 'direct-io A.5 row 3: the first four pages, which were on the disk, are dropped with the rest that failed',
  },
  'lost-fsync': {
    marked: ['i_size at 0'],
    because: 'direct-io A.1, 6.1 D12: the O_DSYNC write was reported before it was synced, and the mount finds an empty file',
  },
  'ext4-position': {
    marked: ['blocks [0, 4K) B (data)', 'file:fd f_pos = 0'],
    because: 'ext4 1.7 row 1, 1.8 O1, O3: the position of the descriptor is 0, and both writes went to [0, 4K), which has B',
  },
  'ext4-osync-size': {
    marked: ['i_size at 0'],
    because: 'ext4 1.7, 1.8 O4: the O_SYNC write of 1M was acknowledged, and the mount finds an empty file',
  },
  'dio-csum': {
    marked: ['found1 [0, 4K) 0x8941f998 (data)', 'csums [0, 4K) 0x13fec125 (data)'],
    because:
      'direct-io B.5: the checksum of what was in memory first, beside that of what was when the disk read it; neither is wrong by itself',
  },
  'fsync-overlap': {
    marked: [
      'log [640K, 768K) E (data)',
      'log [764K, 768K) Z (data)',
      'tree:log (257 EXTENT_DATA 655360)',
      'tree:log (257 EXTENT_DATA 782336)',
      'A: fsync(fd) = -1 EIO',
    ],
    because: 'fsync-log-tree 5.1, 7.1: the copied item [640K, 768K) and the new one at 764K overlap in the log, and fsync fails',
  },
  'fsync-torn': {
    marked: ['subvol [640K, 644K) Y (data)', 'crash [640K, 644K) Y (data)'],
    because: 'fsync-log-tree 5.2, 7.2: the punched Y is back in the one page of the store, as the log says nothing of it',
  },
  'bcachefs-lockless': {
    marked: ['reads [8M, 8256K) zeros (hole)', 'task A'],
    because: 'bcachefs-buffered-write 5, H1: A removes the dirty folios of the append of B, whose 64K were acknowledged',
  },
  'bcachefs-restart': {
    marked: ['reads [0, 4K) A (data)'],
    because: 'bcachefs-buffered-write 5, H3: A is applied again over B, which had been written and read since',
  },
  'bcachefs-offset': {
    marked: ['file:fd f_pos = 0'],
    because: 'bcachefs-buffered-write 5, H5: write() returns 64K and the file position stays where it was',
  },
  'dio-short-read': {
    marked: ['request:S cqe->res = 4096'],
    because: 'direct-io C.5: cqe->res 4096 instead of 8192',
  },
  'nowait-relapse': {
    marked: ['request:S cqe->res = 4096'],
    because: 'direct-io C.5 row 2: the same result',
  },
  'dio-mmap-deadlock': {
    marked: ['io:A:0, exclusive', 'task A'],
    because: 'direct-io 6.3, section 4 (generic/647): A faults in a page whose range it has locked itself, and waits for ever',
  },
}

describe.each(scenarioIds)('%s', (id) => {
  it('marks at the end of its documented run what the report complains of, and nothing else', async () => {
    const scenario = await loadScenario(id)
    const trace = originalOf(scenario, scenario.card.schedules[0]?.name ?? '')
    const row = documented[id]
    const marked = seen(scenario, trace, trace.length, trace.marks(trace.length))
    expect({ marked, because: row?.because }).toEqual(row)
    expect(seen(scenario, trace, 0, trace.marks(0))).toEqual([])
  })

  it('points at something that is drawn whenever a verdict oracle objects, on its default kernel and with each patch flipped', async () => {
    const scenario = await loadScenario(id)
    const unseen: string[] = []
    const objected = new Set<string>()
    for (const asked of patchSets(scenario)) {
      if (asked.kernel !== scenario.card.defaultKernel) continue
      const { system } = stage(scenario, asked)
      for (const { id: oracle, kind, shortest } of search(system, { maxStates: enough }).verdict.oracles) {
        if (kind !== 'verdict' || shortest === null) continue
        objected.add(oracle)
        const { trace } = replay(new Machine(system), parseSchedule(shortest))
        const verdicts = trace.machine.oracles.flatMap((one) => (one.kind === 'verdict' ? [one.id] : []))
        const objections = trace.violations.filter((objection) => verdicts.includes(objection.oracle))
        expect(objections.map((objection) => objection.oracle)).toContain(oracle)
        for (const { oracle: by, says, marks, step } of objections)
          if (seen(scenario, trace, step, marks).length === 0) unseen.push(`${by} at ${step} of ${shortest}: ${says}`)
      }
    }
    expect(unseen).toEqual([])
    expect(objected.size).toBeGreaterThan(0)
  })
})

it('has the reason for every scenario', () => {
  expect(Object.keys(documented).sort()).toEqual([...scenarioIds].sort())
})

it('marks the lost bytes of bcachefs-lockless from the step that loses them, before anybody is told', async () => {
  const scenario = await loadScenario('bcachefs-lockless')
  const trace = originalOf(scenario, 'bug')
  const at = trace.infos.findIndex(({ violations }) => violations.some(({ oracle }) => oracle === 'P2')) + 1
  expect(trace.infos[at - 1]).toMatchObject({ task: 'A' })
  const bytes = (i: number): string[] => seen(scenario, trace, i, trace.marks(i)).filter((part) => part.startsWith('reads'))
  expect([bytes(at - 1), bytes(at)]).toEqual([[], ['reads [8M, 8256K) zeros (hole)']])
})
