/** The catalogue in groups; what goes on from another scenario stands under it where both are in one group. */
import { harms, type Entry, type Grouping } from './filter.ts'

export interface Branch {
  readonly entry: Entry
  readonly follow: readonly Branch[]
}

export interface Group {
  readonly id: string
  readonly heading: string
  readonly means: string | null
  readonly branches: readonly Branch[]
  /** How many entries there are in it. */
  readonly count: number
}

/** By what goes wrong, in the order of the headings, or by file system, in the order of the catalogue. */
export function groupsOf(entries: readonly Entry[], by: Grouping): Group[] {
  const keyOf = ({ card, facets }: Entry): string => (by === 'harm' ? card.harm : facets.fs)
  const keys = by === 'harm' ? Object.keys(harms) : [...new Set(entries.map(keyOf))]
  return keys.flatMap((id): Group[] => {
    const members = entries.filter((entry) => keyOf(entry) === id)
    if (members.length === 0) return []
    const [heading, means] = by === 'harm' ? harms[id as keyof typeof harms] : [id, null]
    const isRoot = ({ card }: Entry): boolean => !members.some((other) => other.card.id === card.follows)
    return [{ id, heading, means, branches: members.filter(isRoot).map((entry) => branchOf(entry, members)), count: members.length }]
  })
}

const branchOf = (entry: Entry, members: readonly Entry[]): Branch => ({
  entry,
  follow: members.filter(({ card }) => card.follows === entry.card.id).map((next) => branchOf(next, members)),
})
