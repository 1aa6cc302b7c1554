/** A scene as a C program that asks a real kernel the same: it stages, runs the tasks in threads, looks, and counts the scene's own facts. */
import { printFact } from '../scene/fact.ts'
import { printScene } from '../scene/print.ts'
import {
  sayings,
  tasksOf,
  type Claim,
  type Command,
  type Fact,
  type Letter,
  type Model,
  type Range,
  type Scene,
  type Stamp,
} from '../scene/scene.ts'
import { errnos } from '../scene/words.ts'
import { body, head, main } from './runtime.ts'

const byteOf = (stamp: Stamp): string => (stamp.startsWith('0x') ? stamp : `'${stamp}'`)
/** What `-S` means where it is not given: in the setup xfs_io's own byte, in a task its letter. */
const fillOf = (command: Command, task: Letter | null): string =>
  command.stamp === null ? (task === null ? '0xcd' : `'${task}'`) : byteOf(command.stamp)

const model = <K extends Model['kind']>({ model: all }: Command, kind: K): Extract<Model, { kind: K }> | undefined =>
  all.find((one): one is Extract<Model, { kind: K }> => one.kind === kind)

/** Open flags of a descriptor. */
const openFlags = (flags: string): string =>
  [
    'O_RDWR',
    ...(flags.includes('d') ? ['O_DIRECT'] : []),
    ...(flags.includes('a') ? ['O_APPEND'] : []),
    ...(flags.includes('s') ? ['O_SYNC'] : []),
  ].join(' | ')

interface Place {
  /** Null = the setup. */
  readonly task: Letter | null
  readonly index: number
  /** The call's number in its task. */
  readonly call: number
  /** `memset`: the index of the task whose memory it is. */
  readonly of?: number
  /** Another task stores to the memory of its first call that has some. */
  readonly shared?: boolean
}

/** The memory of a write. */
function sourceOf(command: Command, { task }: Place, length: number): string {
  const buf = model(command, 'buf')
  const fill = fillOf(command, task)
  if (buf?.pages === 'absent') return command.stamp === null ? `fresh(${length})` : `filled(${length}, ${fill}, 0)`
  if (buf?.pages === 'first') return `filled(${length}, ${fill}, ${buf.length})`
  if (buf?.pages === 'mapped') return `mmap(NULL, ${length}, PROT_READ, MAP_PRIVATE, fd, ${buf.offset})`
  return `filled(${length}, ${fill}, ${length})`
}

function targetOf(command: Command, length: number): string {
  const buf = model(command, 'buf')
  if (buf?.pages === 'absent') return `target(${length}, 0)`
  if (buf?.pages === 'first') return `target(${length}, ${buf.length})`
  if (buf?.pages === 'mapped') return `mmap(NULL, ${length}, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, ${buf.offset})`
  return `target(${length}, ${length})`
}

/** Lets the other task know of the memory; what is read into it is given back with the result (length 0). */
const shareOf = ({ index, shared }: Place, length: number): string[] =>
  shared ? [`shared_len[${index}] = ${length};`, `shared_buf[${index}] = buf;`] : []

