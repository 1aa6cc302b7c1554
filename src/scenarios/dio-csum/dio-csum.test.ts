/** Expectations cite their row of the facts: `direct-io B.3` is src/kernel/facts/direct-io.md section B.3. */
import { describe, expect, it } from 'vitest'
import { K } from '../../base/range.ts'
import { crc32c, printCsum } from '../../base/crc32c.ts'
import { Machine } from '../../engine/machine.ts'
import { monitor, type Oracle } from '../../engine/oracle.ts'
import { search } from '../../engine/search.ts'
import { Trace } from '../../engine/trace.ts'
import type { Verdict } from '../../engine/view.ts'
import type { BtrfsWorld } from '../../kernel/btrfs/world.ts'
import { verdictOf } from '../../testing/searched.ts'
import { run, stage, type Asked } from '../run.ts'
import { scenario } from './index.ts'
import recorded from './recorded.json' with { type: 'json' }

const explore = (asked: Asked): Verdict => verdictOf(scenario, asked)
const violated = (verdict: Verdict): string[] =>
  verdict.oracles.filter((oracle) => oracle.kind === 'verdict' && oracle.violatingSchedules !== '0').map((oracle) => oracle.id)
/** `disk v1: EIO` for each outcome: what the first mirror holds of the file, and what a later read got. */
const ends = (verdict: Verdict): string[] =>
  [
    ...new Set(
      verdict.outcomes.map(({ layout, returns, content }) => {
        const disk = (layout ?? []).map(({ source }) => source).join('|')
        return `disk ${disk}: ${returns['R'] === -5 ? 'EIO' : (content ?? []).map(([, , value]) => value).join('|')}`
      }),
    ),
  ].sort()

/** Runs each task up to its step, then the rest. */
function play(asked: Asked, ...script: readonly (readonly [task: string, until: string])[]): Trace {
  const trace = new Trace(new Machine(stage(scenario, asked).system))
  for (const [task, until] of script)
    for (let done = false; !done;) {
      const at = trace.machine.at(trace.state, task)
      expect(trace.take(task), `${task} on its way to ${until}`).toBeNull()
      done = `${at?.procedure}.${at?.label}` === until
    }
  trace.finish()
  expect(trace.end).toBe('final')
  return trace
}
const world = (trace: Trace): BtrfsWorld => trace.machine.world(trace.state) as unknown as BtrfsWorld
const c = ['A', 'btrfs_dio_submit_io.csum_one_bio'] as const
const sent = ['A', '__iomap_dio_rw.submit_bio'] as const
const d = ['a', 'submit_bio.dma'] as const
const m = ['G', 'memset.store_to_buffer'] as const
const sumOf = (...fills: readonly (readonly [byte: number, count: number])[]): string =>
  printCsum(crc32c(fills.map(([byte, count]) => ({ byte, count }))))
const [ofOld, ofNew] = ['0x13fec125', '0x8941f998']

