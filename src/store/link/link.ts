/**
 * The grammar of links. `r1/k6.1~939b656/oresident-4/nbug/12/p/vc`: segments in any order, each known by its first letter, defaults left
 * out; a second kernel or schedule is that of the right side of a comparison. Where that would not fit into a line of a mail, and only
 * there, short names do: `r1/k61~9/or4/nb/12pc`. A link is a promise: what cannot be shown exactly is a problem in words with the nearest
 * thing to offer, never something else shown silently.
 */
import type { Card } from '../../scenarios/card.ts'
import { defaultSchedule, home, mergeChoices, type Place, type Side } from '../place/place.ts'
import { isOwn } from '../../scene/own.ts'
import { shorten } from './encode.ts'
import { repair, strangers } from './repair.ts'
import { shortNamesOf } from './short-names.ts'
import { called, SCENE, upgrade, upgraders, type RawLink, type Upgraders } from './upgrade.ts'

export interface LinkProblem {
  /** One sentence: the value, what is wrong with it, and the remedy. */
  readonly says: string
  /** Everything else that was wrong. */
  readonly also: readonly string[]
  /** What could be read, as short phrases. */
  readonly understood: readonly string[]
  /** The nearest thing that can be shown; null when not even the scenario is known. */
  readonly nearest: Place | null
}

export type Parsed = { readonly place: Place } | { readonly problem: LinkProblem }

/** The largest step a link may name; longer runs do not exist. */
const MOST_STEPS = 99_999
const LONGEST = 6_000

/**
 * Reads a fragment (with or without the leading `#` and `/`). `scenario` is the one that the page's address names, null
 * where the fragment itself begins with it.
 */
