/**
 * The setup of a scene on bcachefs: writes, truncates and write-back run through the model; what fallocate() reserves is put into the
 * btree, for its way there is not modelled.
 */
import type { Kernel } from '../../engine/procedure.ts'
import { Sequential } from '../../engine/sequential.ts'
import type { TaskDeclaration } from '../../engine/system.ts'
import { addWrite, addWriteback, bcachefsSystem, stageWorld } from '../../kernel/bcachefs/stage.ts'
import type { BcachefsWorld } from '../../kernel/bcachefs/world.ts'
import { gaps } from '../../kernel/lib/runs.ts'
import { dropClean } from '../../kernel/mm/cache.ts'
import { addTruncate } from '../../kernel/vfs/stage.ts'
import { stampIn } from '../../scene/command.ts'
import { sayings, type Command, type Scene } from '../../scene/scene.ts'
import type { SetUp } from '../file-system.ts'
import { stampName } from '../stamps.ts'

/** Everybody's calls begin with none behind them. */
function forget(world: BcachefsWorld): void {
  Object.assign(world, { buffers: {}, kiocbs: {}, iters: {}, calls: {}, ops: {}, writers: {} })
}

function writeBack(world: BcachefsWorld, run: (task: TaskDeclaration) => void): void {
  while (world.mapping.runs.some(({ dirty }) => dirty)) run(addWriteback('A'))
}

function runIn(world: BcachefsWorld, command: Command, run: (task: TaskDeclaration) => void): void {
  const [offset = 0, length = 0] = command.numbers
  switch (command.name) {
    case 'pwrite': {
      const block = command.block ?? length
      for (let done = 0; done < length; done += block) {
        const part = Math.min(block, length - done)
        const content = [{ from: 0, to: part, stamp: stampName(stampIn(command, null)) }]
        run(
          addWrite(world, {
            letter: 'A',
            at: offset + done,
            length: part,
            buffer: { length: part, content, present: content, pinned: [] },
          }),
        )
      }
      return
    }
    case 'truncate':
      run(addTruncate(world, 'A', offset))
      return
    case 'falloc': {
      const free = gaps(world.btree, offset, offset + length).map((gap) => ({ ...gap, kind: 'reserved' as const, stamp: '0' }))
      world.btree = [...world.btree, ...free].sort((a, b) => a.from - b.from)
      if (!command.flags.includes('k')) world.inode.i_size = Math.max(world.inode.i_size, offset + length)
      return
    }
    case 'remount':
      writeBack(world, run)
      dropClean(world.mapping, 0, Infinity)
      return
    case 'fsync':
    case 'fdatasync':
    case 'sync':
    case 'syncfs':
      writeBack(world, run)
      return
    default:
  }
}

export function setUp(scene: Scene, kernel: Kernel): SetUp<BcachefsWorld> {
  const world = stageWorld({ kernel, setting: {}, size: 0, btree: [] })
  const runner = new Sequential(bcachefsSystem('setup', world, []))
  for (const { command } of sayings(scene, 'setup')) {
    runIn(world, command, (task) => {
      runner.run(world, task)
      forget(world)
    })
  }
  return { world, problems: [] }
}
