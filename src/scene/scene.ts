/** A scene: what somebody asks of the model, as the text says it. Plain data; nothing here knows what the model can do. */

/** A task's letter, A to Z. */
export type Letter = string

/** What bytes carry: the letter of who wrote them, or a byte's value as `0x61`. */
export type Stamp = string

/** Half-open, in bytes; from < to. */
export interface Range {
  readonly from: number
  readonly to: number
}

/** What xfs_io does not know, said after ` -- `. */
export type Model =
  | { readonly kind: 'buf'; readonly pages: 'absent' | 'shared' }
  /** Only the first `length` bytes of the buffer are in the page table. */
  | { readonly kind: 'buf'; readonly pages: 'first'; readonly length: number }
  /** The buffer is a mapping of the file itself at `offset`. */
  | { readonly kind: 'buf'; readonly pages: 'mapped'; readonly offset: number }
  | { readonly kind: 'via'; readonly ring: 'uring' | 'aio' }
  | { readonly kind: 'nowait' | 'dsync' }
  /** The same open file (position and flags) as that task's. */
  | { readonly kind: 'same fd'; readonly as: Letter }

export type CommandName =
  | 'open'
  | 'pwrite'
  | 'pread'
  | 'mmap'
  | 'mread'
  | 'mwrite'
  | 'munmap'
  | 'msync'
  | 'truncate'
  | 'falloc'
  | 'fpunch'
  | 'fzero'
  | 'fsync'
  | 'fdatasync'
  | 'sync_range'
  | 'sync'
  | 'syncfs'
  | 'close'
  | 'remount'
  | 'memset'

/** One command of xfs_io. Which parts a command has is said in `commands.ts`. */
export interface Command {
  readonly name: CommandName
  /** Letters of its options that take no value, each once, in the order of the table. */
  readonly flags: string
  /** `-S`; null = not given: the data carry the task's letter. */
  readonly stamp: Stamp | null
  /** `-b`, bytes of one system call; null = all at once. */
  readonly block: number | null
  /** `memset`: whose buffer. */
  readonly of: Letter | null
  /** `open`: the name of the file. */
  readonly path: string | null
  /** Numbers in bytes, as many as the table says. */
  readonly numbers: readonly number[]
  readonly model: readonly Model[]
}

export type EventName = 'power' | 'writeback' | 'reclaim' | 'migrate' | 'commit' | 'ioerror'

/** What is said to be so, or never so. */
export type What =
  | { readonly kind: 'hole' | 'unwritten' | 'zeros'; readonly range: Range }
  | { readonly kind: 'data'; readonly range: Range; readonly stamp: Stamp | null }
  | { readonly kind: 'size'; readonly size: number }
  | { readonly kind: 'log overlap' | 'abort' | 'deadlock' | 'csum error' }
  | { readonly kind: 'returns'; readonly task: Letter; readonly value: number | string }
  | { readonly kind: 'reads'; readonly task: Letter; readonly what: 'stale' | 'zeros' }
  | { readonly kind: 'reads data'; readonly task: Letter; readonly range: Range; readonly stamp: Stamp }
  | { readonly kind: 'before'; readonly task: Letter; readonly label: string; readonly than: Letter; readonly other: string }

export interface Fact {
  readonly afterPower: boolean
  readonly what: What
  /** Judged only where this task is done; null = always. */
  readonly whenDone: Letter | null
}

/** The task takes so many steps, or runs until it has taken that step for the nth time, or to its end. */
export type Choice =
  { readonly task: string; readonly steps: number } | { readonly task: string; readonly until: string; readonly nth: number }

export type Claim = 'never' | 'always' | 'sometimes'

export type Saying =
  | { readonly kind: 'on'; readonly fs: string; readonly release: string; readonly on: readonly string[]; readonly off: readonly string[] }
  | { readonly kind: 'mkfs'; readonly options: readonly string[] }
  | { readonly kind: 'mount'; readonly options: readonly string[] }
  | { readonly kind: 'setup'; readonly command: Command }
  | { readonly kind: 'task'; readonly task: Letter; readonly command: Command }
  | { readonly kind: 'may'; readonly event: EventName; readonly range: Range | null }
  | { readonly kind: 'claim'; readonly claim: Claim; readonly fact: Fact }
  | { readonly kind: 'outcomes'; readonly afterPower: boolean }
  | { readonly kind: 'run'; readonly choices: readonly Choice[] }

export type Statement = (Saying | { readonly kind: 'comment' }) & {
  /** Where it begins in the text that was read, from 1. */
  readonly line: number
  /** What stands behind `;`, without it; null = nothing. */
  readonly comment: string | null
}

export interface Scene {
  readonly name: string | null
  /** In the order of the text: only the order of `setup:` lines, and of one task's lines, means something. */
  readonly statements: readonly Statement[]
}

/** The version of the grammar, the word after `lockstep`. */
export const VERSION = 1

/** No scene has more tasks than these. */
export const TASKS_MAX = 5
/** No scene is longer: it would not be read in a mail, and its interleavings would not be searched. */
export const STATEMENTS_MAX = 120
/** Of one line. A link has room for as many, and for no more. */
export const CHOICES_MAX = 400
export const OPTIONS_MAX = 12
export const PATCHES_MAX = 30
/** Bytes of a whole text, a mail around the scene with it. */
export const TEXT_MAX = 1_000_000
/** The longest file, 1 TiB: as for recorded sequences. */
export const BYTES_MAX = 2 ** 40

/** The statements of one kind, with their type. */
export const sayings = <K extends Statement['kind']>(scene: Scene, kind: K): Extract<Statement, { kind: K }>[] =>
  scene.statements.filter((one): one is Extract<Statement, { kind: K }> => one.kind === kind)

/** Letters of the tasks, in the order in which the text names them first. */
export const tasksOf = (scene: Scene): Letter[] => [...new Set(sayings(scene, 'task').map(({ task }) => task))]
