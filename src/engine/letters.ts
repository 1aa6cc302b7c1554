/**
 * Letters of spawned tasks. Each is a word of lower-case letters that is a pure function of who spawned it, at which of
 * the system's spawn sites and how often, so that it does not depend on the order in which tasks ran. Any number of
 * spawns has a name; those of the first ones are short.
 *
 *   child of X:          lower(X), or lower(X) followed by one of a..r, sa..sr, ssa..ssr, ...
 *   child of a spawned:  its parent's word followed by one of t..y, zt..zy, zzt..zzy, ...
 */
import { EngineBug } from '../base/assert.ts'
import type { Letter } from './view.ts'

/** Where a spawned task comes from. */
export interface Spawn {
  readonly parent: Letter
  /** The number of the spawn site among the system's, from 0. */
  readonly site: number
  /** The how-manieth spawn of this parent at this site, from 1. */
  readonly occurrence: number
}

/** Is this the letter of a declared task? */
export const isDeclared = (letter: Letter): boolean => /^[A-Z]$/.test(letter)

/** The letter of a spawned task in a system with so many spawn sites. */
export function letterOf({ parent, site, occurrence }: Spawn, sites: number): Letter {
  const child = (occurrence - 1) * sites + site
  if (!isDeclared(parent)) return parent + word(child, 't', 6, 'z')
  const first = parent.toLowerCase()
  return child === 0 ? first : first + word(child - 1, 'a', 18, 's')
}

/** What a letter says of its task; null if no task is spawned under that name. */
export function spawnOf(letter: Letter, sites: number): Spawn | null {
  const [, first = '', second = '', deep = ''] = /^([a-z])(s*[a-r])?((?:z*[t-y])*)$/.exec(letter) ?? []
  if (first === '' || sites < 1) return null
  const last = /z*[t-y]$/.exec(deep)?.[0]
  if (last !== undefined) return spawnAt(letter.slice(0, -last.length), unword(last, 't', 6), sites)
  return spawnAt(first.toUpperCase(), second === '' ? 0 : unword(second, 'a', 18) + 1, sites)
}

const spawnAt = (parent: Letter, child: number, sites: number): Spawn => ({
  parent,
  site: child % sites,
  occurrence: Math.floor(child / sites) + 1,
})

/** The number as a word: one of `size` letters from `from` on, behind as many `more` as it is too large for. */
function word(n: number, from: string, size: number, more: string): string {
  if (!Number.isSafeInteger(n) || n < 0) throw new EngineBug(`there is no letter number ${n}`)
  return more.repeat(Math.floor(n / size)) + String.fromCharCode(from.charCodeAt(0) + (n % size))
}

const unword = (text: string, from: string, size: number): number =>
  (text.length - 1) * size + text.charCodeAt(text.length - 1) - from.charCodeAt(0)
