/**
 * Short names, for links that would not fit into a line of a mail with the long ones. They follow from the card by a rule that keeps what
 * earlier entries have: a patch, a setting or a value that is added at the end changes none of them. A record holds them to that.
 */
import type { Card } from '../../scenarios/card.ts'

/** From a name to what stands for it. */
type Short = ReadonlyMap<string, string>

export interface ShortNames {
  /** `61011` for 6.10.11. */
  readonly kernels: Short
  readonly patches: Short
  readonly schedules: Short
  readonly settings: Short
  readonly values: ReadonlyMap<string, Short>
}

const made = new WeakMap<Card, ShortNames>()

/** The short names of a card. */
export function shortNamesOf(card: Card): ShortNames {
  const known = made.get(card)
  if (known) return known
  const names: ShortNames = {
    kernels: new Map(card.kernels.map((kernel) => [kernel, kernel.replace(/[.-]/g, '')])),
    patches: byOneCharacter(card.patches.map(({ id }) => id)),
    schedules: byOneCharacter(card.schedules.map(({ name }) => name)),
    settings: byOneCharacter(card.settings.map(({ name }) => name)),
    values: new Map(card.settings.map(({ name, values }) => [name, byOneCharacter(values)])),
  }
  made.set(card, names)
  return names
}

const CHARACTERS = 'abcdefghijklmnopqrstuvwxyz0123456789'

/** The first character of each name that no earlier one has, or else the first in the alphabet; a name of one character stands for itself. */
function byOneCharacter(names: readonly string[]): Short {
  const taken = new Set(names.filter((name) => name.length === 1))
  const short = (name: string): string => {
    if (name.length === 1) return name
    const found = [...name.toLowerCase().replace(/[^a-z0-9]/g, ''), ...CHARACTERS].find((one) => !taken.has(one)) ?? name
    taken.add(found)
    return found
  }
  return new Map(names.map((name) => [name, short(name)]))
}
