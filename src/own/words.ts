/** What is said of a scene that nobody has written prose for: who does what, what is asked, what happened. All of it from its text. */
import { size } from '../base/range.ts'
import type { Outcome } from '../engine/view.ts'
import { errnoName } from '../kernel/lib/errno.ts'
import { describe } from '../kernel/vfs/describe.ts'
import { callsOf } from '../kernel/vfs/thread.ts'
import { beat, type Beat } from '../scenarios/beat.ts'
import { printCommand } from '../scene/command.ts'
import { sayings, tasksOf, type EventName, type Letter, type Scene } from '../scene/scene.ts'
import { claimsOf } from './claims.ts'
import type { SceneSystem, SceneWorld } from './file-system.ts'

const happens: Readonly<Record<EventName, string>> = {
  power: 'the power may fail',
  writeback: 'write-back may start',
  reclaim: 'memory may be short',
  migrate: 'pages may be migrated',
  commit: 'a transaction may be committed',
  ioerror: 'the device may fail',
}

const listed = (items: readonly string[]): string =>
  items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1) ?? ''}`

/** Of the commands of all tasks, in letters. */
const LONGEST = 120

/** `On btrfs, after a setup of two commands: A does pwrite 0 4k, then fsync. The power may fail.` */
export function sceneInWords(scene: Scene): string {
  const [on] = sayings(scene, 'on')
  const setup = sayings(scene, 'setup').length
  const tasks = tasksOf(scene).map((letter) => {
    const commands = sayings(scene, 'task').filter(({ task }) => task === letter)
    const calls = commands.map(({ command }) => printCommand(command)).join(', then ')
    return { letter, calls, count: commands.length }
  })
  // A headline is read at a glance: what is longer stands in the text.
  const short = tasks.reduce((sum, { calls }) => sum + calls.length, 0) <= LONGEST
  const done = tasks.map(
    ({ letter, calls, count }) => `${letter} ${short ? `does ${calls}` : `makes ${count === 1 ? 'one call' : `${count} calls`}`}`,
  )
  const may = [...new Set(sayings(scene, 'may').map(({ event }) => happens[event]))]
  const begin = setup === 0 ? 'with an empty file' : `after a setup of ${setup} ${setup === 1 ? 'command' : 'commands'}`
  const events = listed(may)
  return `On ${on?.fs ?? 'no file system'}, ${begin}: ${done.join('; ')}.${events === '' ? '' : ` ${events[0]?.toUpperCase() ?? ''}${events.slice(1)}.`}`
}

/** What the text claims, as it says it. */
export function askedInWords(scene: Scene): string {
  const claims = claimsOf(scene).map(({ text }) => text)
  const [on] = sayings(scene, 'on')
  return claims.length > 0 ? `${claims.join('; ')}.` : `Nothing besides the rules of ${on?.fs ?? 'the file system'}.`
}

/** What a user sees: what calls returned and read, and the file; after a power failure too where that is asked. */
export function happenedIn(outcome: Outcome): string[] {
  const reads = Object.entries(outcome.reads ?? {}).map(([task, found]) => `${task} read ${found.replace(/\b0\b/g, 'zeros')}.`)
  return [...describe(outcome), ...reads]
}

const result = (returned: number): string => (returned < 0 ? `-1 ${errnoName(returned)}` : size(returned))

/** The moments at which a reader stops: each call's return, what happens by itself for the first time, a power failure and the next mount. */
export function beatsOf(
  scene: Scene,
  { shown }: SceneSystem,
  calls: Readonly<Record<Letter, number>>,
  events: readonly Letter[],
): Beat<SceneWorld>[] {
  const returned = (s: SceneWorld, letter: Letter, n: number): number | null =>
    s.calls[letter] ? (callsOf(s, letter)[n]?.returned ?? null) : null
  const returns = tasksOf(scene).flatMap((letter) =>
    Array.from({ length: calls[letter] ?? 0 }, (_, n) =>
      beat<SceneWorld>(`${letter}${n + 1}`, [], {
        when: ({ before, after }) => returned(before, letter, n) === null && returned(after, letter, n) !== null,
        says: ({ after }) => {
          const call = callsOf(after, letter)[n]
          return `${letter}'s ${call?.text ?? 'call'} returns ${result(call?.returned ?? 0)}.`
        },
      }),
    ),
  )
  const begins = events.map((letter) => beat<SceneWorld>(`${letter}`, [], { task: letter, says: ({ step }) => `${letter}: ${step.says}.` }))
  const mounts = beat<SceneWorld>('mount', [], {
    when: ({ before, after }) => shown.mounts(after) > shown.mounts(before),
    says: ({ after: { inode } }) =>
      inode.i_size === 0 ? 'The next mount finds an empty file.' : `The next mount finds a file of ${size(inode.i_size)}.`,
  })
  return [...returns, ...begins, mounts]
}
