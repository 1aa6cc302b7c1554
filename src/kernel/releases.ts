/** Which kernel has which patches, and what happens when one is switched. */
import { InputError } from '../base/assert.ts'
import type { Kernel } from '../engine/procedure.ts'
import { patches, patchOf, type Patch } from './patches.ts'

export interface Release {
  readonly version: string
  /** Ids of the patches it contains. */
  readonly patches: readonly string[]
  readonly says: string | null
  /** Patches whose story it belongs to; null = every one. It can be asked on all the same. */
  readonly tells: readonly string[] | null
}

/** Two release candidates are here for bugs that no release has: found and fixed between two of them. */
const mainline = ['5.12', '5.13', '5.16', '5.17', '6.0-rc1', '6.0', '6.1', '6.4', '6.7', '6.9', '6.11-rc2', '6.11', '6.15', '7.2']
/** Points of stable branches at which something flips, and the builds that were recorded. */
const stable = ['6.0.8', '6.10.5', '6.10.11', '6.1.170', '6.1.192', '6.12.117']

/** Points that are there for the story of two patches, and of no interest to whoever asks about others. Source: facts ext4 1.1. */
const turns = {
  of: ['91562895f803', '936e114a245b'],
  versions: '5.10.226 5.10.227 5.10.228 5.10.229 5.15.141 5.15.142 5.15.168 6.1.63 6.1.64 6.1.65 6.1.66 6.5'.split(' '),
}

const read = new Map<string, readonly number[]>()
/** `6.1.192` as numbers, read once: each release is compared with where each patch begins. A suffix such as `-rk` is not part of it. */
function numbers(version: string): readonly number[] {
  const known = read.get(version) ?? version.split('-')[0]!.split('.').map(Number)
  read.set(version, known)
  return known
}

/** The number of a release candidate; a release comes after all of its candidates. */
const candidate = (version: string): number => Number(/-rc(\d+)$/.exec(version)?.[1] ?? Infinity)

/** Negative, zero or positive, like a sort's comparison. */
export function compareVersions(a: string, b: string): number {
  const [x, y] = [numbers(a), numbers(b)]
  for (let i = 0; i < 3; i++) if ((x[i] ?? 0) !== (y[i] ?? 0)) return (x[i] ?? 0) - (y[i] ?? 0)
  return Math.sign(candidate(a) - candidate(b)) || 0
}

/** The last release of a major number: 6.0 came after 5.19, 7.0 after 6.19. */
const lasts: Readonly<Record<number, number>> = { 5: 19, 6: 19 }

/** Every mainline release from the oldest of the table to its newest, also those that the table leaves out as nothing changed in them. */
export function everyMainline(): string[] {
  const [[major = 0, minor = 0], end] = [numbers(mainline[0] ?? ''), mainline.at(-1) ?? '']
  const found: string[] = []
  for (let [x, y] = [major, minor]; compareVersions(`${x}.${y}`, end) <= 0; [x, y] = y === lasts[x] ? [x + 1, 0] : [x, y + 1])
    found.push(`${x}.${y}`)
  return found
}

const branch = (version: string): string => numbers(version).slice(0, 2).join('.')
/** What of mainline the version is built on: a candidate is itself. */
const base = (version: string): string => (candidate(version) === Infinity ? branch(version) : version)

function contains(version: string, patch: Patch): boolean {
  if (patch.since === null) return false
  if (compareVersions(base(version), patch.since) >= 0) return true
  return patch.stable.some((first) => branch(first) === branch(version) && compareVersions(version, first) >= 0)
}

/** A release with the patches that it contains, whether the table has it or not. */
export const releaseOf = (version: string): Release => ({
  version,
  patches: patches.filter((patch) => contains(version, patch)).map((patch) => patch.id),
  says: null,
  tells: turns.versions.includes(version) ? turns.of : null,
})

