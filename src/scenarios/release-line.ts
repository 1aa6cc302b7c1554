/** When a bug came, went and came back: a verdict for each release of the table. */
import { inWords } from '../base/count.ts'
import { decide, type Decided } from '../engine/inquiry.ts'
import { compareVersions, releasesTelling, type Release } from '../kernel/releases.ts'
import { whyNotOn } from './cards.ts'
import { stage } from './run.ts'
import type { Scenario } from './scenario.ts'

export interface ReleaseView {
  readonly version: string
  /** `undecided`: the search met its bound before it met a violation. */
  readonly state: 'violates' | 'holds' | 'not modelled' | 'not applicable' | 'undecided'
  /** One sentence: counts, or why there are none. */
  readonly says: string
  /** The release that it is compared with: the one before on its branch, or the mainline release before. Null for the oldest. */
  readonly base: string | null
  /** Patches of the card that came and went since the base. */
  readonly added: readonly string[]
  readonly removed: readonly string[]
}

/** A line of twenty releases is worked out beside what the reader asked for: what is not decided in a second stays open. */
const DECIDED = 8_000

/** One release after the other, oldest first. */
export function* releaseViews(scenario: Scenario, settings: Readonly<Record<string, string>>): Generator<ReleaseView> {
  const shown = releasesTelling(scenario.card.patches.map(({ id }) => id))
  for (const release of shown) yield { ...verdictOf(scenario, release, settings), ...differences(scenario, release, shown) }
}

function verdictOf(
  scenario: Scenario,
  { version }: Release,
  settings: Readonly<Record<string, string>>,
): Pick<ReleaseView, 'version' | 'state' | 'says'> {
  const gone = whyNotOn(scenario.card, version)
  if (gone !== null) return { version, state: gone.startsWith('not applicable') ? 'not applicable' : 'not modelled', says: gone }
  const { system } = stage(scenario, { kernel: version, settings })
  return { version, ...told(decide(system, { maxStates: DECIDED, alike: 'one' })) }
}

function told({ answer, states, counted }: Decided): Pick<ReleaseView, 'state' | 'says'> {
  switch (answer) {
    case 'unknown':
      return { state: 'undecided', says: `no violation in ${states} states; the search was not complete` }
    case 'never':
      return {
        state: 'holds',
        says: counted
          ? `none of ${inWords(counted.schedules)} schedules violates; complete`
          : 'no schedule violates; too many to count here',
      }
    default:
      return {
        state: 'violates',
        says: counted
          ? `${inWords(counted.violating)} of ${inWords(counted.schedules)} schedules violate; complete`
          : `${answer} schedule${answer === 'some' ? 's violate' : ' violates'}; too many to count here`,
      }
  }
}

function differences(scenario: Scenario, release: Release, shown: readonly Release[]): Pick<ReleaseView, 'base' | 'added' | 'removed'> {
  const base = baseOf(release.version, shown)
  const before = shown.find(({ version }) => version === base)
  const mine = scenario.card.patches.map((patch) => patch.id)
  return {
    base,
    added: mine.filter((id) => release.patches.includes(id) && before !== undefined && !before.patches.includes(id)),
    removed: mine.filter((id) => !release.patches.includes(id) && before?.patches.includes(id)),
  }
}

const isMainline = (version: string): boolean => /^\d+\.\d+$/.test(version)
const branch = (version: string): string => version.split(/[.-]/).slice(0, 2).join('.')

function baseOf(version: string, shown: readonly Release[]): string | null {
  const older = shown.map((release) => release.version).filter((other) => other !== version && compareVersions(other, version) <= 0)
  if (version.includes('-rk')) return version.slice(0, version.indexOf('-rk'))
  const stable = older.filter((other) => branch(other) === branch(version) && !other.includes('-'))
  return (isMainline(version) || version.includes('-rc') ? undefined : stable.at(-1)) ?? older.findLast(isMainline) ?? null
}
