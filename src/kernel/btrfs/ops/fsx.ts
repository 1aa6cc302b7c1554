/**
 * The operations of an fsx log, run on the model one after the other. Each write has a content of its own, so that the file at the end says
 * which one wrote each of its bytes last. Source: ltp/fsx.c of fstests.
 */
import { AuthorError } from '../../../base/assert.ts'
import { alignDown } from '../../../base/range.ts'
import { choose, resolveRelease } from '../../releases.ts'
import { SECTOR } from '../world.ts'
import type { Command } from './command.ts'
import { dataRuns, fiemap, type FiemapEntry } from './observe.ts'
import { freshSession, look, runCommand, type Session } from './run.ts'
import { refusalOf } from './sequence.ts'

/** One operation as fsx logged it; bytes. */
export interface LoggedOperation {
  readonly n: number
  readonly op: string
  readonly from: number | null
  readonly to: number | null
  /** Of TRUNCATE the new size. */
  readonly dest: number | null
  readonly skipped: boolean
  readonly marks: readonly string[]
}

export interface FsxRun {
  /** How many operations ran, skipped ones among them. */
  readonly ran: number
  /** The first operation that the model does not take, and why. */
  readonly stopped: { readonly n: number; readonly says: string } | null
  /** Where the size that the log tells is not the one of the model: what the log does not tell was taken wrongly. */
  readonly sizes: readonly { readonly n: number; readonly logged: number; readonly model: number }[]
  readonly size: number
  readonly fiemap: readonly FiemapEntry[]
  /** Who wrote which bytes last; null: nobody, they are zeros. */
  readonly written: readonly { readonly from: number; readonly to: number; readonly by: number | null }[]
}

const write = (n: number, from: number, to: number): Command => ({
  name: 'pwrite',
  direct: false,
  append: false,
  fill: n,
  block: to - from,
  offset: from,
  length: to - from,
})

/** What fsx does for an operation, as commands; a sentence where the model has no code for it. */
function commandsOf({ n, op, from, to, dest, marks }: LoggedOperation, size: number): readonly Command[] | string {
  if (op.startsWith('TRUNCATE')) return dest === null ? 'its sizes are missing' : [{ name: 'truncate', to: dest }]
  if (op === 'FSYNC') return [{ name: 'fsync' }]
  if (op === 'CLOSE/OPEN' || op === 'INVALI' || op === 'MSYNC') return []
  if (from === null || to === null) return 'its bytes are missing'
  const bytes = { offset: from, length: to - from }
  switch (op) {
    case 'READ':
      return [{ name: 'pread', direct: false, ...bytes }]
    case 'MAPREAD':
      return [{ name: 'pread', direct: false, ...bytes }]
    case 'WRITE':
      return [write(n, from, to)]
    case 'MAPWRITE': {
      // domapwrite(): ftruncate() where the file is too short, then stores into a mapping, msync(MS_SYNC) and munmap().
      const start = alignDown(from, SECTOR)
      return [
        ...(to > size ? [{ name: 'truncate', to } as const] : []),
        { name: 'mmap', writable: true, offset: start, length: to - start },
        { name: 'mwrite', fill: n, ...bytes },
        { name: 'msync', offset: start, length: to - start },
        { name: 'munmap' },
      ]
    }
    case 'PUNCH':
      return [{ name: 'fallocate', mode: 'punch', keepSize: true, ...bytes }]
    case 'ZERO':
      return [{ name: 'fallocate', mode: 'zero', keepSize: false, ...bytes }]
    case 'FALLOC':
      return [{ name: 'fallocate', mode: 'allocate', keepSize: marks.includes('PAST_EOF'), ...bytes }]
    default:
      return `the model of btrfs has no ${op}`
  }
}

/** The size that the log tells for before an operation; null where it tells none. */
const loggedSize = ({ op, from, to, dest }: LoggedOperation): number | null => {
  if (!op.startsWith('TRUNCATE') || from === null || to === null || dest === null) return null
  return dest === from ? to : from
}

/** Runs them on a fresh file of a release; what was skipped is skipped. Stops, and says why, where the model ends. */
export function playFsx(operations: readonly LoggedOperation[], release: string): FsxRun {
  const { kernel } = choose(resolveRelease(release).release, [], [])
  const session = freshSession(kernel, { noHoles: true, nodatacow: false, nodatasum: false })
  const sizes: FsxRun['sizes'][number][] = []
  let ran = 0
  let stopped: FsxRun['stopped'] = null
  for (const operation of operations) {
    const { n, skipped } = operation
    const logged = loggedSize(operation)
    const model = session.world.inode.i_size
    if (logged !== null && logged !== model) sizes.push({ n, logged, model })
    const says = skipped ? null : run(session, commandsOf(operation, model))
    if (says !== null) {
      stopped = { n, says }
      break
    }
    ran++
  }
  look(session)
  return {
    ran,
    stopped,
    sizes,
    size: session.world.inode.i_size,
    fiemap: fiemap(session.world),
    // A content is called by the number of who wrote it, in hexadecimal; zeros are zeros whoever wrote them.
    written: dataRuns(session.world).map(([from, length, hex]) => ({ from, to: from + length, by: Number.parseInt(hex, 16) || null })),
  }
}

/** @returns why the model does not take them; null if it did. */
function run(session: Session, commands: readonly Command[] | string): string | null {
  if (typeof commands === 'string') return commands
  for (const command of commands) {
    if ('length' in command && command.length === 0) continue
    try {
      const { err } = runCommand(session, command)
      if (err !== null) return `${command.name} gives ${err} on the model, and did not on the machine`
    } catch (error) {
      const refusal = refusalOf(error)
      if (refusal === null) throw error instanceof Error ? error : new AuthorError(String(error))
      return refusal
    }
  }
  return null
}