export function parse(fragment: string, scenario: string | null, cards: readonly Card[], chain: Upgraders = upgraders): Parsed {
  const text = fragment.slice(0, LONGEST).replace(/^#/, '').replace(/^\//, '')
  if (fragment.length > LONGEST) return tooLong(fragment.length, text, scenario, cards, chain)
  const strict = read(text, scenario, cards, chain)
  const found = strangers(text)
  const odd = found.length > 0 || /[^A-Za-z0-9/]$/.test(text)
  if (!odd) return strict
  const mended = read(repair(text), scenario, cards, chain)
  const damage = found.length > 0 ? `contains ${listed(found.slice(0, 5))}, which no link of this page has` : `ends in "${text.slice(-1)}"`
  const says = `This link was damaged on its way: it ${damage}.`
  if ('place' in mended) return { problem: { says, also: [], understood: describe(mended.place), nearest: mended.place } }
  return { problem: { ...mended.problem, says, also: [mended.problem.says, ...mended.problem.also] } }
}

/** What could be read of the beginning is offered: the last segment was cut somewhere. */
function tooLong(length: number, text: string, scenario: string | null, cards: readonly Card[], chain: Upgraders): Parsed {
  const begun = read(text.slice(0, text.lastIndexOf('/')), scenario, cards, chain)
  const says = `This link is too long: ${length} characters, and links of this page have at most ${LONGEST}. The rest was not read.`
  if ('place' in begun) return { problem: { says, also: [], understood: describe(begun.place), nearest: begun.place } }
  return { problem: { ...begun.problem, says, also: [begun.problem.says, ...begun.problem.also] } }
}

function read(text: string, scenario: string | null, cards: readonly Card[], chain: Upgraders): Parsed {
  const segments = text.split('/').filter((segment) => segment !== '')
  const id = scenario ?? segments.shift() ?? ''
  const card = cards.find((one) => one.id === id)
  if (!card) return { problem: unknownScenario(id, cards) }
  const { raw, rev, complaints } = sort(segments, card)
  if (rev !== null && rev > card.rev) {
    const says = `This link is for revision ${rev} of ${called(card)}; this copy of the page only knows ${card.rev}. Reload the page, or ask for a newer copy of it.`
    return { problem: { says, also: complaints, understood: [card.title], nearest: home(card) } }
  }
  if (rev === null && segments.length > 0)
    complaints.push(`The link does not say for which revision of ${called(card)} it was made; "r${card.rev}" is missing.`)
  const current = upgrade(raw, rev ?? card.rev, card, chain)
  if ('gone' in current) return { problem: { says: `${current.gone}.`, also: complaints, understood: [card.title], nearest: home(card) } }
  const place = check(current, card, complaints)
  const [says, ...also] = complaints
  return says === undefined ? { place } : { problem: { says, also, understood: describe(place), nearest: place } }
}

/** Tells the segments apart by their first letter. */
function sort(segments: readonly string[], card: Card): { raw: RawLink; rev: number | null; complaints: string[] } {
  const complaints: string[] = []
  const kernels: string[] = []
  const options: string[] = []
  const views: string[] = []
  const numbers: string[] = []
  const revs: string[] = []
  const schedules: NonNullable<RawLink['schedule']>[] = []
  let power = false
  for (const segment of segments) {
    const rest = segment.slice(1)
    const [, number, looks = ''] = /^(\d+)([pmct]*)$/.exec(segment) ?? []
    if (number !== undefined) {
      numbers.push(number)
      power ||= looks.includes('p')
      views.push(...looks.replace('p', ''))
    } else if (/^r[1-9]\d{0,3}$/.test(segment)) revs.push(rest)
    else if (segment[0] === 'k') kernels.push(rest)
    else if (segment[0] === 'o') options.push(rest)
    else if (segment[0] === 'n') schedules.push({ named: rest })
    else if (segment[0] === 's') schedules.push({ choices: rest })
    else if (segment === 'p') power = true
    else if (segment[0] === 'v') views.push(rest)
    else complaints.push(`"${clip(segment)}" means nothing in a link; segments begin with r, k, o, n, s, v, or are p or a step number.`)
  }
  const twice = (what: string, all: readonly unknown[]): void => {
    if (all.length > 1) complaints.push(`The link names ${all.length} ${what}; it can have one, so the first is offered.`)
  }
  twice('revisions', revs)
  if (schedules.length > 2)
    complaints.push(`The link names ${schedules.length} schedules; a comparison has two, so the first two are offered.`)
  twice('steps', numbers)
  const step = Number(numbers[0] ?? 0)
  if (step > MOST_STEPS) complaints.push(`Step ${clip(numbers[0] ?? '')} is beyond any run of ${called(card)}; the first step is offered.`)
  const [schedule = null, other = null] = schedules
  const raw = { scenario: card.id, kernels, options, schedule, other, step: step > MOST_STEPS ? 0 : step, power, views }
  return { raw, rev: revs[0] === undefined ? null : Number(revs[0]), complaints }
}

/** Believes only what the card knows; adds a complaint for the rest. */
function check(raw: RawLink, card: Card, complaints: string[]): Place {
  const [left, right, third] = raw.kernels.map((text) => checkSide(text, card, complaints))
  if (third) complaints.push(`The link names ${raw.kernels.length} kernels; a comparison has two, so the first two are offered.`)
  const views = new Set<string>()
  for (const view of raw.views) {
    if (['m', 'c', 't'].includes(view)) views.add(view)
    else complaints.push(`"v${clip(view)}" is not a view; the views are vm (map), vc (compare) and vt (talk).`)
  }
  const other = raw.other && checkSchedule(raw.other, card, complaints)
  if (views.has('m') && (views.has('c') || right || other))
    complaints.push('The link asks for the map and for a comparison at once; the comparison is offered.')
  return {
    ...home(card),
    ...left,
    settings: checkOptions(raw.options, card, complaints),
    schedule: checkSchedule(raw.schedule, card, complaints),
    step: raw.step,
    power: raw.power,
    view: right || other || views.has('c') ? 'compare' : views.has('m') ? 'map' : 'trace',
    talk: views.has('t'),
    right: right ?? null,
    other,
  }
}

function checkSide(text: string, card: Card, complaints: string[]): Side {
  const [given = '', ...patches] = text.split('~')
  // `k~9`: a patch on the default kernel.
  const kernel = given === '' && patches.length > 0 ? card.defaultKernel : inLong(given, shortNamesOf(card).kernels)
  const known = card.kernels.includes(kernel)
  if (!known) {
    const near = nearestKernel(kernel, card)
    complaints.push(`Kernel "${clip(kernel)}" is not one that ${called(card)} offers (${card.kernels.join(', ')}); ${near} is offered.`)
  }
  const toggles = new Set<string>()
  for (const name of patches) {
    const patch = findPatch(name, card)
    if (typeof patch === 'string') complaints.push(patch)
    else toggles.add(patch.id)
  }
  return { kernel: known ? kernel : nearestKernel(kernel, card), toggles: [...toggles].sort() }
}

type CardPatch = Card['patches'][number]

/** What a name in short stands for; another one stands for itself. */
function inLong(name: string, short: ReadonlyMap<string, string>): string {
  if (short.has(name)) return name
  for (const [long, other] of short) if (other === name) return long
  return name
}

function findPatch(name: string, card: Card): CardPatch | string {
  const id = inLong(name, shortNamesOf(card).patches)
  const exact = card.patches.find((patch) => patch.id === id || patch.name === name)
  if (exact) return exact
  const begins = name === '' ? [] : card.patches.filter((patch) => patch.id.startsWith(name) || name.startsWith(patch.id))
  const [only] = begins
  if (only && begins.length === 1 && /^[0-9a-f]{7,40}$/.test(name)) return only
  const all = card.patches.map((patch) => shorten(patch.id, card)).join(', ')
  if (only && begins.length === 1) return `Patch "${clip(name)}" is cut short; it may be ${shorten(only.id, card)} ("${only.subject}").`
  if (begins.length > 1) return `Patch "${clip(name)}" could be any of ${begins.map((patch) => patch.id).join(', ')}; write more digits.`
  return `${capital(called(card))} has no patch "${clip(name)}"; it has ${all || 'none'}.`
}

/** `6.1`, `6.10.5` or `6.11-rc2`. */
const isRelease = (text: string): boolean => /^\d+(\.\d+){1,2}(-rc\d+)?$/.test(text)

/** The newest offered release that is not newer than the one asked for; the default when that cannot be told. */
function nearestKernel(asked: string, card: Card): string {
  if (!isRelease(asked)) return card.defaultKernel
  const below = card.kernels.filter((kernel) => isRelease(kernel) && compareReleases(kernel, asked) <= 0)
  return below.sort(compareReleases).at(-1) ?? card.defaultKernel
}

/** A release comes after its candidates. */
function compareReleases(a: string, b: string): number {
  const parts = (text: string): number[] => {
    const [release = '', candidate = 'Infinity'] = text.split('-rc')
    const [major = 0, minor = 0, patch = 0] = release.split('.').map(Number)
    return [major, minor, patch, Number(candidate)]
  }
  const [left, right] = [parts(a), parts(b)]
  const at = left.findIndex((part, i) => part !== right[i])
  return at < 0 ? 0 : (left[at] ?? 0) - (right[at] ?? 0)
}

function checkOptions(options: readonly string[], card: Card, complaints: string[]): Record<string, string> {
  const settings: Record<string, string> = {}
  const said = new Map<string, string>()
  for (const option of options) {
    const found = findOption(option, card)
    if (found) {
      const { setting, value } = found
      const before = said.get(setting.name)
      if (before !== undefined && before !== value) {
        complaints.push(`The link sets ${setting.name} to ${before} and to ${value}; it can have one value, so ${before} is offered.`)
        continue
      }
      said.set(setting.name, value)
      if (value !== setting.default) settings[setting.name] = value
      continue
    }
    const meant = card.settings.find(({ name }) => option === name || option.startsWith(`${name}-`))
    const remedy = meant
      ? `${meant.name} can be ${meant.values.join(', ')}`
      : `the settings are ${card.settings.map(({ name }) => name).join(', ') || 'none'}`
    complaints.push(`"o${clip(option)}" is not a setting of ${called(card)}; ${remedy}.`)
  }
  return settings
}

/** `resident-4`, or `r4` in short. */
function findOption(option: string, card: Card): { readonly setting: Card['settings'][number]; readonly value: string } | null {
  const short = shortNamesOf(card)
  for (const setting of card.settings) {
    const begins = short.settings.get(setting.name) ?? ''
    const value = setting.values.find(
      (one) => option === `${setting.name}-${one}` || option === begins + (short.values.get(setting.name)?.get(one) ?? one),
    )
    if (value !== undefined) return { setting, value }
  }
  return null
}

function checkSchedule(schedule: RawLink['schedule'], card: Card, complaints: string[]): Place['schedule'] {
  if (!schedule) return defaultSchedule(card)
  if ('named' in schedule) {
    const name = inLong(schedule.named, shortNamesOf(card).schedules)
    if (card.schedules.some((one) => one.name === name)) return { named: name }
    complaints.push(
      `${capital(called(card))} has no schedule named "${clip(schedule.named)}"; it has ${card.schedules.map(({ name }) => name).join(', ')}.`,
    )
    return defaultSchedule(card)
  }
  const good = /^(([A-Z]|[a-z]+)[1-9]\d{0,5})*/.exec(schedule.choices)?.[0] ?? ''
  if (good === schedule.choices) return { choices: mergeChoices(good) }
  complaints.push(
    `Choices are task letters with counts, such as A5B2A1; "${clip(schedule.choices)}" is not${good ? `, from "${clip(schedule.choices.slice(good.length))}" on` : ''}.`,
  )
  return good ? { choices: mergeChoices(good) } : defaultSchedule(card)
}

function unknownScenario(id: string, cards: readonly Card[]): LinkProblem {
  const near = cards.find((card) => id.length >= 3 && (card.id.startsWith(id.toLowerCase()) || id.toLowerCase().startsWith(card.id)))
  const list = cards
    .filter(({ own }) => !own)
    .map(({ id: one }) => one)
    .join(', ')
  const says = id === '' ? `The link names no scenario; there are ${list}.` : `There is no scenario "${clip(id)}"; there are ${list}.`
  return { says, also: [], understood: [], nearest: near ? home(near) : null }
}

/** A place in short phrases: what was understood of a link. */
export function describe(place: Place): string[] {
  const side = ({ kernel, toggles }: Side): string => [`kernel ${kernel}`, ...toggles.map((id) => `${id} flipped`)].join(' with ')
  const line = (schedule: Place['schedule']): string =>
    'named' in schedule ? `schedule "${schedule.named}"` : `choices ${clip(schedule.choices) || 'none yet'}`
  return [
    isOwn(place.scenario) ? 'a scene' : `scenario ${place.scenario}`,
    side(place) + (place.right ? ` against ${side(place.right)}` : ''),
    ...Object.entries(place.settings).map(([name, value]) => `${name} ${value}`),
    line(place.schedule) + (place.other ? ` against ${line(place.other)}` : ''),
    `step ${place.step}`,
    ...(place.power ? ['power cut there'] : []),
    ...(place.view === 'trace' ? [] : [`view: ${place.view}`]),
    ...(place.talk ? ['for a talk'] : []),
  ]
}

/** Ids of scenarios begin small, as they are. */
const capital = (name: string): string => (name === SCENE ? 'This scene' : name)

const clip = (text: string): string => (text.length > 40 ? `${text.slice(0, 37)}...` : text)
const listed = (items: readonly string[]): string =>
  items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1) ?? ''}`
