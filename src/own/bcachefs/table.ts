/** What of the language the model of bcachefs can do: its buffered write path, truncate and write-back; nothing is durable, nobody reads. */
import type { CommandName } from '../../scene/scene.ts'
import type { Modelled } from '../table.ts'

const lacks = (what: string): string => `${what} not modelled on bcachefs: it has buffered \`pwrite\`, \`truncate\` and \`may writeback\``

const commands: readonly CommandName[] = [
  'open',
  'pwrite',
  'truncate',
  'falloc',
  'fsync',
  'fdatasync',
  'sync',
  'syncfs',
  'close',
  'remount',
]
const lacking = ['pread', 'mmap', 'mread', 'mwrite', 'munmap', 'msync', 'fpunch', 'fzero', 'sync_range', 'memset'] as const
const setupOnly = ['falloc', 'fsync', 'fdatasync', 'sync', 'syncfs'] as const
const models = ['buf absent', 'buf first', 'buf shared', 'buf mapped', 'via uring', 'via aio', 'nowait', 'dsync', 'same fd']

export const bcachefs: Modelled = {
  fs: 'bcachefs',
  since: { release: '6.7', says: 'bcachefs is in the kernel from 6.7 on: say a later release' },
  until: { release: '6.18', says: 'bcachefs is in the kernel until 6.17: say an earlier release' },
  direct: lacks('direct I/O is'),
  commands: {
    ...(Object.fromEntries(commands.map((name) => [name, null])) as Record<CommandName, null>),
    ...Object.fromEntries(lacking.map((name) => [name, lacks(`\`${name}\` is`)])),
  },
  setupOnly: Object.fromEntries(setupOnly.map((name) => [name, `\`${name}\` is modelled on bcachefs in the setup only`])),
  models: Object.fromEntries(models.map((name) => [name, lacks(`\`${name}\` is`)])),
  events: {
    power: lacks('a power failure is'),
    writeback: null,
    reclaim: lacks('memory pressure is'),
    migrate: lacks('migration of a buffer’s pages is'),
    commit: lacks('a commit of the journal is'),
    ioerror: 'errors of the device are not modelled',
  },
  facts: {
    hole: null,
    unwritten: null,
    zeros: null,
    data: null,
    size: null,
    'log overlap': 'bcachefs has no log tree',
    abort: lacks('an emergency shutdown is'),
    deadlock: null,
    'csum error': lacks('a checksum is'),
    returns: null,
    reads: lacks('a read is'),
    'reads data': lacks('a read is'),
    before: null,
  },
  mkfs: [],
  mount: [],
}