describe('the order of checksum (c), store (m) and transfer (d) decides (direct-io B.3, timing rule)', () => {
  /** What is on disk, what the csum tree has, what the read got. */
  const end = (trace: Trace): unknown[] => {
    const s = world(trace)
    return [s.disk.data.map((run) => run.stamp).join('|'), s.csums.map(({ crc }) => printCsum(crc)).join(), s.calls['R']?.returned]
  }

  it('m, c, d: both are of the new data', () => expect(end(play({}, m, c, sent, d))).toEqual(['v1', ofNew, 4096]))
  it('c, m, d: mismatch', () => expect(end(play({}, c, m, sent, d))).toEqual(['v1', ofOld, -5]))
  it('c, d, m: both are of the old data', () => {
    expect(end(play({}, c, sent, d, m))).toEqual(['v0', ofOld, 4096])
  })
  it('c, m to v1, m back to v0, d: nothing can be told', () => {
    expect(end(play({ settings: { store: 'back' } }, c, m, m))).toEqual(['v0', ofOld, 4096])
  })
  it('c in the middle of the store: the checksum is of a mix that is on no disk', () => {
    expect(end(play({ settings: { store: 'halves' } }, m, c, m))).toEqual(['v1', sumOf([0x00, 2048], [0xff, 2048]), -5])
  })
  it('d in the middle of the store: a mix on disk', () => {
    const asked = { settings: { store: 'halves' } }
    expect(end(play(asked, c, m, sent, d, m))).toEqual(['v1|v0', ofOld, -5])
  })
  it('c and d both in the middle of the store: torn, and consistent', () => {
    const asked = { settings: { store: 'halves' } }
    expect(end(play(asked, m, c, sent, d, m))).toEqual(['v1|v0', sumOf([0x00, 2048], [0xff, 2048]), 4096])
  })

  it.each(['6.1', '5.16', '6.4', '6.11'])('and nothing else does, in every interleaving on %s', (kernel) => {
    /** Notes the order of the three as it sees them; objects to c, m, d. */
    const rule: Oracle<BtrfsWorld> = monitor<BtrfsWorld, { order: string }>({
      id: 'rule',
      kind: 'info',
      says: 'the order is not checksum, store, transfer',
      watch: ['ordered', 'buffers', 'disk'],
      start: { order: '' },
      observe: (memory, before, after) => {
        const sums = (s: BtrfsWorld): number => s.ordered.flatMap((oe) => oe.sums).length
        if (sums(after) > sums(before)) memory.order += 'c'
        if (before.buffers['A']?.content[0]?.stamp !== after.buffers['A']?.content[0]?.stamp) memory.order += 'm'
        if (before.disk.data.length < after.disk.data.length) memory.order += 'd'
        return memory.order === 'cmd' ? 'checksum, store, transfer' : null
      },
    })
    const { system } = stage(scenario, { kernel })
    const { verdict } = search({ ...system, oracles: [...system.oracles, rule as unknown as (typeof system.oracles)[number]] })
    const count = (id: string): string | null | undefined => verdict.oracles.find((oracle) => oracle.id === id)?.violatingSchedules
    expect(verdict.complete).toBe(true)
    expect(count('rule')).not.toBe('0')
    expect(count('rule')).toBe(count('B-O1'))
    expect(count('rule')).toBe(verdict.violating)
  })
})

