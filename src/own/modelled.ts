/**
 * What of the language the model of each file system can do, in one table: it refuses by line before anything runs, `lockstep modelled`
 * prints it, and the page shows it beside the editor.
 */
import { InputError } from '../base/assert.ts'
import { choose, compareVersions, resolveRelease } from '../kernel/releases.ts'
import { patches } from '../kernel/patches.ts'
import type { Problem } from '../scene/lines.ts'
import { meant } from '../scene/nearest.ts'
import { sayings, type Command, type Fact, type Letter, type Model, type Saying, type Scene } from '../scene/scene.ts'
import { bcachefs } from './bcachefs/table.ts'
import type { Modelled, Row } from './table.ts'

const btrfs: Modelled = {
  fs: 'btrfs',
  commands: {
    open: null,
    pwrite: null,
    pread: null,
    mmap: null,
    mread: 'loads through a mapping are not modelled: use `pread`',
    mwrite: null,
    munmap: null,
    msync: null,
    truncate: null,
    falloc: null,
    fpunch: null,
    fzero: null,
    fsync: null,
    fdatasync: null,
    sync_range: null,
    sync: null,
    syncfs: null,
    close: null,
    remount: null,
    memset: null,
  },
  models: {
    'buf absent': null,
    'buf first': null,
    'buf shared': null,
    'buf mapped': null,
    'via uring': null,
    'via aio': null,
    nowait: null,
    dsync: null,
    'same fd': null,
  },
  events: {
    power: null,
    writeback: null,
    reclaim: null,
    migrate: 'migration of a buffer’s pages is not modelled for scenes: `buf absent` begins with pages that are not mapped',
    commit: null,
    ioerror: 'errors of the device are not modelled',
  },
  facts: {
    hole: null,
    unwritten: null,
    zeros: null,
    data: null,
    size: null,
    'log overlap': null,
    abort: null,
    deadlock: null,
    'csum error': null,
    returns: null,
    reads: null,
    'reads data': null,
    before: null,
  },
  mkfs: ['no-holes', 'holes'],
  mount: ['nodatasum', 'nodatacow'],
}

const notYet = (what: string, nearest: string): string => `${what} not modelled on ext4: ${nearest}`

/** The page cache path, writeback, truncate and the journal, as far as blocks are whole. Facts: ext4 3.1 to 3.5, 3.7 to 3.9. */
const ext4: Modelled = {
  fs: 'ext4',
  until: { release: '6.13', says: 'not modelled: the code of ext4 was read up to 6.12' },
  wholeBlocks: 'the part of a block that `truncate` zeroes is not modelled on ext4: cut at a multiple of 4k',
  commands: {
    open: null,
    pwrite: null,
    pread: null,
    mmap: notYet('mappings are', 'use `pwrite`'),
    mread: notYet('mappings are', 'use `pread`'),
    mwrite: notYet('mappings are', 'use `pwrite`'),
    munmap: notYet('mappings are', 'leave them out'),
    msync: notYet('mappings are', 'use `fsync`'),
    truncate: null,
    falloc: notYet('fallocate() is', 'write the blocks'),
    fpunch: notYet('fallocate() is', 'use `truncate`'),
    fzero: notYet('fallocate() is', 'write zeros: `pwrite -S 0x00`'),
    fsync: null,
    fdatasync: notYet('what fdatasync() leaves out is', 'use `fsync`'),
    sync_range: null,
    sync: null,
    syncfs: null,
    close: notYet('close(), which may start write-back (auto_da_alloc), is', 'leave it out, and say `may writeback`'),
    remount: null,
    memset: null,
  },
  models: {
    'buf absent': null,
    'buf first': null,
    'buf shared': null,
    'buf mapped': notYet('mappings are', 'use `buf absent`'),
    'via uring': notYet('io_uring reads are', 'leave `via uring` out'),
    'via aio': notYet('asynchronous calls are', 'leave `via aio` out'),
    nowait: notYet('NOWAIT reads are', 'leave `nowait` out'),
    dsync: null,
    'same fd': null,
  },
  events: {
    power: null,
    writeback: null,
    reclaim: null,
    migrate: notYet('migration of a buffer’s pages is', 'leave it out'),
    commit: null,
    ioerror: 'errors of the device are not modelled',
  },
  facts: {
    hole: null,
    unwritten: null,
    zeros: null,
    data: null,
    size: null,
    'log overlap': 'ext4 has no log tree: its journal is one of blocks',
    abort: notYet('an aborted journal is', 'leave it out'),
    deadlock: null,
    'csum error': 'ext4 has no checksums of data',
    returns: null,
    reads: null,
    'reads data': null,
    before: btrfs.facts.before,
  },
  mkfs: [],
  mount: [],
}

