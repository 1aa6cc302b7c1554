/** Random scenes that the grammar allows, and what mails do to them. */
import fc from 'fast-check'
import type { Choice, Command, Fact, Model, Range, Saying, Scene, Stamp, What } from '../scene/scene.ts'
import { claims, commandForms, commandNames, errnos, eventNames } from '../scene/words.ts'

const size = fc.oneof(
  fc.integer({ min: 0, max: 64 }).map((n) => n * 4096),
  fc.integer({ min: 0, max: 300 }).map((n) => n * 1024 ** 2),
  fc.integer({ min: 0, max: 2 ** 30 }),
)
const length = size.map((bytes) => bytes + 4096)
const range: fc.Arbitrary<Range> = fc.tuple(size, length).map(([from, more]) => ({ from, to: from + more }))
const stamp: fc.Arbitrary<Stamp> = fc.oneof(
  fc.constantFrom('A', 'Z', 'x', 'b'),
  fc.integer({ min: 0, max: 255 }).map((byte) => `0x${byte.toString(16).padStart(2, '0')}`),
)
const label = fc.stringMatching(/^[a-z][a-z0-9_]{0,20}(\.[a-z0-9_]{1,12})?$/)

const models = (tasks: readonly string[]): fc.Arbitrary<readonly Model[]> =>
  fc.uniqueArray(
    fc.oneof(
      fc.constantFrom<Model>({ kind: 'buf', pages: 'absent' }, { kind: 'buf', pages: 'shared' }, { kind: 'nowait' }, { kind: 'dsync' }),
      fc.oneof(
        size.map((bytes): Model => ({ kind: 'buf', pages: 'first', length: bytes })),
        size.map((offset): Model => ({ kind: 'buf', pages: 'mapped', offset })),
      ),
      fc.constantFrom<Model>({ kind: 'via', ring: 'uring' }, { kind: 'via', ring: 'aio' }),
      fc.constantFrom(...tasks).map((as): Model => ({ kind: 'same fd', as })),
    ),
    { selector: ({ kind }) => kind, maxLength: 3 },
  )

const command = (tasks: readonly string[], where: 'setup' | 'task'): fc.Arbitrary<Command> =>
  fc.constantFrom(...commandNames.filter((name) => ['both', where].includes(commandForms[name].where))).chain((name) => {
    const form = commandForms[name]
    const numbers = fc.tuple(...form.numbers.map((what) => (what === 'length' ? length : size)))
    return fc.record({
      name: fc.constant(name),
      flags: fc.subarray([...form.flags]).map((some) => some.join('')),
      stamp: form.stamp ? fc.option(stamp) : fc.constant(null),
      block: form.block ? fc.option(length) : fc.constant(null),
      of: form.of ? fc.constantFrom(...tasks) : fc.constant(null),
      path: form.path ? fc.option(fc.constantFrom('foo', 'a.img')) : fc.constant(null),
      numbers: form.optional ? fc.oneof(fc.constant<readonly number[]>([]), numbers) : numbers,
      model: models(tasks),
    })
  })

const what = (tasks: readonly string[]): fc.Arbitrary<What> => {
  const task = fc.constantFrom(...tasks)
  return fc.oneof(
    fc
      .tuple(fc.constantFrom('hole' as const, 'unwritten' as const, 'zeros' as const), range)
      .map(([kind, where]): What => ({ kind, range: where })),
    fc.record({ kind: fc.constant('data' as const), range, stamp: fc.option(stamp) }),
    fc.record({ kind: fc.constant('size' as const), size }),
    fc.constantFrom<What>({ kind: 'log overlap' }, { kind: 'abort' }, { kind: 'deadlock' }, { kind: 'csum error' }),
    fc.record({
      kind: fc.constant('returns' as const),
      task,
      value: fc.oneof(size, fc.constantFrom(...errnos)),
    }),
    fc.record({ kind: fc.constant('reads' as const), task, what: fc.constantFrom('stale' as const, 'zeros' as const) }),
    fc.record({ kind: fc.constant('reads data' as const), task, range, stamp }),
    fc.record({ kind: fc.constant('before' as const), task, label, than: task, other: label }),
  )
}

