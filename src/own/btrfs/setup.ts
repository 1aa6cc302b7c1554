/** The setup, run through the same model as everything else: a scene begins in a state that the file system can be in. */
import type { Kernel } from '../../engine/procedure.ts'
import type { Command as Operation } from '../../kernel/btrfs/ops/command.ts'
import { mountAfterCrash } from '../../kernel/btrfs/ops/crash.ts'
import { freshSession, runCommand, type FileSystem, type Session } from '../../kernel/btrfs/ops/run.ts'
import type { BtrfsWorld } from '../../kernel/btrfs/world.ts'
import { invariant } from '../../base/assert.ts'
import { sayings, type Command, type Scene } from '../../scene/scene.ts'
import type { Problem } from '../../scene/lines.ts'
import { stampIn } from '../../scene/command.ts'
import type { SetUp } from '../file-system.ts'
import { openedBy, plain, type Opened } from '../modelled.ts'
import { byteOf, stampOfByte } from '../stamps.ts'

/** What the command does to the file, in the words of recorded sequences; null = nothing of its own. */
function operationOf(command: Command, open: Opened): Operation | null {
  const [offset = 0, length = 0] = command.numbers
  const fill = byteOf(stampIn(command, null))
  switch (command.name) {
    case 'pwrite':
      return { name: 'pwrite', direct: open.direct, append: open.append, fill, block: command.block ?? length, offset, length }
    case 'pread':
      return { name: 'pread', direct: open.direct, offset, length }
    case 'mmap':
      return { name: 'mmap', writable: command.flags === '' || command.flags.includes('w'), offset, length }
    case 'munmap':
      return { name: 'munmap' }
    case 'mwrite':
      return { name: 'mwrite', fill, offset, length }
    case 'msync':
      return { name: 'msync', offset, length }
    case 'truncate':
      return { name: 'truncate', to: offset }
    case 'falloc':
    case 'fzero':
    case 'fpunch':
      return {
        name: 'fallocate',
        mode: ({ falloc: 'allocate', fzero: 'zero', fpunch: 'punch' } as const)[command.name],
        keepSize: command.name === 'fpunch' || command.flags.includes('k'),
        offset,
        length,
      }
    case 'sync_range':
      return { name: 'sync_range', offset, length }
    case 'fsync':
    case 'fdatasync':
      return { name: command.name }
    case 'sync':
    case 'syncfs':
      return { name: 'syncfs' }
    default:
      return null
  }
}

const fileSystemOf = (scene: Scene): FileSystem => {
  const options = [...sayings(scene, 'mkfs'), ...sayings(scene, 'mount')].flatMap((one) => one.options)
  return { noHoles: !options.includes('holes'), nodatacow: options.includes('nodatacow'), nodatasum: options.includes('nodatasum') }
}

/** A fresh file system with an empty file on disk, then the setup's commands, one after the other. */
export function setUp(scene: Scene, kernel: Kernel): SetUp<BtrfsWorld> {
  let session: Session = freshSession(kernel, fileSystemOf(scene), stampOfByte)
  const problems: Problem[] = []
  let open = plain
  runCommand(session, { name: 'syncfs' })
  for (const { line, command } of sayings(scene, 'setup')) {
    if (command.name === 'open') open = openedBy(command)
    if (command.name === 'close') open = plain
    if (command.name === 'remount') {
      runCommand(session, { name: 'syncfs' })
      const mounted = mountAfterCrash(session)
      invariant(mounted, 'the file was committed')
      session = mounted
    }
    const operation = operationOf(command, open)
    const { err } = operation ? runCommand(session, operation) : { err: null }
    if (err !== null)
      problems.push({ line, word: command.name, message: `\`${command.name}\` fails here with ${err}: a setup has to succeed` })
  }
  return { world: session.world, problems }
}