describe('outcomes of a write that another task changes under (direct-io B.5)', () => {
  it('on 6.1: old or new data that can be read, or new data that cannot; only B-O1 is violated', () => {
    const verdict = explore({})
    expect([verdict.complete, violated(verdict), ends(verdict)]).toEqual([true, ['B-O1'], ['disk v0: v0', 'disk v1: EIO', 'disk v1: v1']])
    expect(new Set(verdict.outcomes.map(({ returns, size }) => `${returns['A']} ${size}`))).toEqual(new Set(['4096 4096']))
  })

  it.each(['5.16', '5.17', '6.0', '6.4', '6.9', '6.11'])('on %s the same: it is as old as direct I/O with checksums', (kernel) => {
    expect(ends(explore({ kernel }))).toEqual(['disk v0: v0', 'disk v1: EIO', 'disk v1: v1'])
  })

  it.each([{ kernel: '6.15' }, { kernel: '7.2' }, { kernel: '6.12.117' }, { on: ['968f19c5b1b7'] }, { on: ['bounce'] }])(
    'with %o: old, new or torn, always read',
    (asked) => {
      const whole = explore(asked)
      expect([whole.violating, ends(whole)]).toEqual(['0', ['disk v0: v0', 'disk v1: v1']])
      const torn = explore({ ...asked, settings: { store: 'halves' } })
      expect([torn.violating, ends(torn)]).toEqual(['0', ['disk v0: v0', 'disk v1: v1', 'disk v1|v0: v1|v0']])
    },
  )

  it.each(['nocow', 'nodatasum'])('with %s data: old, new or torn, always read, never verified', (data) => {
    const verdict = explore({ settings: { data, store: 'halves' } })
    expect([verdict.violating, ends(verdict)]).toEqual(['0', ['disk v0: v0', 'disk v1: v1', 'disk v1|v0: v1|v0']])
    expect(verdict.outcomes.flatMap(({ console }) => console)).toEqual([])
  })

  it('stays without a copy for NODATASUM inodes after the fix (direct-io B.4 V2)', () => {
    const { trace } = run(stage(scenario, { kernel: '6.15', settings: { data: 'nocow' } }), { named: 'late' })
    expect((trace.machine.world(trace.state) as unknown as BtrfsWorld).calls['A']?.copied).toBeUndefined()
    expect(trace.infos.map(({ label }) => label)).toContain('pin_pages')
  })

  it('says it in the log as the kernel does (direct-io B.5, generic/761)', () => {
    const { trace } = run(stage(scenario), { named: 'bug' })
    expect(trace.machine.outcome(trace.state).console).toEqual([
      'BTRFS warning (device sdb): csum failed root 5 ino 257 off 0 csum 0x8941f998 expected csum 0x13fec125 mirror 1',
      'BTRFS error (device sdb): bdev /dev/sdb errs: wr 0, rd 0, flush 0, corrupt 1, gen 0',
    ])
  })

  it('counts each bad sector, and a read ends before the first one (direct-io B.3, two sectors)', () => {
    const outcomes = explore({ settings: { sectors: '2' } }).outcomes
    const both = outcomes.find(({ console }) => console.length === 4)
    expect(both?.console.map((line) => /off \d+|corrupt \d+/.exec(line)?.[0])).toEqual(['off 0', 'corrupt 1', 'off 4096', 'corrupt 2'])
    expect(both?.returns['R']).toBe(-5)
    const second = outcomes.find(({ console }) => console[0]?.includes('off 4096'))
    expect([second?.returns['R'], second?.content?.at(-1)]).toEqual([4096, [4096, 8192, 'EIO']])
  })

  it('says one line more for a direct read (direct-io B.5)', () => {
    const bad = explore({ settings: { reader: 'direct' } }).outcomes.find(({ returns }) => returns['R'] === -5)
    expect(bad?.console.at(-1)).toBe('BTRFS warning (device sdb): direct IO failed ino 257 op 0x0 offset 0x0 len 4096 err no 10')
    expect(bad?.console).toHaveLength(3)
  })
})

it('has a mirror image: a direct read whose own buffer changes fails on data that are right (direct-io B.4, later developments)', () => {
  const verdict = explore({ settings: { store: 'reader', reader: 'direct' } })
  expect([verdict.complete, verdict.violating]).toEqual([true, '0'])
  expect(ends(verdict)).toEqual(['disk v0: EIO', 'disk v0: v0'])
  const failed = verdict.outcomes.find(({ returns }) => returns['R'] === -5)
  expect([failed?.content, failed?.console[0]]).toEqual([
    [[0, 4096, 'v0']],
    `BTRFS warning (device sdb): csum failed root 5 ino 257 off 0 csum ${ofNew} expected csum ${ofOld} mirror 1`,
  ])
})

it('is repaired by a guest that writes the page once more: a read in between fails, the last word is right (direct-io B.8)', () => {
  const verdict = explore({ settings: { again: 'on' } })
  expect([verdict.complete, verdict.violating]).toEqual([true, '0'])
  const between = verdict.outcomes.find(({ returns }) => returns['R'] === -5)
  expect([between?.content, between?.console.length]).toEqual([[[0, 4096, 'v1']], 2])
})

