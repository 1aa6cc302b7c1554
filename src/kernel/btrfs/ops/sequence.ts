/** A whole recorded sequence on the model. */
import { InputError } from '../../../base/assert.ts'
import type { First } from '../../../engine/sequential.ts'
import { choose, resolveRelease } from '../../releases.ts'
import { NotModelled } from '../not-modelled.ts'
import type { Item } from '../world.ts'
import { parseCommand } from './command.ts'
import { mountAfterCrash } from './crash.ts'
import { dataRuns, observe, type Observation } from './observe.ts'
import type { Recorded } from './record.ts'
import { freshSession, hexStamp, look, runCommand, type Session } from './run.ts'

export interface ModelStep extends Observation {
  readonly cmd: string
  readonly ret: number
  readonly err?: string
}

/** What the model shows; `after` and `log` only where a power failure was recorded. */
export interface Played {
  readonly steps: readonly ModelStep[]
  readonly final: Observation | null
  /** Items of the log that the next mount would replay. */
  readonly log: readonly Item[]
  readonly after: Observation | { readonly err: string } | null
}

/** Looks as the recording program did: everything first, then the content through the page cache. */
function seen(session: Session): Observation {
  const before = observe(session.world)
  look(session)
  return { ...before, data: dataRuns(session.world) }
}

/** Why the model gave up, if it is by design; the engine wraps what a step throws. */
export function refusalOf(error: unknown): string | null {
  for (let at: unknown = error; at instanceof Error; at = at.cause) if (at instanceof NotModelled) return at.message
  return null
}

/** Runs the sequence; `goesFirst`: a call, or the workers that it starts. @throws InputError for a command that cannot be read, NotModelled where the model ends. */
export function play(record: Recorded, goesFirst: First = 'caller'): Played {
  if (record.refused !== null) throw new NotModelled(record.refused)
  const { kernel } = choose(resolveRelease(record.kernel).release, [], [])
  const session = freshSession(kernel, record.fileSystem, hexStamp, goesFirst)
  const steps: ModelStep[] = []
  for (const [i, { cmd }] of record.courses[0].steps.entries()) {
    let command
    try {
      command = parseCommand(cmd)
    } catch (error) {
      throw error instanceof InputError ? new InputError(`step ${i + 1}: ${error.message}`) : error
    }
    const { ret, err } = runCommand(session, command)
    steps.push({ cmd, ret, ...(err === null ? {} : { err }), ...seen(session) })
  }
  if (record.crashes.length > 0) {
    const mounted = mountAfterCrash(session)
    return { steps, final: null, log: session.world.durable.log ?? [], after: mounted ? seen(mounted) : { err: 'ENOENT' } }
  }
  if (record.courses[0].final === null) return { steps, final: null, log: [], after: null }
  runCommand(session, { name: 'syncfs' })
  return { steps, final: seen(session), log: [], after: null }
}
