/**
 * Links name the revision of the scenario they were made for. When a revision changes what names mean, its upgrader
 * maps a link of the revision before, one step at a time, so that the rest of the program only knows the newest.
 */
import type { Card } from '../../scenarios/card.ts'
import { OWN } from '../../scene/own.ts'

/** A link after its segments were told apart and before any name was believed. */
export interface RawLink {
  readonly scenario: string
  /** `6.1~939b656` of every k segment. */
  readonly kernels: readonly string[]
  /** `resident-4` of every o segment. */
  readonly options: readonly string[]
  readonly schedule: { readonly named: string } | { readonly choices: string } | null
  /** Of the right side of a comparison of two lines. */
  readonly other: RawLink['schedule']
  readonly step: number
  readonly power: boolean
  readonly views: readonly string[]
}

/** The same moment in the next revision, or a sentence saying why there is none. */
export type Upgrader = (link: RawLink) => RawLink | { readonly gone: string }

/** A scene has no name that a sentence has room for. */
export const SCENE = 'this scene'
export const called = (card: Pick<Card, 'id' | 'own'>): string => (card.own ? SCENE : card.id)

/** By scenario, all scenes under `own`; by the revision that the upgrader leads to. */
export type Upgraders = Readonly<Record<string, Readonly<Record<number, Upgrader>>>>

/** Every scenario is at its first revision. */
export const upgraders: Upgraders = {}

/** What is wrong with a chain of upgraders, in words; empty when every revision can be reached from the first. */
export function gaps(cards: readonly Card[], chain: Upgraders): string[] {
  const complaints: string[] = []
  for (const [scenario, steps] of Object.entries(chain)) {
    const card = cards.find((one) => one.id === scenario)
    if (!card) complaints.push(`upgraders of ${scenario}: there is no such scenario; remove them`)
    for (const rev of Object.keys(steps).map(Number))
      if (card && (rev < 2 || rev > card.rev))
        complaints.push(`${scenario}: an upgrader to revision ${rev}, but the revisions are 1 to ${card.rev}`)
  }
  for (const card of cards)
    for (let rev = 2; rev <= card.rev; rev++)
      if (!chain[card.id]?.[rev])
        complaints.push(`${card.id}: no upgrader to revision ${rev}; write one in src/store/upgrade.ts, even if it changes nothing`)
  return complaints
}

/** Brings a link of revision `from` up to the card's revision. */
export function upgrade(link: RawLink, from: number, card: Card, chain: Upgraders = upgraders): RawLink | { readonly gone: string } {
  let now = link
  for (let rev = from + 1; rev <= card.rev; rev++) {
    const step = chain[card.own ? OWN : card.id]?.[rev]
    if (!step) return { gone: `${card.own ? 'This scene' : card.id} has no way from revision ${from} to revision ${card.rev}` }
    const next = step(now)
    if ('gone' in next) return next
    now = next
  }
  return now
}