const fact = (tasks: readonly string[]): fc.Arbitrary<Fact> =>
  fc.record({ afterPower: fc.boolean(), what: what(tasks), whenDone: fc.option(fc.constantFrom(...tasks)) })

const patch = fc.oneof(fc.stringMatching(/^[0-9a-f]{12}$/), fc.constantFrom('keep-lock', 'rfc-2'))
const choice = (tasks: readonly string[]): fc.Arbitrary<Choice> =>
  fc.oneof(
    fc.record({ task: fc.constantFrom(...tasks, 'av', 'aoe'), steps: fc.integer({ min: 1, max: 99 }) }),
    fc.record({ task: fc.constantFrom(...tasks), until: label, nth: fc.integer({ min: 1, max: 3 }) }),
  )

/** Letters, digits and marks, without a semicolon's or an equals sign's meaning in mails. */
const comment = fc.option(fc.stringMatching(/^[a-z][a-z0-9 ,.()-]{0,100}[a-z]$/).map((text) => text.replace(/ +/g, ' ')))

/** Whole scenes: every letter that is named is a task's. */
export const scenes: fc.Arbitrary<Scene> = fc.integer({ min: 1, max: 5 }).chain((count) => {
  const tasks = [...'ABCDE'].slice(0, count)
  const some = <T>(one: fc.Arbitrary<T>, maxLength: number, minLength = 0): fc.Arbitrary<T[]> => fc.array(one, { maxLength, minLength })
  const options = fc.uniqueArray(fc.constantFrom('no-holes', 'nodatasum', 'nodatacow', 'strange-1'), { minLength: 1, maxLength: 3 })
  const on = fc.record({
    kind: fc.constant('on' as const),
    fs: fc.constantFrom('btrfs', 'ext4', 'zonefs'),
    release: fc.constantFrom('6.1', '5.12', '6.1.192', '6.0-rc1', '7.2'),
    patches: fc.uniqueArray(patch, { maxLength: 3 }),
    cut: fc.nat(3),
  })
  const calls = fc.tuple(
    ...tasks.map((task) =>
      some(command(tasks, 'task'), 3, 1).map((all) => all.map((one): Saying => ({ kind: 'task', task, command: one }))),
    ),
  )
  const rest = some(
    fc.oneof(
      fc.tuple(fc.constantFrom(...eventNames), fc.option(range)).map(([event, where]): Saying => ({ kind: 'may', event, range: where })),
      fc.record({ kind: fc.constant('claim' as const), claim: fc.constantFrom(...claims), fact: fact(tasks) }),
      fc.record({ kind: fc.constant('outcomes' as const), afterPower: fc.boolean() }),
    ),
    5,
  )
  return fc
    .record({
      name: fc.option(fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,20}$/)),
      on: on.map(({ patches, cut, ...one }): Saying => ({ ...one, on: patches.slice(cut), off: patches.slice(0, cut) })),
      mkfs: fc.option(options.map((all): Saying => ({ kind: 'mkfs', options: all }))),
      setup: some(
        command(tasks, 'setup').map((one): Saying => ({ kind: 'setup', command: one })),
        4,
      ),
      calls,
      rest,
      run: fc.option(some(choice(tasks), 4, 1).map((choices): Saying => ({ kind: 'run', choices }))),
      comments: fc.array(comment, { maxLength: 6 }),
    })
    .map(({ name, on: kernel, mkfs, setup, calls: all, rest: facts, run, comments }) => {
      const said = [kernel, ...(mkfs ? [mkfs] : []), ...setup, ...all.flat(), ...facts, ...(run ? [run] : [])]
      return { name, statements: said.map((one, i) => ({ ...one, line: i + 2, comment: comments[i] ?? null })) }
    })
})