describe('what does not trigger it (direct-io B.7)', () => {
  it.each(['same', 'other', 'off'])('store=%s', (store) => {
    expect(explore({ settings: { store } })).toMatchObject({ complete: true, violating: '0' })
  })
  it('a guest with stable writes: its store waits for the request', () => {
    expect(explore({ settings: { guest: 'stable' } })).toMatchObject({ complete: true, violating: '0', deadlocks: 0 })
  })
  it('a buffered write', () => {
    expect(explore({ settings: { cache: 'writeback' } })).toMatchObject({ complete: true, violating: '0' })
  })
  it('a store after write() returned: the device has read the page by then', () => {
    const trace = play({}, ['A', '__iomap_dio_rw.drop_ref'], ['a', 'iomap_dio_bio_end_io.put_ref'], ['A', 'write.return'], m)
    expect([world(trace).disk.data.map(({ stamp }) => stamp), trace.violations]).toEqual([['v0'], []])
  })
})

describe('two mirrors (direct-io B.3)', () => {
  const mirrors = (settings: Record<string, string>, ...asked: readonly Partial<Asked>[]): Verdict =>
    explore({ settings: { mirrors: '2', ...settings }, ...asked[0] })

  it('one good copy: a read repairs the bad one and says so; sector 26624 is byte 13631488', () => {
    const repaired = mirrors({}).outcomes.find(({ console }) => console.some((line) => line.includes('corrected')))
    expect([repaired?.returns['R'], repaired?.content, repaired?.violates]).toEqual([4096, [[0, 4096, 'v0']], []])
    expect(repaired?.console.at(-1)).toBe('BTRFS info (device sdb): read error corrected: ino 257 off 0 (dev /dev/sdb sector 26624)')
  })

  it('the bad copy on the second mirror is not noticed by a read of the first', () => {
    const silent = mirrors({}).outcomes.find(({ violates, console }) => violates.includes('B-O4') && console.length === 0)
    expect([silent?.returns['R'], silent?.violates]).toEqual([4096, ['B-O1', 'B-O4']])
  })

  it('both bad: each is reported with its own device, and the read fails', () => {
    const lost = mirrors({}).outcomes.find(({ returns }) => returns['R'] === -5)
    expect(lost?.console).toEqual([
      `BTRFS warning (device sdb): csum failed root 5 ino 257 off 0 csum ${ofNew} expected csum ${ofOld} mirror 1`,
      'BTRFS error (device sdb): bdev /dev/sdb errs: wr 0, rd 0, flush 0, corrupt 1, gen 0',
      `BTRFS warning (device sdb): csum failed root 5 ino 257 off 0 csum ${ofNew} expected csum ${ofOld} mirror 2`,
      'BTRFS error (device sdb): bdev /dev/sdc errs: wr 0, rd 0, flush 0, corrupt 1, gen 0',
    ])
  })

  it('without checksums the copies diverge and nothing is ever said, until 7c2830f00c3e (direct-io B.4, B-O4)', () => {
    const before = mirrors({ data: 'nocow' })
    expect([violated(before), before.outcomes.flatMap(({ console }) => console)]).toEqual([['B-O4'], []])
    expect(mirrors({ data: 'nocow' }, { on: ['7c2830f00c3e'] }).violating).toBe('0')
    expect(mirrors({ data: 'nocow' }, { kernel: '7.2' }).violating).toBe('0')
    expect(violated(mirrors({ data: 'nocow' }, { kernel: '6.15' }))).toEqual(['B-O4'])
  })

  it('bouncing keeps the copies equal as well', () => {
    expect(mirrors({ data: 'nocow' }, { on: ['bounce'] }).violating).toBe('0')
    expect(mirrors({}, { on: ['bounce'] }).violating).toBe('0')
  })
})