/** The lines of C for one command; what is prepared stands before `go`. */
function callOf(command: Command, place: Place): { readonly before: string[]; readonly go: string[] } {
  const [offset = 0, length = 0] = command.numbers
  const [from, to] = [offset, offset + length]
  const keep = (call: string): string => `keep(${place.index}, ${place.call}, ${call}, NULL, 0, 0);`
  const one = (call: string): { before: string[]; go: string[] } => ({ before: [], go: [keep(`checked(${call})`)] })
  switch (command.name) {
    case 'pwrite': {
      const flags = model(command, 'dsync') ? 'RWF_DSYNC' : '0'
      const write = model(command, 'via') ? 'aio_write' : 'write_with'
      const block = command.block ?? length
      const given = [`buf = ${sourceOf(command, place, length)};`, ...shareOf(place, length)]
      // What another task stores to is there until all have ended.
      const away = place.shared ? [] : [`munmap(buf, ${length});`]
      if (block >= length) return { before: given, go: [keep(`${write}(fd, buf, ${length}, ${from}, ${flags})`), ...away] }
      return {
        before: [...given, 'sum = 0;'],
        go: [
          `for (off_t done = 0; done < ${length}; done += ${block}) {`,
          `\tlong n = ${write}(fd, buf + done, ${length} - done < ${block} ? ${length} - done : ${block}, ${from} + done, ${flags});`,
          '',
          '\tif (n < 0) {',
          '\t\tsum = sum > 0 ? sum : n;',
          '\t\tbreak;',
          '\t}',
          '\tsum += n;',
          '}',
          keep('sum'),
          ...away,
        ],
      }
    }
    case 'pread': {
      const via = model(command, 'via')
      const call = via
        ? `${via.ring === 'aio' ? 'aio_read' : 'uring_read'}(fd, buf, ${length}, ${from})`
        : `read_with(fd, buf, ${length}, ${from}, ${model(command, 'nowait') ? 'RWF_NOWAIT' : '0'})`
      return {
        before: [`buf = ${targetOf(command, length)};`, ...shareOf(place, 0)],
        go: [`keep(${place.index}, ${place.call}, ${call}, buf, ${from}, ${length});`],
      }
    }
    case 'mmap':
      return {
        before: [],
        go: [
          `map = mmap(NULL, ${length}, PROT_READ | PROT_WRITE, MAP_SHARED, fd, ${from});`,
          `map_at = ${from};`,
          'if (map == MAP_FAILED)',
          '\tdie("mmap of the file");',
        ],
      }
    case 'munmap':
      return { before: [], go: ['if (map)', '\tmunmap(map, 1);', 'map = NULL;'] }
    case 'mread':
      return { before: [], go: [keep(`(long)map[${from} - map_at]`)] }
    case 'mwrite':
      return { before: [], go: [keep(`store(map, ${from} - map_at, ${length}, ${fillOf(command, place.task)})`)] }
    case 'msync':
      return one(`msync(map, ${length > 0 ? length : 'PAGE'}, MS_SYNC)`)
    case 'truncate':
      return one(`ftruncate(fd, ${offset})`)
    case 'falloc':
      return one(`fallocate(fd, ${command.flags.includes('k') ? 'FALLOC_FL_KEEP_SIZE' : '0'}, ${from}, ${length})`)
    case 'fpunch':
      return one(`fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, ${from}, ${length})`)
    case 'fzero':
      return one(`fallocate(fd, FALLOC_FL_ZERO_RANGE${command.flags.includes('k') ? ' | FALLOC_FL_KEEP_SIZE' : ''}, ${from}, ${length})`)
    case 'fsync':
    case 'fdatasync':
    case 'syncfs':
      return one(`${command.name}(fd)`)
    case 'sync':
      return { before: [], go: ['sync();', keep('0')] }
    case 'sync_range': {
      const flags = [
        ...(command.flags.includes('b') ? ['SYNC_FILE_RANGE_WAIT_BEFORE'] : []),
        'SYNC_FILE_RANGE_WRITE',
        ...(command.flags.includes('a') ? ['SYNC_FILE_RANGE_WAIT_AFTER'] : []),
      ]
      return one(`sync_file_range(fd, ${from}, ${to - from}, ${flags.join(' | ')})`)
    }
    case 'remount':
      // Nobody but root can; a cold cache is what it is for.
      return { before: [], go: ['fsync(fd);', 'posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);'] }
    case 'memset':
      return {
        before: [],
        go: [
          `if (shared_buf[${place.of ?? 0}])`,
          `\tmemset(shared_buf[${place.of ?? 0}] + ${from}, '${place.task ?? ''}', ${length});`,
          keep('0'),
        ],
      }
    case 'open':
      return {
        before: [],
        go: [
          'if (fd >= 0)',
          '\tclose(fd);',
          `fd = open(path, ${openFlags(command.flags)});`,
          'if (fd < 0)',
          '\tdie("open, perhaps this file system has no O_DIRECT");',
        ],
      }
    case 'close':
      return { before: [], go: ['close(fd);', `fd = open(path, O_RDWR);`] }
  }
}

const indent = (lines: readonly string[], by = 1): string[] => lines.map((line) => (line === '' ? '' : '\t'.repeat(by) + line))

const variables = [
  'unsigned char *buf UNUSED = NULL;',
  'static unsigned char *map UNUSED;',
  'static off_t map_at UNUSED;',
  'long sum UNUSED = 0;',
]

