/** The setup on ext4: a program of its own that runs alone, on the model, from an empty file that was committed. */
import { Machine } from '../../engine/machine.ts'
import type { Kernel } from '../../engine/procedure.ts'
import { Trace } from '../../engine/trace.ts'
import { afterFailure } from '../../kernel/block/power.ts'
import { ext4Failure } from '../../kernel/ext4/power.ts'
import { commitThread, ext4System, stageWorld } from '../../kernel/ext4/stage.ts'
import type { Ext4World } from '../../kernel/ext4/world.ts'
import { errnoName } from '../../kernel/lib/errno.ts'
import { addSyncfs } from '../../kernel/vfs/stage.ts'
import { addThread, callsOf, threadCall, type ThreadCall } from '../../kernel/vfs/thread.ts'
import type { Problem } from '../../scene/lines.ts'
import { sayings, type Scene } from '../../scene/scene.ts'
import { stampIn } from '../../scene/command.ts'
import type { SetUp } from '../file-system.ts'
import { openedBy, plain } from '../modelled.ts'
import { callsMadeBy } from '../tasks.ts'

/** The program's letter. Nobody sees it: what it has written carries the letters that the text says. */
const PROGRAM = 'A'
const FILE = 'fd'

/** Runs these calls one after the other, and whatever they start, to the end. @returns what each returned. */
function run(world: Ext4World, calls: readonly ThreadCall[]): { readonly world: Ext4World; readonly returned: readonly (number | null)[] } {
  const task = addThread(world, PROGRAM, calls)
  const machine = new Machine(ext4System('setup', world, [task, commitThread('T')], []))
  const trace = new Trace(machine)
  trace.finish()
  const after = machine.world(trace.state)
  const returned = after.calls[PROGRAM] ? callsOf(after, PROGRAM).map((one) => one.returned) : []
  const { past: _, ...kept } = after
  return {
    world: { ...kept, files: {}, buffers: {}, kiocbs: {}, iters: {}, calls: {}, requests: {}, bios: {}, dios: {}, freed: {}, ops: {} },
    returned,
  }
}

const sync = (): ThreadCall => threadCall(PROGRAM, (s) => addSyncfs(s, PROGRAM))

export function setUp(scene: Scene, kernel: Kernel): SetUp<Ext4World> {
  const problems: Problem[] = []
  let world: Ext4World = { ...stageWorld({ kernel, setting: {}, size: 0 }), files: {} }
  let open = { ...plain, file: FILE }
  for (const { line, command } of sayings(scene, 'setup')) {
    if (command.name === 'open') open = { ...open, ...openedBy(command) }
    if (command.name === 'close') open = { ...open, ...plain }
    const calls =
      command.name === 'remount'
        ? [sync()]
        : callsMadeBy(PROGRAM, { ...command, stamp: command.name === 'pwrite' ? stampIn(command, null) : command.stamp }, open)
    if (calls.length === 0) continue
    const done = run({ ...world, files: { [FILE]: { f_pos: 0, f_pos_lock: null, private_data: null } } }, calls)
    world = done.world
    const failed = done.returned.find((value) => value === null || value < 0)
    if (failed !== undefined)
      problems.push({
        line,
        word: command.name,
        message: `\`${command.name}\` fails here${failed === null ? '' : ` with ${errnoName(failed)}`}: a setup has to succeed`,
      })
    // Everything is on the disk: the next mount finds it as it is, with a cold cache.
    if (command.name === 'remount') world = { ...afterFailure(world, ext4Failure), mount: { down: false, count: 0 } }
  }
  return { world, problems }
}
