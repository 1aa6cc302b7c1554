/** Stages an O_SYNC direct write that grows a file, and a power failure. Source: facts ext4 1.2, 1.5, 3.9. */
import { M } from '../../base/range.ts'
import type { Kernel } from '../../engine/procedure.ts'
import type { System } from '../../engine/system.ts'
import { draw } from '../../kernel/ext4/draw.ts'
import { atRest, neverStale } from '../../kernel/ext4/oracles.ts'
import { shown } from '../../kernel/ext4/shown.ts'
import { commitThread, ext4System, stageWorld } from '../../kernel/ext4/stage.ts'
import type { Ext4World } from '../../kernel/ext4/world.ts'
import { promisesKept } from '../../kernel/oracles/acknowledged.ts'
import { describe } from '../../kernel/vfs/describe.ts'
import { addFsync, addPowerFailure, addWrite, inOrder } from '../../kernel/vfs/stage.ts'
import type { SettingsOf } from '../card.ts'
import { defineScenario, until } from '../scenario.ts'
import { beats, windows } from './beats.ts'
import { card } from './card.ts'

const length = M

function stage(kernel: Kernel, settings: SettingsOf<typeof card>): System<Ext4World> {
  const { sync, before, via, fsync, power } = settings
  const size = before === '1M' ? length : 0
  const world = stageWorld({ kernel, setting: settings, size, extents: size > 0 ? [{ from: 0, to: size, stamp: 'X' }] : [] })
  const tasks = [addWrite(world, { letter: 'A', length, sync: sync === 'on', aio: via === 'aio', history: true })]
  if (fsync === 'after') tasks.push(inOrder(addFsync(world, 'F', 'fd', { history: true }), ['A']))
  tasks.push(commitThread('T'))
  if (power === 'fails') tasks.push(addPowerFailure('P'))
  return ext4System(`ext4-osync-size on ${kernel.release}`, world, tasks, [promisesKept('O4', shown), neverStale, atRest])
}

/** Up to where the write waits for the transaction, and that is committed. */
const synced = [
  until('A', '__iomap_dio_rw.drop_ref'),
  until('a', 'iomap_dio_bio_end_io.put_ref'),
  until('A', 'ext4_sync_file.find_transaction'),
  until('T', 'jbd2_journal_commit_transaction.commit_record'),
]

export const scenario = defineScenario({
  card,
  stage,
  schedules: {
    bug: [...synced, until('A', 'write.return'), until('P', 'power_failure.recover_journal')],
    ok: [
      ...synced,
      until('A', 'write.return'),
      until('T', 'jbd2_journal_commit_transaction.commit_record'),
      until('P', 'power_failure.recover_journal'),
    ],
  },
  beats,
  windows,
  draw: (s) => draw(s, { axis: { from: 0, to: 2 * M }, crash: s.setting['power'] === 'fails' }),
  happened: (outcome) => describe(outcome),
  statesAtMost: 1000,
})
