/** What cards are made with: patches by id, releases from their bounds, settings that keep their types. */
import { patchOf } from '../kernel/patches.ts'
import { compareVersions, releasesTelling } from '../kernel/releases.ts'
import type { Bound, Card, SettingsOf } from './card.ts'

export const cardPatches = (ids: readonly string[]): Card['patches'] =>
  ids.map((id) => {
    const { name, subject, kind, needs, excludes } = patchOf(id)
    return { id, name, subject, kind, needs, excludes }
  })

/** Code that is modelled from a release on. */
export const modelledFrom = (release: string, what: string): Bound => ({ release, says: `not modelled: ${what} from ${release} on` })

/** bcachefs was merged in 6.7 and taken out of the kernel tree in 6.18. */
export const bcachefsReleases = {
  since: { release: '6.7', says: 'not applicable: bcachefs was merged in 6.7' },
  until: { release: '6.18', says: 'not applicable: bcachefs left the kernel tree with 6.18' },
} satisfies Pick<Card, 'since' | 'until'>

/** The direct write path of ext4 was read in 6.12 last. */
export const ext4Releases = { until: { release: '6.13', says: 'not modelled: the code of ext4 was read up to 6.12' } } satisfies Pick<
  Card,
  'until'
>

/** Why a scenario cannot be asked on a release, or null. */
export function whyNotOn({ since, until }: Pick<Card, 'since' | 'until'>, release: string): string | null {
  if (since && compareVersions(release, since.release) < 0) return since.says
  return until && compareVersions(release, until.release) >= 0 ? until.says : null
}

type Settings = Card['settings']
type Spec<S extends Settings> = Omit<Card, 'kernels' | 'settings' | 'scene'> & {
  readonly settings: S
  readonly scene: (settings: SettingsOf<{ readonly settings: S }>) => string
}

/** A card with its releases; the types of its settings stay as they are written, for `SettingsOf`. */
export const defineCard = <const S extends Settings>(card: Spec<S>): Omit<Card, 'settings'> & { readonly settings: S } => ({
  ...card,
  scene: card.scene as Card['scene'],
  kernels: releasesTelling(card.patches.map(({ id }) => id))
    .map(({ version }) => version)
    .filter((version) => whyNotOn(card, version) === null),
})
