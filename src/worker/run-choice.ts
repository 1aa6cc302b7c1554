/** Which run: everything a link holds but the step and the view. */
export interface RunChoice {
  readonly scenario: string
  /** A release such as `6.1`. */
  readonly kernel: string
  /** Patches flipped against that release, by id (12 hex digits or a name), sorted. */
  readonly toggles: readonly string[]
  /** Only settings that differ from their defaults. */
  readonly settings: Readonly<Record<string, string>>
  /** A named schedule of the scenario, or choices such as `A5B2A1`. Named ones were recorded on the scenario's default kernel and are carried to this one by labels; choices are taken as they are. */
  readonly schedule: { readonly named: string } | { readonly choices: string }
}