/** Every file system of which scenes can be asked. */
export const modelled: readonly Modelled[] = [btrfs, ext4, bcachefs]

export const boundsOf = (fs: string): Pick<Modelled, 'since' | 'until'> => {
  const { since, until } = modelled.find((one) => one.fs === fs) ?? {}
  return { ...(since ? { since } : {}), ...(until ? { until } : {}) }
}

export const nameOfModel = (model: Model): string =>
  model.kind === 'buf' ? `buf ${model.pages}` : model.kind === 'via' ? `via ${model.ring}` : model.kind

/** How a task has its file open; as its last `open` says. */
export interface Opened {
  readonly direct: boolean
  readonly append: boolean
  readonly sync: boolean
}

export const plain: Opened = { direct: false, append: false, sync: false }
export const openedBy = ({ flags }: Command): Opened => ({
  direct: flags.includes('d'),
  append: flags.includes('a'),
  sync: flags.includes('s'),
})

/** What is not modelled in this scene, by line; empty = it can be run. */
export function refusals(scene: Scene): Problem[] {
  const [on] = sayings(scene, 'on')
  if (!on) return []
  const table = modelled.find(({ fs }) => fs === on.fs)
  if (!table)
    return [
      {
        line: on.line,
        word: on.fs,
        message: `no scene of \`${on.fs}\` can be run: ${meant(
          on.fs,
          modelled.map(({ fs }) => fs),
        )}`,
      },
    ]
  const problems: Problem[] = kernelProblems(on)
  const state = { opened: new Map<Letter, Opened>(), maps: new Map<Letter, readonly { readonly from: number; readonly to: number }[]>() }
  for (const one of scene.statements) {
    const says = (word: string | null, row: Row): void => {
      if (row !== null) problems.push({ line: one.line, word, message: row })
    }
    if (one.kind === 'mkfs' || one.kind === 'mount')
      for (const option of one.options)
        if (!table[one.kind].includes(option))
          says(option, `the option \`${option}\` of ${one.kind} is not modelled on ${table.fs}: ${meant(option, table[one.kind])}`)
    if (one.kind === 'may') {
      says(one.event, table.events[one.event])
      if (one.range && !['writeback', 'reclaim'].includes(one.event))
        says(one.event, `\`${one.event}\` happens to the whole machine: leave its range out`)
    }
    if (one.kind === 'claim') says(one.fact.what.kind, table.facts[one.fact.what.kind] ?? stepsAfterPower(one.fact))
    if (one.kind === 'setup' || one.kind === 'task') {
      says(one.command.name, table.commands[one.command.name])
      if (one.kind === 'task') says(one.command.name, table.setupOnly?.[one.command.name] ?? null)
      if (table.direct && one.command.name === 'open' && one.command.flags.includes('d')) says('open', table.direct)
      for (const model of one.command.model) says(nameOfModel(model), table.models[nameOfModel(model)] ?? combination(model, one.command))
      says(one.command.name, commandProblem(one, state) ?? blockProblem(one, table))
    }
  }
  problems.push(...otherFiles(scene))
  return problems
}

/** One file of one subvolume: a second one would share its log with the first. */
function otherFiles(scene: Scene): Problem[] {
  const opens = [...sayings(scene, 'setup'), ...sayings(scene, 'task')].flatMap(({ line, command: { path } }) =>
    path === null ? [] : [{ line, path }],
  )
  const [first] = opens
  return opens.flatMap(({ line, path }) =>
    first === undefined || path === first.path
      ? []
      : [
          {
            line,
            word: path,
            message: `a second file is not modelled: line ${first.line} opens \`${first.path}\`, and every task has that one`,
          },
        ],
  )
}

