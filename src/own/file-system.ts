/** What scenes need of a file system: everything in which file systems differ for them, in one file each beside this one. */
import type { Kernel, World } from '../engine/procedure.ts'
import type { Oracle } from '../engine/oracle.ts'
import type { System, TaskDeclaration } from '../engine/system.ts'
import type { MmWorld } from '../kernel/mm/world.ts'
import type { Shown } from '../kernel/oracles/shown.ts'
import type { VfsWorld } from '../kernel/vfs/world.ts'
import type { Picture } from '../picture/picture.ts'
import type { EventName, Letter, Range, Scene } from '../scene/scene.ts'
import type { Problem } from '../scene/lines.ts'

export type SceneWorld = World & VfsWorld & MmWorld

export interface SetUp<W> {
  readonly world: W
  /** A command that failed, by line. */
  readonly problems: readonly Problem[]
}

type Components<W> = readonly (keyof W & string)[]

/** What a scene wants to see of the file. */
export interface SceneLook {
  /** The offsets that are drawn: [0, axis). */
  readonly axis: number
  /** Something is made durable, or the power may fail. */
  readonly durable: boolean
  readonly tasks: readonly Letter[]
  /** Those of them that read or write with a buffer. */
  readonly io: readonly Letter[]
}

export interface SceneSystem<W extends SceneWorld = SceneWorld> {
  /** As `on` names it. */
  readonly fs: string
  readonly shown: Shown<W>
  /** A fresh file system with an empty file on disk, then the setup's commands, one after the other. */
  readonly setUp: (scene: Scene, kernel: Kernel) => SetUp<W>
  readonly system: (name: string, world: W, tasks: readonly TaskDeclaration[], oracles: readonly Oracle<W>[]) => System<W>
  /** Rules that hold whatever is asked; those of a power failure only where one may happen. */
  readonly rules: (scene: Scene) => readonly Oracle<W>[]
  /** What may happen by itself. */
  readonly event: (letter: Letter, event: Exclude<EventName, 'power'>, range: Range | null) => TaskDeclaration
  /** Tasks that every scene has beside its own; none of these letters is taken. */
  readonly daemons: (scene: Scene, free: readonly Letter[]) => readonly TaskDeclaration[]
  readonly facts: {
    readonly logOverlap: (s: W) => boolean
    readonly aborted: (s: W) => boolean
    readonly unreadable: (s: W) => boolean
    /** What the first two of these read. */
    readonly watch: Components<W>
  }
  readonly draw: (s: W, look: SceneLook) => readonly Picture[]
  /** Ids of the pictures that lead, the most telling first. */
  readonly leads: (look: SceneLook) => readonly string[]
}