/** 6.1.192 built with the fixes taken out, as the recordings describe it. */
const refitted: Release = {
  version: '6.1.192-rk',
  patches: releaseOf('6.1.192').patches.filter(
    (id) =>
      ![
        '939b656bc8ab',
        'e0391e92f9ab',
        'cd9253c23aed',
        '66ff4d366e7e',
        'ff66fe666233',
        'acf9ed3a6c00',
        'ca93e44bfb5f',
        '79d3d1d12e6f',
        '885f46d87f29',
      ].includes(id),
  ),
  says: '6.1.192 with the fixes taken out, the build on which the bugs were recorded',
  tells: null,
}

/** Oldest first. */
export const releases: readonly Release[] = [...[...mainline, ...stable, ...turns.versions].map(releaseOf), refitted].sort((a, b) =>
  compareVersions(a.version, b.version),
)

/** The releases that whoever asks about these patches wants to see. */
export const releasesTelling = (ids: readonly string[]): readonly Release[] =>
  releases.filter(({ tells }) => tells === null || tells.some((id) => ids.includes(id)))

/** The newest release of the table that the version asked for contains. @throws InputError if it cannot be read or is older than all. */
export function resolveRelease(asked: string): { readonly release: Release; readonly says: string | null } {
  const exact = releases.find(({ version }) => version === asked)
  if (exact) return { release: exact, says: exact.says }
  if (!/^\d{1,2}\.\d{1,3}(\.\d{1,4}|-rc\d{1,2})?$/.test(asked))
    throw new InputError(`the kernel "${asked}" is not a release: write it as 6.1 or 6.10.5`)
  const older = releases.filter(
    ({ version }) =>
      version !== refitted.version &&
      compareVersions(version, asked) <= 0 &&
      (numbers(version).length === 2 || branch(version) === branch(asked)),
  )
  const found = older.at(-1)
  if (!found)
    throw new InputError(`the kernel "${asked}" is older than the oldest mainline release modelled, ${mainline[0]}: choose a newer one`)
  const beyond = patches.filter((patch) => contains(asked, patch) && !found.patches.includes(patch.id)).map(({ id }) => id)
  const but = beyond.length > 0 ? `; it also has ${beyond.join(', ')}, which that one lacks` : ''
  return { release: found, says: `${asked} is answered by ${found.version}, the newest release of the table that it contains${but}` }
}

export interface Choice {
  readonly kernel: Kernel
  /** What was switched beside what was asked for, in words; null if nothing was. */
  readonly says: string | null
}

/**
 * The kernel with patches switched. Switching one on switches its needs on too.
 * @throws InputError if two patches contradict each other or one would lose what it needs.
 */
export function choose(release: Release, on: readonly string[], off: readonly string[]): Choice {
  const set = new Set(release.patches)
  const also: string[] = []
  for (const id of off) set.delete(id)
  const add = (id: string): void => {
    for (const need of patchOf(id).needs) {
      if (set.has(need)) continue
      if (off.includes(need)) throw new InputError(`${id} needs ${need}, which is to be switched off: leave one of the two out`)
      also.push(need)
      add(need)
    }
    set.add(id)
  }
  for (const id of on) add(id)
  for (const id of set) {
    const patch = patchOf(id)
    const missing = patch.needs.find((need) => !set.has(need))
    if (missing !== undefined)
      throw new InputError(`${missing} cannot be switched off: ${id} ("${patch.subject}") needs it; switch that off first`)
    const foe = patch.excludes.find((other) => set.has(other))
    if (foe !== undefined) throw new InputError(`${id} and ${foe} exclude each other: switch one of them off`)
  }
  const extra = [...new Set(also)].filter((id) => !on.includes(id))
  return {
    kernel: { release: release.version, patches: Object.fromEntries([...set].sort().map((id) => [id, true as const])) },
    says: extra.length > 0 ? `switched on too, because it is needed: ${extra.join(', ')}` : null,
  }
}
