import { describe, expect, it } from 'vitest'
import { K, M, range } from '../../base/range.ts'
import type { Plugged } from '../../engine/plugged.ts'
import { Machine } from '../../engine/machine.ts'
import type { World } from '../../engine/procedure.ts'
import { Trace } from '../../engine/trace.ts'
import type { ExtentStrip } from '../../picture/picture.ts'
import { catalog as cards } from '../../scenarios/catalog.ts'
import { loadScenario } from '../../scenarios/registry.ts'
import { run, stage, type Staged } from '../../scenarios/run.ts'

interface Pulled {
  readonly staged: Staged
  readonly trace: Trace
  readonly worlds: readonly World[]
  /** The plug pulled at each state. */
  readonly at: readonly Plugged[]
}

async function pulled(id: string, settings: Record<string, string> = {}, named?: string, kernel?: string): Promise<Pulled> {
  const scenario = await loadScenario(id)
  const staged = stage(scenario, { settings, ...(kernel === undefined ? {} : { kernel }) })
  const { trace } = run(staged, { named: named ?? Object.keys(scenario.schedules)[0] ?? '' })
  const worlds = trace.states.map((state) => trace.machine.world(state))
  const tasks = trace.infos.map(({ task }) => task)
  const { plug } = staged.system
  if (!plug) throw new Error(`${id} has no crash model`)
  return { staged, trace, worlds, at: worlds.map((_, n) => plug(worlds.slice(0, n + 1), tasks)) }
}

/** The state after the last step of this label. */
const after = ({ trace }: Pulled, label: string): number => trace.infos.findLastIndex((info) => info.label === label) + 1
const content = (plugged: Plugged | undefined): string[] =>
  (plugged?.left.content ?? []).map(([from, to, value]) => `${range(from, to)} ${value}`)
const noticing = (plugged: Plugged | undefined): string[] =>
  (plugged?.left.watchers ?? []).filter(({ notices }) => notices).map(({ who }) => who)

describe('fsync-torn', () => {
  // Facts fsync-log-tree 12.5: until S9 the superblock points to no log, and a mount finds the last commit.
  it('leaves the last commit until the superblock points to the log, and nothing is promised until fsync returns', async () => {
    const run = await pulled('fsync-torn')
    const [written, returned] = [
      after(run, 'write_super'),
      run.trace.infos.findIndex((info) => info.task === 'A' && info.label === 'return') + 1,
    ]
    for (const plugged of run.at.slice(0, written)) {
      expect(content(plugged)).toEqual(['[0, 512K) X', '[512K, 1M) Y', '[1M, 1028K) W'])
      expect(plugged.legal[plugged.match ?? -1]?.states).toBeNull()
    }
    expect(returned).toBeGreaterThan(written)
    expect(run.at[written]).toMatchObject({ match: null, wrong: [], promises: [], eachByte: true })
  })

  // Facts 0: "data that was punched out before the fsync is back in the middle of the hole. btrfs check and the tree checker find nothing".
  it('brings back what was punched out once fsync has returned, and nobody notices', async () => {
    const run = await pulled('fsync-torn')
    for (const plugged of run.at.slice(run.trace.infos.findIndex((info) => info.task === 'A' && info.label === 'return') + 1)) {
      expect(content(plugged)).toEqual(['[0, 512K) X', '[512K, 640K) 0', '[640K, 644K) Y', '[644K, 1M) 0'])
      expect(plugged.wrong).toEqual([{ from: 640 * K, to: 644 * K }])
      expect(noticing(plugged)).toEqual([])
      expect(plugged.legal.map(({ content: [, second] }) => second)).toEqual([
        [512 * K, M, '0'],
        [512 * K, 640 * K, '0'],
      ])
    }
  })

  it('leaves one of the versions where the store comes after the flush', async () => {
    const run = await pulled('fsync-torn', {}, 'late')
    expect(run.at.every(({ match }) => match !== null)).toBe(true)
    expect(content(run.at.at(-1))).toEqual(['[0, 512K) X', '[512K, 1M) 0'])
  })

  // Facts 12.4: without NO_HOLES every hole has an item, and the log says nothing by saying nothing.
  it('is right without NO_HOLES, at every step', async () => {
    const run = await pulled('fsync-torn', { 'no-holes': 'off' })
    expect(run.at.flatMap(({ wrong }) => wrong)).toEqual([])
  })
})