function setupFunction(scene: Scene): string[] {
  const commands = sayings(scene, 'setup').map(({ command }) => command)
  // The setup's own results are nobody's.
  const lines = commands.flatMap((command) => {
    const { before, go } = callOf(command, { task: null, index: 0, call: 0 })
    return [...before, ...go]
  })
  return [
    'static void setup(void)',
    '{',
    '\tint fd;',
    ...indent(
      variables.map((line) =>
        line
          .replace('static unsigned char *map', 'unsigned char *map')
          .replace('static off_t map_at', 'off_t map_at')
          .replace('map UNUSED;', 'map UNUSED = NULL;')
          .replace('map_at UNUSED;', 'map_at UNUSED = 0;'),
      ),
    ),
    '',
    '\tunlink(path);',
    '\tfd = open(path, O_RDWR | O_CREAT | O_EXCL, 0600);',
    '\tif (fd < 0)',
    '\t\tdie(path);',
    '\tfsync(fd);',
    ...indent(lines),
    '\tclose(fd);',
    '\tmemset(results, 0, sizeof(results));',
    '}',
  ]
}

/** A task's thread: everything is prepared before the start, but for what a later call needs. */
function taskFunction(scene: Scene, task: Letter, index: number): string[] {
  const commands = sayings(scene, 'task')
    .filter((one) => one.task === task)
    .map(({ command }) => command)
  let call = 0
  const isTarget = sayings(scene, 'task').some(({ command }) => command.of === task)
  const firstBuffer = commands.findIndex(({ name }) => name === 'pwrite' || name === 'pread')
  const parts = commands.map((command, i) => {
    const of = command.of === null ? 0 : tasksOf(scene).indexOf(command.of)
    const made = callOf(command, { task, index, call, of, shared: isTarget && i === firstBuffer })
    if (!['open', 'close', 'mmap', 'munmap'].includes(command.name)) call++
    return { command, ...made }
  })
  // What only says how the file is open or mapped is no race's part.
  const first = parts.findIndex(({ command }) => !['open', 'close', 'mmap', 'munmap'].includes(command.name))
  const prepared = parts.slice(0, Math.max(0, first)).flatMap(({ before, go }) => [...before, ...go])
  const rest = parts.slice(Math.max(0, first))
  const lines = rest.flatMap(({ before, go }, i) => [
    ...(i === 0 ? [] : before),
    ...(i === 0 ? ['pthread_barrier_wait(&start);'] : []),
    'pause_a_bit(&state);',
    ...go,
  ])
  return [
    `static void *task_${task}(void *arg)`,
    '{',
    '\tunsigned state = (uintptr_t)arg;',
    '\tint fd = open(path, O_RDWR);',
    ...indent(
      variables.map((line) =>
        line.replace('static ', '').replace('map UNUSED;', 'map UNUSED = NULL;').replace('map_at UNUSED;', 'map_at UNUSED = 0;'),
      ),
    ),
    '',
    '\tif (fd < 0)',
    '\t\tdie(path);',
    ...indent(prepared),
    ...indent(rest[0]?.before ?? []),
    ...(rest.length === 0 ? ['\tpthread_barrier_wait(&start);', '\t(void)state;'] : []),
    ...indent(lines),
    '\tclose(fd);',
    '\treturn NULL;',
    '}',
  ]
}

/** What may happen besides, in half of the rounds. */
function eventLines(scene: Scene): string[] {
  return sayings(scene, 'may').flatMap(({ event, range }) => {
    const [from, length] = range ? [range.from, range.to - range.from] : [0, 0]
    if (event === 'writeback') return [`sync_file_range(fd, ${from}, ${length}, SYNC_FILE_RANGE_WRITE);`]
    if (event === 'reclaim') return [`posix_fadvise(fd, ${from}, ${length}, POSIX_FADV_DONTNEED);`]
    if (event === 'commit') return ['syncfs(fd);']
    return []
  })
}

const rangeArgs = ({ from, to }: Range): string => `${from}, ${to}`

