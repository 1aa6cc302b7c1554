/** What of the language the model of a file system can do: the form of the tables that `modelled.ts` puts together. */
import type { CommandName, EventName, Fact } from '../scene/scene.ts'

/** Null = modelled; else why not, and the nearest thing that is. */
export type Row = string | null

export interface Modelled {
  readonly fs: string
  /** The first release that can be asked, and the first that cannot any more; absent = all of the table. */
  readonly since?: { readonly release: string; readonly says: string }
  readonly until?: { readonly release: string; readonly says: string }
  /** Why sizes are multiples of 4k here; absent = they need not be. */
  readonly wholeBlocks?: string
  readonly commands: Readonly<Record<CommandName, Row>>
  /** Why O_DIRECT is not modelled; absent = it is. */
  readonly direct?: string
  /** Commands that the setup has and tasks have not, with why. */
  readonly setupOnly?: Readonly<Partial<Record<CommandName, string>>>
  readonly models: Readonly<Record<string, Row>>
  readonly events: Readonly<Record<EventName, Row>>
  readonly facts: Readonly<Record<Fact['what']['kind'], Row>>
  readonly mkfs: readonly string[]
  readonly mount: readonly string[]
}
