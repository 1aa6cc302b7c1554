/** The words of the language, each once: what is parsed, printed, offered and put into links. */
import type { Claim, CommandName, EventName } from './scene.ts'

/** How a command is written. */
export interface CommandForm {
  /** Options without a value. */
  readonly flags: string
  /** Takes `-S`, `-b`. */
  readonly stamp?: true
  readonly block?: true
  /** Names of its numbers; with `optional` all or none of them. */
  readonly numbers: readonly ('offset' | 'length' | 'size')[]
  readonly optional?: true
  /** Begins with a task's letter. */
  readonly of?: true
  readonly path?: true
  /** Where it may stand. */
  readonly where: 'both' | 'setup' | 'task'
  /** In a few words, for who chooses among them. */
  readonly says: string
}

const part = ['offset', 'length'] as const

/** xfs_io's commands as far as the language has them, and its own two. */
export const commandForms: Readonly<Record<CommandName, CommandForm>> = {
  open: { flags: 'acdst', path: true, numbers: [], where: 'both', says: 'opens the file: -d O_DIRECT, -a O_APPEND, -s O_SYNC, -t O_TRUNC' },
  pwrite: { flags: '', stamp: true, block: true, numbers: part, where: 'both', says: 'writes; -S the byte, -b the size of one call' },
  pread: { flags: '', block: true, numbers: part, where: 'both', says: 'reads' },
  mmap: { flags: 'rwx', numbers: part, where: 'both', says: 'maps the file' },
  mread: { flags: '', numbers: part, where: 'both', says: 'loads through the mapping' },
  mwrite: { flags: '', stamp: true, numbers: part, where: 'both', says: 'stores through the mapping' },
  munmap: { flags: '', numbers: [], where: 'both', says: 'takes the mapping away' },
  msync: { flags: 'ais', numbers: part, optional: true, where: 'both', says: 'syncs the mapping' },
  truncate: { flags: '', numbers: ['size'], where: 'both', says: 'sets the size' },
  falloc: { flags: 'k', numbers: part, where: 'both', says: 'preallocates; -k keeps the size' },
  fpunch: { flags: '', numbers: part, where: 'both', says: 'punches a hole' },
  fzero: { flags: 'k', numbers: part, where: 'both', says: 'makes zeros; -k keeps the size' },
  fsync: { flags: '', numbers: [], where: 'both', says: 'fsync()' },
  fdatasync: { flags: '', numbers: [], where: 'both', says: 'fdatasync()' },
  sync_range: { flags: 'abw', numbers: part, where: 'both', says: 'sync_file_range(): -w starts write-back, -a waits after, -b before' },
  sync: { flags: '', numbers: [], where: 'both', says: 'syncs every file system' },
  syncfs: { flags: '', numbers: [], where: 'both', says: 'syncs this file system' },
  close: { flags: '', numbers: [], where: 'both', says: 'closes the file' },
  remount: { flags: '', numbers: [], where: 'setup', says: 'unmounts and mounts: the page cache is cold' },
  memset: { flags: '', of: true, numbers: part, where: 'task', says: 'stores to the memory that another task’s call uses' },
}

export const commandNames = Object.keys(commandForms) as readonly CommandName[]
export const eventNames: readonly EventName[] = ['power', 'writeback', 'reclaim', 'migrate', 'commit', 'ioerror']
export const claims: readonly Claim[] = ['never', 'always', 'sometimes']
/** Words that begin what is said after ` -- `. */
export const modelWords = ['buf', 'via', 'nowait', 'dsync', 'same'] as const
/** Words that begin a fact, but for a task's letter. */
export const factWords = ['hole', 'unwritten', 'zeros', 'data', 'size', 'log', 'abort', 'deadlock', 'csum'] as const
/** What a call may return besides a count: the errors that calls on one file have. */
export const errnos = [
  'EAGAIN',
  'EBADF',
  'EDQUOT',
  'EFAULT',
  'EFBIG',
  'EINTR',
  'EINVAL',
  'EIO',
  'ENOENT',
  'ENOMEM',
  'ENOSPC',
  'EOPNOTSUPP',
  'EROFS',
  'ETXTBSY',
  'EUCLEAN',
  'SIGBUS',
  'SIGSEGV',
] as const

/** Words that begin a line, apart from a task's letter and `setup:`. */
export const lineWords = ['lockstep', 'on', 'mkfs', 'mount', 'setup', 'may', ...claims, 'outcomes', 'run', 'end'] as const

/** Does a line that begins with this word begin a statement? Otherwise it continues the one before. */
export const beginsLine = (word: string): boolean =>
  word.startsWith(';') || word === 'setup:' || /^[A-Z]:/.test(word) || (lineWords as readonly string[]).includes(word)