/** A condition in C; null = a program that runs on the machine cannot see it. */
function condition(
  { afterPower, what, whenDone }: Fact,
  claim: Claim,
  tasks: readonly Letter[],
  telling: (task: Letter) => number,
): string | null {
  const all = claim === 'always' ? 1 : 0
  const at = (task: Letter): number => tasks.indexOf(task)
  // Every task is done where the program looks.
  void whenDone
  // What calls found is gone with the machine.
  if (afterPower && (what.kind === 'returns' || what.kind.startsWith('reads'))) return null
  switch (what.kind) {
    case 'hole':
      return `kind_in(${rangeArgs(what.range)}, 'h', ${all})`
    case 'unwritten':
      return `kind_in(${rangeArgs(what.range)}, 'u', ${all})`
    case 'zeros':
      return `bytes_in(${rangeArgs(what.range)}, 0, ${all})`
    case 'data':
      return what.stamp === null
        ? `kind_in(${rangeArgs(what.range)}, 'd', ${all})`
        : `bytes_in(${rangeArgs(what.range)}, ${byteOf(what.stamp)}, ${all})`
    case 'size':
      return `file_size == ${what.size}`
    case 'abort':
      return 'read_only()'
    case 'csum error':
      return 'got_eio()'
    case 'returns':
      return `results[${at(what.task)}][${telling(what.task)}].ret == ${typeof what.value === 'number' ? what.value : `-${what.value.startsWith('SIG') ? 'EFAULT' : what.value}`}`
    case 'reads':
      return what.what === 'zeros' ? `read_any(${at(what.task)}, 0)` : null
    case 'reads data':
      return `read_in(${at(what.task)}, ${rangeArgs(what.range)}, ${byteOf(what.stamp)}, ${all})`
    case 'log overlap':
    case 'deadlock':
    case 'before':
      return null
  }
}

/** The number of the call that `A returns` means: the last that reads or writes, or else the last. */
function tellingCall(scene: Scene, task: Letter): number {
  const calls = sayings(scene, 'task')
    .filter((one) => one.task === task && !['open', 'close', 'mmap', 'munmap'].includes(one.command.name))
    .map(({ command }) => command.name)
  const last = calls.findLastIndex((name) => name === 'pread' || name === 'pwrite')
  return Math.max(0, last >= 0 ? last : calls.length - 1)
}

const quoted = (text: string): string => `"${text.replace(/["\\]/g, '\\$&')}"`

/** The judging and the report of the facts. */
function factFunctions(scene: Scene, tasks: readonly Letter[]): string[] {
  const facts = sayings(scene, 'claim').map(({ claim, fact }) => ({
    claim,
    after: fact.afterPower,
    text: `${claim} ${printFact(fact)}`,
    test: condition(fact, claim, tasks, (task) => tellingCall(scene, task)),
  }))
  const seen = facts.filter(({ test }) => test !== null)
  const told = ({ claim, after, text, test }: (typeof facts)[number]): string[] => {
    if (test === null) return [`printf("  not seen by a program  %s\\n", ${quoted(text)});`]
    const i = seen.findIndex((one) => one.text === text)
    const bad = claim === 'never' ? `held[${i}] > 0` : claim === 'always' ? `held[${i}] < rounds` : '0'
    const words = claim === 'sometimes' ? `held[${i}] > 0 ? "reached" : "not reached"` : `(${bad}) ? "BROKEN" : "holds"`
    return [
      // What a power failure leaves is judged where there was one, and nothing else is.
      `if (after_power == ${after ? 1 : 0}) {`,
      `\tprintf("  %-11s %s (so in %ld of %ld rounds)\\n", ${words}, ${quoted(text)}, held[${i}], rounds);`,
      ...(claim === 'sometimes' ? [] : [`\tbroken |= ${bad};`]),
      ...(after ? ['} else {', `\tprintf("  not looked at  %s\\n", ${quoted(text)});`] : []),
      '}',
    ]
  }
  const report = facts.flatMap(told)
  return [
    `UNUSED static long held[${Math.max(1, seen.length)}];`,
    '',
    'static void judge(void)',
    '{',
    ...indent(seen.map(({ test }, i) => `held[${i}] += ${test} ? 1 : 0;`)),
    '}',
    '',
    'static int report(long rounds)',
    '{',
    '\tint broken = 0;',
    '',
    '\t(void)rounds;',
    ...indent(report),
    '\treturn broken;',
    '}',
  ]
}

