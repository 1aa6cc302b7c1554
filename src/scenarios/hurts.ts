/**
 * Which releases a bug hurts: a verdict for every mainline release, every candidate and every point of a stable branch at which a
 * patch of the scenario comes, and the same as a line of text. The release line has the same verdicts, of fewer releases, with counts.
 */
import { reduce } from '../engine/reduce.ts'
import { patchOf } from '../kernel/patches.ts'
import { choose, compareVersions, everyMainline, releaseOf, releases } from '../kernel/releases.ts'
import { whyNotOn } from './cards.ts'
import { fullSettings } from './run.ts'
import type { Scenario } from './scenario.ts'

export interface Hurts {
  /** Every release asked on which some interleaving violates, oldest first. */
  readonly on: readonly string[]
  /** `6.1 to 6.10, 6.0.8 on; fixed in 6.1.105, 6.6.46, 6.10.5`. */
  readonly says: string
}

/** Does some interleaving violate on this release? Null where the scenario cannot be asked on it. */
type Verdict = (version: string) => boolean | null

/** What the verdicts come to. Some thirty releases are asked. */
export function hurtsOf(scenario: Scenario, verdict: Verdict): Hurts {
  const known = new Map<string, boolean | null>()
  const asked: Verdict = (version) => {
    const found = whyNotOn(scenario.card, version) === null ? (known.get(version) ?? verdict(version)) : null
    known.set(version, found)
    return found
  }
  const says = inWords(scenario, asked)
  const canBeAsked = (version: string): boolean =>
    compareVersions(version, everyMainline()[0] ?? '') >= 0 || releases.some((release) => release.version === version)
  return {
    on: [...known].flatMap(([version, hurt]) => (hurt === true && canBeAsked(version) ? [version] : [])).sort(compareVersions),
    says,
  }
}

const DECIDED = 100_000

/** By a search of default settings. @throws Error if it meets its bound: then there is nothing to say. */
export const searched =
  (scenario: Scenario): Verdict =>
  (version) => {
    const { kernel } = choose(releaseOf(version), [], [])
    const { complete, oracles } = reduce(scenario.stage(kernel, fullSettings(scenario, {})), { maxStates: DECIDED, alike: 'one' })
    const violates = oracles.some(({ kind, sample }) => kind === 'verdict' && sample !== null)
    if (!complete && !violates) throw new Error(`${scenario.card.id} on ${version} is not decided within ${DECIDED} states`)
    return violates
  }

function inWords(scenario: Scenario, verdict: Verdict): string {
  const { mainline, branches } = timelines(scenario)
  const runs = runsOf(mainline, verdict).map(([first, last, next]) =>
    fromTo(noted(scenario, first, mainline[0]), noted(scenario, next === null ? last : lastBefore(last, next), mainline.at(-1))),
  )
  const [came, fixed]: [string[], string[]] = [[], []]
  for (const points of branches)
    for (const [first, last, next] of runsOf(points, verdict))
      if (first !== points[0]) came.push(next === null ? `${first} on` : fromTo(first, lastBefore(last, next)))
      else if (next !== null) fixed.push(next)
  return [[...runs, ...came].join(', '), ...(fixed.length > 0 ? [`fixed in ${fixed.join(', ')}`] : [])].join('; ')
}

/** Releases in an order in which each contains the one before: the mainline with its candidates, and each stable branch from its first. */
function timelines({ card }: Scenario): { readonly mainline: readonly string[]; readonly branches: readonly (readonly string[])[] } {
  const mine = card.patches.map(({ id }) => patchOf(id))
  const named = [
    ...releases.filter(({ tells }) => tells === null).map(({ version }) => version),
    ...mine.flatMap(({ since }) => since ?? []),
  ]
  const candidates = named.filter((version) => version.includes('-rc'))
  const points = new Set(mine.flatMap(({ stable }) => stable))
  const firsts = [...new Set([...points].map((version) => version.split('.').slice(0, 2).join('.')))].sort(compareVersions)
  return {
    mainline: [...new Set([...everyMainline(), ...candidates])].sort(compareVersions),
    branches: firsts.map((first) => [first, ...[...points].filter((point) => point.startsWith(`${first}.`)).sort(compareVersions)]),
  }
}

/** The stretches that violate: the first, the last, and the one after it, which does not (null: it goes on). */
function runsOf(versions: readonly string[], verdict: Verdict): [first: string, last: string, next: string | null][] {
  const found: [string, string, string | null][] = []
  let open: [string, string] | null = null
  for (const version of versions) {
    if (verdict(version) === true) open = [open?.[0] ?? version, version]
    else if (open) {
      found.push([...open, version])
      open = null
    }
  }
  return open ? [...found, [...open, null]] : found
}

/** The last release before one that is numbered on from the same: `6.1.104` before 6.1.105, `6.11-rc6` before 6.11-rc7. */
function lastBefore(last: string, next: string): string {
  const [, head = '', count = ''] = /^(.*[-.](?:rc)?)(\d+)$/.exec(next) ?? []
  return head !== '' && last.startsWith(head) && head.split('.').length + (head.includes('-rc') ? 1 : 0) > 2
    ? `${head}${Number(count) - 1}`
    : last
}

const fromTo = (first: string, last: string): string => (first === last ? first : `${first} to ${last}`)

/** The ends of what is modelled are no ends of the bug. */
function noted({ card }: Scenario, version: string, end: string | undefined): string {
  const bounds = [card.since, card.until].filter((bound) => bound?.says.startsWith('not modelled'))
  const isEnd = version === end || bounds.some((bound) => bound?.release === version)
  return isEnd ? `${version} (${end === undefined || compareVersions(version, '6') < 0 ? 'oldest' : 'newest'} modelled)` : version
}