describe('facts ext4 4.1: what a power failure leaves', () => {
  // "direct extending write: old size until E2 (V1, V2) or E8 (V0) is durable; then its data"
  it.each(['bug', 'ok'])('a direct extending write: old size, then its data (%s)', async (named) => {
    const run = await pulled('ext4-osync-size', {}, named)
    const [, second] = run.trace.infos.flatMap((info, i) => (info.label === 'commit_record' ? [i + 1] : []))
    for (const [n, plugged] of run.at.entries()) expect(content(plugged)).toEqual(second !== undefined && n >= second ? ['[0, 1M) A'] : [])
  })

  it('the O_SYNC write has promised what is not there: the whole of it is missing, until a second commit', async () => {
    const run = await pulled('ext4-osync-size')
    const told = run.trace.infos.findIndex((info) => info.task === 'A' && info.label === 'return') + 1
    expect(run.at.slice(0, told).flatMap(({ wrong }) => wrong)).toEqual([])
    for (const plugged of run.at.slice(told)) expect(plugged.wrong).toEqual([{ from: 0, to: M }])
  })

  // "direct overwrite: new once returned (device cache aside), no commit needed"
  it('a direct overwrite: new as soon as the device has it, with no commit', async () => {
    const run = await pulled('ext4-position', { before: '64K' })
    const done = run.trace.infos.findIndex((info) => info.task === 'a' && info.label === 'dma') + 1
    expect(run.trace.infos.some((info) => info.label === 'commit_record')).toBe(false)
    for (const [n, plugged] of run.at.entries()) expect(content(plugged)[0]).toMatch(n < done ? /^\[0, 64K\) X$/ : /^\[0, 4K\) [AB]$/)
  })

  // "buffered or direct write into unwritten or a hole below dsz: zeros until C2/E1 is durable"
  it.each(['hole', 'unwritten'])('a direct write into what is %s: zeros until its conversion is durable', async (before) => {
    const run = await pulled('ext4-position', { before, call: 'sync' })
    const converted = run.trace.infos.findIndex((info) => info.label === 'convert') + 1
    const durable = run.trace.infos.findIndex((info, i) => i >= converted && info.label === 'commit_record') + 1
    expect(converted).toBeGreaterThan(0)
    expect(durable).toBeGreaterThan(converted)
    for (const plugged of run.at.slice(0, durable)) expect(content(plugged)).toEqual(['[0, 64K) 0'])
    expect(content(run.at[durable])[0]).toBe('[0, 4K) A')
  })
})

/** Oracles that judge a mount after a power failure. */
const ofMounts: Readonly<Record<string, readonly string[]>> = {
  'fsync-torn': ['O2', 'O3'],
  'ext4-osync-size': ['O4', 'O5'],
  'lost-fsync': ['W2'],
}

describe.each(Object.entries(ofMounts))('%s: the plug and the power task', (id, judges) => {
  it.each(cards.find((card) => card.id === id)?.schedules.map(({ name }) => name) ?? [])('agree at every step of %s', async (named) => {
    const { trace, at } = await pulled(id, {}, named)
    const { machine } = trace
    // Once the power has failed the task is over: what it left is compared at the steps before.
    const before = at.findIndex(({ failed }) => failed !== null)
    for (const [n, plugged] of at.slice(0, before < 0 ? at.length : before).entries()) {
      const other = new Trace(machine)
      for (const { task } of trace.infos.slice(0, n)) other.take(task)
      while (other.take('P') === null);
      const seen = machine.system.outcome(other.machine.world(other.state), {})
      expect(plugged.left.content, `step ${n}`).toEqual(seen.content)
      expect(plugged.left.size).toBe(seen.size)
      // An oracle that has objected before the failure objects to something else.
      const objected = other.violations.some(({ oracle, step }) => judges.includes(oracle) && step > n)
      expect(plugged.wrong.length > 0, `step ${n}`).toBe(objected)
    }
  })
})

const crashing = cards.filter(({ id }) => !id.startsWith('bcachefs'))

it.each(crashing.map(({ id }) => id))('%s: what is left, the lane, its axis and the outcome agree at every step', async (id) => {
  const run = await pulled(id)
  for (const [n, { left }] of run.at.entries()) {
    const world = run.worlds[n] as World
    const after = run.staged.system.outcome(world, {}).after as { size: number; layout: unknown }
    expect({ size: left.size, layout: left.layout }).toEqual({ size: after.size, layout: after.layout })
    const strip = run.staged.scenario
      .draw(world, (oracle) => run.trace.machine.memory(run.trace.states[n] as never, oracle))
      .find((picture): picture is ExtentStrip => picture.kind === 'extent-strip')
    const lane = strip?.lanes.find((one) => one.id === 'crash')
    if (!strip || !lane) continue
    expect(lane.spans.map(({ from, to, fill }) => ({ from, to, kind: fill }))).toEqual(
      left.layout.map(({ from, to, kind }) => ({ from, to, kind })),
    )
    expect(left.size).toBeLessThanOrEqual(strip.axis.to)
  }
})

it('a file system without a crash model has no plug', async () => {
  const scenario = await loadScenario('bcachefs-lockless')
  expect(new Machine(stage(scenario).system).system.plug).toBeUndefined()
})
