/** A place as the segments of a link: in full, or in short where only that fits into a line of a mail. */
import { same } from '../../base/plain.ts'
import type { Card } from '../../scenarios/card.ts'
import { defaultSchedule, type Place, type Side } from '../place/place.ts'
import { shortNamesOf } from './short-names.ts'

/** What a link may take from the scenario on, so that with a base of 20 it fits into a line of a mail that was quoted twice. */
export const LINE = 44

/** The segments of a place, joined; without the scenario. */
export function encode(place: Place, cards: readonly Card[]): string {
  const card = cards.find((one) => one.id === place.scenario)
  const long = inFull(place, card)
  const fits = (segments: string): boolean => `${place.scenario}/#/${segments}`.length <= LINE
  if (!card || fits(long)) return long
  const short = inShort(place, card)
  return fits(short) ? short : long
}

function inFull(place: Place, card: Card | undefined): string {
  const side = ({ kernel, toggles }: Side): string => ['k' + kernel, ...toggles.map((id) => shorten(id, card))].join('~')
  const parts = [`r${card?.rev ?? 1}`]
  if (!plain(place, card) || place.right) parts.push(side(place))
  if (place.right) parts.push(side(place.right))
  for (const name of Object.keys(place.settings).sort()) parts.push(`o${name}-${place.settings[name] ?? ''}`)
  parts.push(...encodeSchedules(place, card, (name) => name))
  if (place.step > 0) parts.push(String(place.step))
  if (place.power) parts.push('p')
  if (place.view === 'map') parts.push('vm')
  if (comparesWithFix(place)) parts.push('vc')
  if (place.talk) parts.push('vt')
  return parts.join('/')
}

/** The same in fewest characters: each name in short, no default kernel before a patch, and what is shown at the step right behind it. */
function inShort(place: Place, card: Card): string {
  const names = shortNamesOf(card)
  const side = ({ kernel, toggles }: Side): string => {
    const version = kernel === card.defaultKernel && toggles.length > 0 ? '' : (names.kernels.get(kernel) ?? kernel)
    return ['k' + version, ...toggles.map((id) => names.patches.get(id) ?? id)].join('~')
  }
  const option = (name: string, value: string): string =>
    `o${names.settings.get(name) ?? name}${names.values.get(name)?.get(value) ?? value}`
  const parts = [`r${card.rev}`]
  if (!plain(place, card) || place.right) parts.push(side(place))
  if (place.right) parts.push(side(place.right))
  for (const name of Object.keys(place.settings).sort()) parts.push(option(name, place.settings[name] ?? ''))
  parts.push(...encodeSchedules(place, card, (name) => names.schedules.get(name) ?? name))
  const looks = `${place.power ? 'p' : ''}${place.view === 'map' ? 'm' : ''}${comparesWithFix(place) ? 'c' : ''}${place.talk ? 't' : ''}`
  if (place.step > 0 || looks !== '') parts.push(`${place.step}${looks}`)
  return parts.join('/')
}

const plain = (place: Place, card: Card | undefined): boolean =>
  place.kernel === card?.defaultKernel && same(place.toggles, card.toggles ?? [])

/** A comparison that nothing else in the link tells of. */
const comparesWithFix = ({ view, right, other }: Place): boolean => view === 'compare' && !right && !other

function encodeSchedules({ schedule, other }: Place, card: Card | undefined, called: (name: string) => string): string[] {
  const one = (line: Place['schedule']): string => ('named' in line ? `n${called(line.named)}` : `s${line.choices}`)
  const usual = !other && same(schedule, card && defaultSchedule(card))
  return [...(usual ? [] : [one(schedule)]), ...(other ? [one(other)] : [])]
}

/** Seven digits of a commit id, or as many more as tell it from the card's others; other names stay whole. */
export function shorten(id: string, card: Card | undefined): string {
  if (!/^[0-9a-f]{8,}$/.test(id)) return id
  const others = card?.patches.filter((patch) => patch.id !== id).map((patch) => patch.id) ?? []
  for (let digits = 7; digits < id.length; digits++) {
    const short = id.slice(0, digits)
    if (!others.some((other) => other.startsWith(short))) return short
  }
  return id
}