describe('direct I/O that always skips checksums (direct-io B.4, rejected ideas)', () => {
  it('leaves an inode that is to have checksums without: every read fails, whatever the order', () => {
    const verdict = explore({ on: ['never-checksum'] })
    expect([violated(verdict), verdict.violating]).toEqual([['B-O2'], verdict.schedules])
    expect(ends(verdict)).toEqual(['disk v0: EIO', 'disk v1: EIO'])
    expect(verdict.outcomes.map(({ console }) => console[0])).toEqual([
      'BTRFS warning (device sdb): csum hole found for disk bytenr range [13631488, 13635584)',
      'BTRFS warning (device sdb): csum hole found for disk bytenr range [13631488, 13635584)',
    ])
    expect(verdict.outcomes.every(({ console }) => console[1]?.endsWith('expected csum 0x00000000 mirror 1'))).toBe(true)
  })
  it('changes nothing for a NODATASUM inode', () => {
    expect(explore({ on: ['never-checksum'], settings: { data: 'nocow' } }).violating).toBe('0')
  })
})

it.each([
  [{}, ['0', 'are verified', 'the caller, not to change its buffer']],
  [{ on: ['968f19c5b1b7'] }, ['4K', 'are verified', 'nobody']],
  [{ on: ['bounce'] }, ['4K', 'are verified', 'nobody']],
  [{ settings: { data: 'nocow' } }, ['0', 'are not verified', 'the disk']],
  [{ kernel: '6.15', settings: { data: 'nocow' } }, ['0', 'are not verified', 'the disk']],
  [{ on: ['never-checksum'] }, ['0', 'fail: there is no checksum', 'the disk']],
  [{ settings: { cache: 'writeback' } }, ['4K', 'are verified', 'nobody']],
])('%o: bytes copied, later reads, who has to be trusted', (asked: Asked, [copied, reads, trusted]) => {
  const { trace } = run(stage(scenario, asked), { named: 'late' })
  const price = scenario.draw(trace.machine.world(trace.state), () => null).find(({ id }) => id === 'price:A')
  expect(price?.kind === 'record' ? price.fields.map(({ value }) => value) : []).toEqual([copied, reads, trusted])
})

describe('recorded kernels', () => {
  const settings = { csum: { guest: 'threads' }, nocow: { guest: 'threads', data: 'nocow' } }
  const asked = (row: (typeof recorded.rows)[number], reader: string): Asked => ({
    kernel: row.kernel,
    settings: { ...(row.case === 'datasum' ? settings.csum : settings.nocow), reader, sectors: '2' },
  })
  /** A read fails at its start or somewhere in it. */
  const mayFail = (verdict: Verdict): boolean => verdict.outcomes.some(({ returns }) => returns['R'] !== 8 * K)

  it('are four, with a verdict for each of three rows', () => {
    expect(recorded.rows).toHaveLength(12)
    expect(new Set(recorded.rows.map(({ kernel }) => kernel)).size).toBe(4)
  })

  it.each(recorded.rows)('$kernel, $case, writes of $length: $badDirectReads of $rounds reads failed', (row) => {
    for (const [reader, bad] of [
      ['direct', row.badDirectReads],
      ['cat', row.badBufferedReads],
    ] as const)
      expect([reader, mayFail(explore(asked(row, reader)))]).toEqual([reader, bad > 0])
    expect(row.shortWrites).toBe(0)
  })

  it('log a failure in the words of the model, and count', () => {
    const words = (lines: readonly string[]): string[] =>
      lines.map((line) => line.replace(/device \w+|\/dev\/\w+|off \d+|0x[0-9a-f]{8}|corrupt \d+/g, (found) => found.replace(/\w+$/, 'N')))
    const { trace } = run(stage(scenario), { named: 'bug' })
    const mine = words(trace.machine.outcome(trace.state).console)
    for (const lines of Object.values(recorded.dmesg).filter((all) => all.length > 0)) {
      expect(new Set(words(lines))).toEqual(new Set(mine))
      expect(lines.flatMap((line) => /corrupt (\d+)/.exec(line)?.[1] ?? [])).toEqual(
        lines.slice(0, lines.length / 2).map((_, i) => String(i + 1)),
      )
    }
  })
})