function kernelProblems({ line, fs, release, on, off }: Extract<Saying, { kind: 'on' }> & { readonly line: number }): Problem[] {
  const problems: Problem[] = []
  const ids = [...on, ...off].map((name) => ({ name, id: patchId(name) }))
  for (const { name, id } of ids)
    if (id === null)
      problems.push({
        line,
        word: name,
        message: `no patch \`${name}\` is modelled: ${meant(
          name,
          patches.map((patch) => patch.name),
        )}`,
      })
  const strange = ids.flatMap(({ name, id }) => {
    const { fs: of = null } = patches.find((patch) => patch.id === id) ?? {}
    return of === null || of === fs ? [] : [{ name, of }]
  })
  for (const { name, of } of strange)
    problems.push({ line, word: name, message: `the patch \`${name}\` is one of ${of}: it changes nothing here` })
  try {
    const found = resolveRelease(release).release
    const { since, until } = boundsOf(fs)
    if (since && compareVersions(found.version, since.release) < 0) problems.push({ line, word: release, message: since.says })
    if (until && compareVersions(found.version, until.release) >= 0) problems.push({ line, word: release, message: until.says })
    if (problems.length === 0)
      choose(
        found,
        on.map((name) => patchId(name) ?? ''),
        off.map((name) => patchId(name) ?? ''),
      )
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    problems.push({ line, word: release, message: error.message })
  }
  return problems
}

/** The id of a patch by its id, its first digits, or its name; null = there is none. */
export const patchId = (text: string): string | null =>
  patches.find(
    ({ id, name }) => id === text || name === text || (/^[0-9a-f]{7,}$/.test(text) && (id.startsWith(text) || text.startsWith(id))),
  )?.id ?? null

/** Words behind `--` that do not go with this command. */
function combination(model: Model, { name }: Command): Row {
  const on = {
    buf: ['pwrite', 'pread'],
    via: ['pread', 'pwrite'],
    nowait: ['pread'],
    dsync: ['pwrite'],
    'same fd': ['pwrite', 'pread', 'fsync', 'fdatasync'],
  }[model.kind]
  if (name === 'pwrite' && model.kind === 'via' && model.ring === 'uring') return 'a write through io_uring is not modelled: say `via aio`'
  return on.includes(name) ? null : `\`${nameOfModel(model)}\` goes with ${on.map((one) => `\`${one}\``).join(', ')}, not with \`${name}\``
}

/** No step is taken behind a power failure but the mount's. */
const stepsAfterPower = ({ afterPower, what }: Fact): Row =>
  afterPower && what.kind === 'before' ? 'steps come before a power failure: leave `after power` out' : null

/** Of a file system whose blocks are handled whole. */
const blockProblem = ({ command }: Line, { wholeBlocks }: Modelled): Row =>
  command.name === 'truncate' && (command.numbers[0] ?? 0) % 4096 !== 0 ? (wholeBlocks ?? null) : null

type Line = Extract<Saying, { kind: 'setup' | 'task' }>

interface State {
  readonly opened: Map<Letter, Opened>
  readonly maps: Map<Letter, readonly { readonly from: number; readonly to: number }[]>
}

/** The setup is a program of its own; its mapping is everybody's. */
const SETUP = ''

function commandProblem(line: Line, { opened, maps }: State): Row {
  const { command } = line
  const who = line.kind === 'task' ? line.task : SETUP
  const [offset = 0, length = 0] = command.numbers
  switch (command.name) {
    case 'open':
      if (command.flags.includes('t')) return '`open -t` (O_TRUNC) is not modelled: say `truncate 0`'
      opened.set(who, openedBy(command))
      return null
    case 'close':
      opened.delete(who)
      return null
    case 'mmap':
      maps.set(who, [...(maps.get(who) ?? []), { from: offset, to: offset + length }])
      return offset % 4096 === 0 ? null : 'a mapping begins at a multiple of 4k'
    case 'munmap':
      maps.delete(who)
      return null
    case 'mwrite':
      return [...(maps.get(who) ?? []), ...(maps.get(SETUP) ?? [])].some(({ from, to }) => from <= offset && offset + length <= to)
        ? null
        : `nothing is mapped at ${offset}: put \`mmap -w\` before \`mwrite\``
    case 'sync_range':
      return command.flags === '' || command.flags.includes('a')
        ? null
        : '`sync_range` that does not wait (-a) is not modelled: say `sync_range -w -a`'
    case 'pwrite':
    case 'pread': {
      const direct = opened.get(who)?.direct ?? false
      if (direct && (offset % 4096 !== 0 || length % 4096 !== 0))
        return 'direct I/O takes multiples of 4k: what is not falls back to the page cache, which is not modelled'
      if (line.kind === 'setup' && command.model.length > 0) return 'words behind `--` are for tasks: the setup runs alone'
      if (command.name === 'pread' && command.block !== null && command.block < length)
        return '`pread -b` in several calls is not modelled: write a line for each'
      return null
    }
    default:
      return null
  }
}