const names = [
  'static const char *strerrorname(long error)',
  '{',
  '\tswitch (error) {',
  ...errnos.filter((name) => name.startsWith('E')).flatMap((name) => [`\tcase ${name}:`, `\t\treturn "${name}";`]),
  '\tdefault:',
  '\t\treturn strerror(error);',
  '\t}',
  '}',
]

/** The whole program, ending with a newline. */
export function reproducer(scene: Scene): string {
  const tasks = tasksOf(scene)
  const callsOf = (task: Letter): number => sayings(scene, 'task').filter((one) => one.task === task).length
  const events = eventLines(scene)
  const power = sayings(scene, 'may').some(({ event }) => event === 'power')
  const hasMemset = sayings(scene, 'task').some(({ command }) => command.name === 'memset')
  // A checksum is looked at where the device is read.
  const cold = sayings(scene, 'claim').some(({ fact }) => fact.what.kind === 'csum error')
  return `${[
    '/*',
    ' * Asks a real kernel what this scene asks of the model (Lockstep):',
    ' *',
    ...printScene(scene)
      .trimEnd()
      .split('\n')
      .map((line) => ` *   ${line}`),
    ' *',
    ' *   cc -O2 -pthread -o repro repro.c && ./repro -n 1000 /mnt/test',
    ...(power
      ? [
          ' *',
          ' * A power failure is not made by a program. In a virtual machine: ./repro -k /mnt/test runs one',
          ' * round and keeps its file; kill the machine without a shutdown (qemu: "quit" in the monitor,',
          ' * cache=none), start it again, mount, and ./repro -l /mnt/test looks at what is left.',
        ]
      : []),
    ' * Exit status: 0 nothing was seen to be broken, 1 something was, 2 it could not run.',
    ' */',
    head.trimEnd(),
    `#define TASKS ${Math.max(1, tasks.length)}`,
    `#define CALLS ${Math.max(1, ...tasks.map(callsOf))}`,
    `#define COLD ${cold ? 1 : 0}`,
    `static const char task_letters[] = "${tasks.join('')}";`,
    body.trimEnd(),
    '',
    ...(hasMemset ? ['static unsigned char *volatile shared_buf[TASKS];', 'static size_t shared_len[TASKS];', ''] : []),
    ...setupFunction(scene),
    '',
    ...tasks.flatMap((task, i) => [...taskFunction(scene, task, i), '']),
    ...(events.length > 0
      ? [
          'static void *events(void *arg)',
          '{',
          '\tunsigned state = (uintptr_t)arg;',
          '\tint fd = open(path, O_RDWR);',
          '',
          '\tpthread_barrier_wait(&start);',
          ...indent(events.flatMap((line) => ['pause_a_bit(&state);', 'if (rand_r(&state) % 2)', `\t${line}`])),
          '\tclose(fd);',
          '\treturn NULL;',
          '}',
          '',
        ]
      : []),
    'static void round_of(long i)',
    '{',
    '\tpthread_t threads[TASKS + 1];',
    '',
    '\tsetup();',
    `\tpthread_barrier_init(&start, NULL, ${tasks.length + (events.length > 0 ? 1 : 0)});`,
    ...tasks.map(
      (task, i) => `\tpthread_create(&threads[${i}], NULL, task_${task}, (void *)(uintptr_t)(seed + i * ${tasks.length + 1} + ${i}));`,
    ),
    ...(events.length > 0
      ? [
          `\tpthread_create(&threads[${tasks.length}], NULL, events, (void *)(uintptr_t)(seed + i * ${tasks.length + 1} + ${tasks.length}));`,
        ]
      : []),
    `\tfor (int j = 0; j < ${tasks.length + (events.length > 0 ? 1 : 0)}; j++)`,
    '\t\tpthread_join(threads[j], NULL);',
    '\tpthread_barrier_destroy(&start);',
    ...(hasMemset
      ? [
          '\tfor (int j = 0; j < TASKS; j++) {',
          '\t\tif (shared_len[j])',
          '\t\t\tmunmap(shared_buf[j], shared_len[j]);',
          '\t\tshared_len[j] = 0;',
          '\t\tshared_buf[j] = NULL;',
          '\t}',
        ]
      : []),
    '}',
    '',
    ...names,
    '',
    ...factFunctions(scene, tasks),
    main.trimEnd(),
  ].join('\n')}\n`
}
