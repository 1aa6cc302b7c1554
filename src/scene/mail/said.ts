/** What a line of a mail says that somebody does, in the words of the language; or why it says nothing. */
import { Reader, Unreadable } from '../reader.ts'
import { readCommand } from '../command.ts'
import { printSize } from '../size.ts'

/** Commands in order, or one sentence without a capital: why there is none. */
export type Said = { readonly commands: readonly string[] } | { readonly why: string }

export const said = (...commands: string[]): Said => ({ commands })
export const unsaid = (why: string): Said => ({ why })

/** How somebody has the file open, and where in it he is. */
export interface Hand {
  /** Letters of `open`: a, d, s, t. */
  readonly flags: string
  /** O_DSYNC: each write is one. */
  readonly dsync: boolean
  /** null = not known. */
  readonly position: number | null
}

export const freshHand: Hand = { flags: '', dsync: false, position: 0 }

/** Why the language does not have this command; null = it is one. */
export function complaint(command: string, where: 'setup' | 'task'): string | null {
  const words = command.split(/\s+/).map((text) => ({ text: text.replace(/,$/, ''), line: 1 }))
  try {
    readCommand(new Reader({ words, line: 1 }), where)
    return null
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error
    return error.message
  }
}

/** The same as far as the language takes it: a length of 0, or a file beyond the longest, is said and is no call. */
export function checked(what: Said): Said {
  const wrong = 'commands' in what ? what.commands.map((one) => complaint(one, 'task')).find((one) => one !== null) : null
  return typeof wrong === 'string' ? unsaid(wrong) : what
}

/** `name OFFSET LENGTH`, which no call of length 0 is. */
export const onBytes = (name: string, offset: number, length: number): string => `${name} ${printSize(offset)} ${printSize(length)}`

/** Stores through a mapping, which is there before and gone afterwards. */
export function mapped(from: number, to: number, stamp = ''): string[] {
  const start = from - (from % 4096)
  const end = to + ((4096 - (to % 4096)) % 4096)
  return [onBytes('mmap -w', start, end - start), onBytes(`mwrite${stamp}`, from, to - from)]
}

/** How the file is open once these commands were made. */
export function handAfter(commands: readonly string[], hand: Hand): Hand {
  const last = commands.findLast((one) => /^(open|close)\b/.test(one))
  if (last === undefined) return hand
  const flags = /^open -([a-z]+)/.exec(last)?.[1] ?? ''
  return { flags, dsync: false, position: last.startsWith('open') ? 0 : null }
}

/** `open` as it stands in a line. */
export const opening = (flags: string): string => (flags === '' ? 'open' : `open -${flags}`)
